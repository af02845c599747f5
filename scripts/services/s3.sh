# An object store that speaks S3 (moto, in memory): it checks signatures, and conditions of writes, and has one bucket.

port=${GONDOLA_S3_PORT:-19090}
folder=$services_dir/s3
bucket=backups
key_id=gondola-tests

up() {
  install_packages python3 python3-venv
  mkdir -p "$folder"
  answers && return
  down
  [ -x "$folder/python/bin/python" ] || python3 -m venv "$folder/python"
  "$folder/python/bin/pip" install --quiet --disable-pip-version-check 'moto[iam,s3,server]==5.2.5' >"$folder/log" 2>&1 ||
    fail_as_told "$folder/log" "cannot install moto"
  "$folder/python/bin/python" scripts/services/s3/server.py "$port" "$bucket" "$key_id" "$services_password" </dev/null >"$folder/log" 2>&1 &
  echo $! >"$folder/pid"
  wait_until 60 "the object store on port $port" answers
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

down() { end_process "$folder/pid"; }

addresses() {
  tell GONDOLA_TEST_S3 "http://127.0.0.1:$port"
  tell GONDOLA_TEST_S3_BUCKET "$bucket"
  tell GONDOLA_TEST_S3_KEY_ID "$key_id"
  tell GONDOLA_TEST_S3_SECRET "$services_password"
}

# A mail server that takes every e-mail and writes it into a file, but for recipients that tests know by their first letters:
# bounce... is refused for ever, busy... for now.

port=${GONDOLA_SMTP_PORT:-16025}
folder=$services_dir/smtp

up() {
  install_packages python3 python3-venv
  mkdir -p "$folder/mails"
  answers && return
  [ -x "$folder/python/bin/python" ] || python3 -m venv "$folder/python"
  "$folder/python/bin/pip" install --quiet --disable-pip-version-check aiosmtpd==1.4.6 >"$folder/log" 2>&1 ||
    fail_as_told "$folder/log" "cannot install aiosmtpd"
  "$folder/python/bin/python" scripts/services/smtp/receiver.py "$port" "$folder/mails" </dev/null >"$folder/log" 2>&1 &
  echo $! >"$folder/pid"
  wait_until 30 "the mail server on port $port" answers
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

down() { end_process "$folder/pid"; }

addresses() {
  tell GONDOLA_TEST_SMTP "smtp://127.0.0.1:$port"
  tell GONDOLA_TEST_SMTP_MAILS "$folder/mails"
}

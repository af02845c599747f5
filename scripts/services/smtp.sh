# A mail server that takes every e-mail and writes it into a file, but for recipients that tests know by their first letters:
# bounce... is refused for ever, busy... for now. The next port takes it after STARTTLS and a login, the one after that by TLS and
# with a login; their certificate is of an authority that is made here.

port=${GONDOLA_SMTP_PORT:-16025}
folder=$services_dir/smtp

up() {
  install_packages python3 python3-venv openssl
  mkdir -p "$folder/mails"
  answers && return
  down
  certify >"$folder/log" 2>&1 || fail_as_told "$folder/log" "cannot make a certificate"
  [ -x "$folder/python/bin/python" ] || python3 -m venv "$folder/python"
  "$folder/python/bin/pip" install --quiet --disable-pip-version-check aiosmtpd==1.4.6 >"$folder/log" 2>&1 ||
    fail_as_told "$folder/log" "cannot install aiosmtpd"
  "$folder/python/bin/python" scripts/services/smtp/receiver.py "$port" "$folder/mails" "$folder/server.crt" "$folder/server.key" </dev/null >"$folder/log" 2>&1 &
  echo $! >"$folder/pid"
  wait_until 30 "the mail server on port $port" answers
}

# An authority, and the certificate that it gives the server for the name localhost alone.
certify() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/CN=Gondola tests" \
    -addext basicConstraints=critical,CA:TRUE -keyout "$folder/authority.key" -out "$folder/authority.crt"
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=localhost" \
    -addext subjectAltName=DNS:localhost -keyout "$folder/server.key" -out "$folder/server.csr"
  openssl x509 -req -in "$folder/server.csr" -CA "$folder/authority.crt" -CAkey "$folder/authority.key" -days 365 \
    -copy_extensions copy -out "$folder/server.crt"
}

answers() {
  local offset
  for offset in 0 1 2; do
    (exec 3<>"/dev/tcp/127.0.0.1/$((port + offset))") 2>/dev/null || return 1
  done
}

down() { end_process "$folder/pid"; }

addresses() {
  tell GONDOLA_TEST_SMTP "smtp://127.0.0.1:$port"
  tell GONDOLA_TEST_SMTP_AUTHORITY "$folder/authority.crt"
  tell GONDOLA_TEST_SMTP_MAILS "$folder/mails"
  tell GONDOLA_TEST_SMTP_STARTTLS "smtp+starttls://ana@shop.example@localhost:$((port + 1))"
  tell GONDOLA_TEST_SMTP_TLS "smtps://ana@shop.example@localhost:$((port + 2))"
}

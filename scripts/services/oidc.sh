# An OpenID Connect issuer (oidc-provider, which is certified) with a client for each role that tests log in as, and a path by
# which its keys are changed.

port=${GONDOLA_OIDC_PORT:-17190}
folder=$services_dir/oidc

up() {
  install_packages node nodejs npm
  mkdir -p "$folder"
  answers && return
  cp scripts/services/oidc/package.json scripts/services/oidc/package-lock.json scripts/services/oidc/issuer.mjs "$folder/"
  [ -e "$folder/node_modules/.package-lock.json" ] ||
    (cd "$folder" && npm ci --no-audit --no-fund) >"$folder/log" 2>&1 ||
    fail_as_told "$folder/log" "cannot install oidc-provider"
  node "$folder/issuer.mjs" "$port" "$services_password" </dev/null >"$folder/log" 2>&1 &
  echo $! >"$folder/pid"
  wait_until 60 "the issuer on port $port" answers
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

down() { end_process "$folder/pid"; }

addresses() { tell GONDOLA_TEST_OIDC "http://127.0.0.1:$port"; }

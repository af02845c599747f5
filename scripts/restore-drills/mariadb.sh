# MariaDB: a dump in one transaction, and the binary log behind it, received as it is written. A commit is answered before the
# received log has it, so the last moments before the loss may be missing.

lossless=no
install_packages mariadbd mariadb-server mariadb-client

url() { echo "mysql://{context}_$1:$services_password@127.0.0.1:$port/{context}_db"; }

# Who owns the server and enters by the socket.
owner() { if [ "$(id -u)" = 0 ]; then echo mysql; else id -un; fi; }

# client_of_server COMMAND OPTION...
client_of_server() { as_user mysql "$1" --defaults-file="$drill/my.cnf" --user="$(owner)" "${@:2}"; }
server_answers() { client_of_server mariadb-admin ping; }
server_is_gone() { ! kill -0 "$server" 2>/dev/null; }

# start_server NAME: a new one without data, with the users that Gondola has.
start_server() {
  rm -rf "${drill:?}/$1"
  own_folder mysql "$drill/$1"
  cat >"$drill/my.cnf" <<CONF
[client]
socket = $drill/$1/socket
[mariadbd]
datadir = $drill/$1/data
socket = $drill/$1/socket
pid-file = $drill/$1/pid
log-error = $drill/$1/log
bind-address = 127.0.0.1
port = $port
tmpdir = $drill/$1
server-id = 1
!include $PWD/deployment/docker/mariadb/gondola.cnf
[mariadbd]
innodb_log_file_size = 96M
binlog_format = ROW
CONF
  as_user mysql mariadb-install-db --defaults-file="$drill/my.cnf" --auth-root-authentication-method=socket \
    --auth-root-socket-user="$(owner)" --skip-test-db >"$drill/install.log" 2>&1
  as_user mysql mariadbd --defaults-file="$drill/my.cnf" >/dev/null 2>&1 </dev/null &
  wait_until 60 "MariaDB on port $port" server_answers
  server=$(cat "$drill/$1/pid")
  client_of_server mariadb <deployment/docker/mariadb/init.sql >>"$drill/install.log" 2>&1
}

start_primary() { start_server primary; }

# received as it is written, from the file in which it is now
receive_log() {
  rm -rf "$drill/binlog"
  own_folder mysql "$drill/binlog"
  local first
  first=$(client_of_server mariadb -N -e 'SHOW MASTER STATUS' | cut -f 1)
  (become mysql mariadb-binlog --read-from-remote-server --host=127.0.0.1 --port="$port" --user=superuser \
    --password="$services_password" --raw --stop-never --result-file="$drill/binlog/" "$first") >"$drill/receive.log" 2>&1 &
  started+=("$!")
}

# the dump says in which file of the binary log, and where in it, it goes on
copy_base() {
  client_of_server mariadb-dump --single-transaction --master-data=2 --databases inventory_db store_db >"$drill/base.sql"
}

lose_primary() {
  kill -9 "$server"
  wait_until 30 "the end of the server" server_is_gone
}

# restore_to [MOMENT]: the dump into a new server and the received log behind it, to its end or to a moment.
restore_to() {
  local begin file position files
  begin=$(grep -m 1 '^-- CHANGE MASTER TO' "$drill/base.sql")
  file=$(sed "s/.*MASTER_LOG_FILE='\([^']*\)'.*/\1/" <<<"$begin")
  position=$(sed 's/.*MASTER_LOG_POS=\([0-9]*\).*/\1/' <<<"$begin")
  start_server restored
  client_of_server mariadb <"$drill/base.sql"
  mapfile -t files < <(ls "$drill/binlog" | sort | awk -v first="$file" '$0 >= first')
  local until=()
  if [ -n "${1:-}" ]; then until=(--stop-datetime="$(sed 's/T/ /; s/\..*//; s/Z//' <<<"$1")"); fi
  (cd "$drill/binlog" && TZ=UTC mariadb-binlog --start-position="$position" "${until[@]}" "${files[@]}") |
    client_of_server mariadb
}

stop_restored() { lose_primary; }

end_servers() { [ -z "${server:-}" ] || kill -9 "$server" 2>/dev/null || true; }

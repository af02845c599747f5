# MariaDB: a database for each service, with a user who migrates it and one who may only use it
# (deployment/docker/mariadb).

port=${GONDOLA_MARIADB_PORT:-13306}
folder=$services_dir/mariadb

up() {
  install_packages mariadbd mariadb-server mariadb-client
  own_folder mysql "$folder"
  # large transactions spill there, and /tmp may be small
  own_folder mysql "$folder/tmp"
  write_settings
  [ -e "$folder/data/ready" ] || create
  start
}

write_settings() {
  cat >"$folder/my.cnf" <<CONF
[client]
socket = $folder/socket
[mariadbd]
datadir = $folder/data
socket = $folder/socket
pid-file = $folder/pid
log-error = $folder/log
bind-address = 127.0.0.1
port = $port
tmpdir = $folder/tmp
!include $PWD/deployment/docker/mariadb/gondola.cnf
[mariadbd]
# several of them share a disk while tests run
innodb_log_file_size = 96M
CONF
}

# Who owns the server and enters by the socket.
owner() { if [ "$(id -u)" = 0 ]; then echo mysql; else id -un; fi; }

# client COMMAND OPTION...
client() { as_user mysql "$1" --defaults-file="$folder/my.cnf" --user="$(owner)" "${@:2}"; }

answers() { client mariadb-admin ping >/dev/null 2>&1; }

start() {
  answers && return
  as_user mysql mariadbd --defaults-file="$folder/my.cnf" >/dev/null 2>&1 </dev/null &
  wait_until 60 "MariaDB on port $port" answers
}

create() {
  # half a creation cannot be continued
  down
  rm -rf "$folder/data"
  as_user mysql mariadb-install-db --defaults-file="$folder/my.cnf" --auth-root-authentication-method=socket \
    --auth-root-socket-user="$(owner)" --skip-test-db >"$folder/install.log" 2>&1 ||
    fail_as_told "$folder/install.log" "cannot create the databases of MariaDB"
  start
  client mariadb <deployment/docker/mariadb/init.sql >>"$folder/install.log" 2>&1 ||
    fail_as_told "$folder/install.log" "cannot create the users of MariaDB"
  as_user mysql touch "$folder/data/ready"
}

down() { end_process "$folder/pid"; }

process() { cat "$folder/pid"; }

# url USER: of the inventory's database.
url() { echo "mysql://$1:$services_password@127.0.0.1:$port/inventory_db"; }

addresses() {
  tell GONDOLA_TEST_MYSQL "$(url inventory_app)"
  tell GONDOLA_TEST_MYSQL_MIGRATOR "$(url inventory_migrator)"
  tell GONDOLA_TEST_MYSQL_SUPERUSER "$(url superuser)"
}

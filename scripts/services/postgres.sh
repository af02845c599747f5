# PostgreSQL: a database for each service with a role that owns it, one that migrates and one that may only use it
# (deployment/docker/postgres), and a replica that streams from it.

port=${GONDOLA_POSTGRES_PORT:-15432}
replica_port=${GONDOLA_POSTGRES_REPLICA_PORT:-15433}
folder=$services_dir/postgres
replica=$services_dir/postgres-replica

up() {
  bin=$(postgres_binaries)
  export LC_ALL=C.UTF-8
  own_folder postgres "$folder"
  [ -e "$folder/data/ready" ] || create
  start "$folder" "$port"
  [ "${GONDOLA_POSTGRES_REPLICA:-yes}" = no ] && return
  own_folder postgres "$replica"
  [ -e "$replica/data/ready" ] || create_replica
  start "$replica" "$replica_port"
  wait_until 30 "the replica's stream" streams
}

# server FOLDER COMMAND...
pg_ctl() { as_user postgres "$bin/pg_ctl" -D "$1/data" -l "$1/log" "${@:2}"; }

answers() { "$bin/pg_isready" --quiet --host 127.0.0.1 --port "$1"; }

start() {
  pg_ctl "$1" status >/dev/null && answers "$2" && return
  # after a kill -9 the children of the old one are still leaving for a moment
  for _ in $(seq 20); do
    pg_ctl "$1" -w -t 60 start >/dev/null 2>&1 && break
    sleep 0.5
  done
  wait_until 60 "PostgreSQL on port $2" answers "$2"
}

# query PORT SQL
query() {
  PGPASSWORD=$services_password PGCONNECT_TIMEOUT=5 "$bin/psql" --no-psqlrc --quiet --tuples-only --no-align \
    --host 127.0.0.1 --port "$1" --username postgres --dbname postgres --command "$2"
}

streams() { [ "$(query "$replica_port" "SELECT status FROM pg_stat_wal_receiver")" = streaming ]; }

create() {
  rm -rf "$folder/data"
  echo "$services_password" >"$folder/password"
  as_user postgres "$bin/initdb" -D "$folder/data" -U postgres --pwfile="$folder/password" -A scram-sha-256 \
    --data-checksums --encoding=UTF8 --locale=C.UTF-8 >"$folder/initdb.log"
  cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 400
shared_buffers = 256MB
max_wal_size = 2GB
wal_level = replica
hot_standby = on
password_encryption = scram-sha-256
CONF
  start "$folder" "$port"
  PGPASSWORD=$services_password "$bin/psql" --no-psqlrc --quiet --host 127.0.0.1 --port "$port" --username postgres \
    --file deployment/docker/postgres/init.sql >"$folder/init.log" 2>&1 || fail_as_told "$folder/init.log" "cannot create the databases of PostgreSQL"
  as_user postgres touch "$folder/data/ready"
}

create_replica() {
  rm -rf "$replica/data"
  printf '127.0.0.1:%s:*:replicator:%s\n' "$port" "$services_password" >"$replica/pgpass"
  chmod 600 "$replica/pgpass"
  if [ "$(id -u)" = 0 ]; then chown postgres "$replica/pgpass"; fi
  query "$port" "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'replica'"
  as_user postgres env PGPASSFILE="$replica/pgpass" "$bin/pg_basebackup" -D "$replica/data" -R -X stream -c fast -C -S replica \
    -d "host=127.0.0.1 port=$port user=replicator application_name=replica" >"$replica/backup.log" 2>&1 ||
    fail_as_told "$replica/backup.log" "cannot copy the primary"
  printf 'port = %s\nhot_standby_feedback = on\n' "$replica_port" >>"$replica/data/postgresql.conf"
}

down() {
  bin=$(postgres_binaries)
  for one in "$replica" "$folder"; do
    [ -d "$one/data" ] && pg_ctl "$one" -m fast -w stop >/dev/null 2>&1 || true
  done
}

process() { head -n 1 "$folder/data/postmaster.pid"; }

containers() {
  echo postgres
  [ "${GONDOLA_POSTGRES_REPLICA:-yes}" = no ] || echo postgres-replica
}

# url USER PORT: of the inventory's database.
url() { echo "postgres://$1:$services_password@127.0.0.1:$2/inventory_db"; }

addresses() {
  tell GONDOLA_TEST_POSTGRES "$(url inventory_app "$port")"
  tell GONDOLA_TEST_POSTGRES_MIGRATOR "$(url inventory_migrator "$port")"
  tell GONDOLA_TEST_POSTGRES_SUPERUSER "$(url postgres "$port")"
  [ "${GONDOLA_POSTGRES_REPLICA:-yes}" = no ] || tell GONDOLA_TEST_POSTGRES_REPLICA "$(url inventory_app "$replica_port")"
}

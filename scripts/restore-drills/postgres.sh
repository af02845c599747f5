# PostgreSQL: a base backup, and the write-ahead log behind it, received as it is written. A commit is answered when the received
# log has it too, so nothing that was acknowledged is lost.

lossless=yes
bin=$(postgres_binaries)
export PGPASSWORD=$services_password

pg_ctl() { as_user postgres "$bin/pg_ctl" -D "$drill/$1" -l "$drill/log" "${@:2}" >/dev/null; }
query() { "$bin/psql" --no-psqlrc -qtA -h 127.0.0.1 -p "$port" -U postgres -d postgres -c "$1"; }
promoted() { [ "$(query 'SELECT pg_is_in_recovery()')" = f ]; }
url() { echo "postgres://{context}_$1:$services_password@127.0.0.1:$port/{context}_db"; }

start_primary() {
  own_folder postgres "$drill/wal"
  own_folder postgres "$drill/base"
  own_folder postgres "$drill/primary"
  touch "$drill/log"
  if [ "$(id -u)" = 0 ]; then chown postgres "$drill/log"; fi
  echo "$services_password" >"$drill/password"
  as_user postgres "$bin/initdb" -D "$drill/primary" -U postgres --pwfile="$drill/password" -A scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 >"$drill/initdb.log"
  cat >>"$drill/primary/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
wal_level = replica
password_encryption = scram-sha-256
CONF
  pg_ctl primary -w start
  "$bin/psql" --no-psqlrc -q -h 127.0.0.1 -p "$port" -U postgres -f deployment/docker/postgres/init.sql >"$drill/init.log" 2>&1
}

receive_log() {
  query "SELECT pg_create_physical_replication_slot('drill', true)" >/dev/null
  (become postgres env PGPASSWORD="$services_password" "$bin/pg_receivewal" -D "$drill/wal" -S drill --synchronous \
    -d "host=127.0.0.1 port=$port user=postgres") >"$drill/receivewal.log" 2>&1 &
  started+=("$!")
  query "ALTER SYSTEM SET synchronous_standby_names = 'pg_receivewal'"
  query "SELECT pg_reload_conf()" >/dev/null
}

copy_base() {
  as_user postgres env PGPASSWORD="$services_password" "$bin/pg_basebackup" -D "$drill/base" -X none -c fast \
    -d "host=127.0.0.1 port=$port user=postgres" >"$drill/basebackup.log" 2>&1
}

lose_primary() { pg_ctl primary -m immediate stop; }

# restore_to [MOMENT]: the base backup and the received log behind it, to its end or to a moment as in 2026-11-28T12:00:00.000Z.
restore_to() {
  rm -rf "$drill/restored"
  own_folder postgres "$drill/restored"
  as_user postgres cp -a "$drill/base/." "$drill/restored"
  chmod 700 "$drill/restored"
  printf '%s\n' "restore_command = 'cp $drill/wal/%f %p 2>/dev/null || cp $drill/wal/%f.partial %p'" \
    "recovery_target_action = 'promote'" >>"$drill/restored/postgresql.conf"
  if [ -n "${1:-}" ]; then
    local target=${1/T/ }
    echo "recovery_target_time = '${target/Z/+00}'" >>"$drill/restored/postgresql.conf"
  fi
  # nobody receives the log of this one
  echo "synchronous_standby_names = ''" >>"$drill/restored/postgresql.auto.conf"
  as_user postgres touch "$drill/restored/recovery.signal"
  pg_ctl restored -w -t 120 start
  wait_until 120 "the recovery" promoted
}

stop_restored() { pg_ctl restored -m immediate stop; }

end_servers() {
  local data
  for data in primary restored; do
    [ -e "$drill/$data/postmaster.pid" ] && pg_ctl "$data" -m immediate stop || true
  done
}

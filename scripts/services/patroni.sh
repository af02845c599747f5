# PostgreSQL that fails over: two servers under Patroni, one the synchronous standby of the other, with etcd to agree in, and
# HAProxy in front, which sends clients to whichever is the primary.

etcd_port=${GONDOLA_ETCD_PORT:-15611}
etcd_peer_port=${GONDOLA_ETCD_PEER_PORT:-15612}
port=${GONDOLA_PATRONI_PORT:-15700}
folder=$services_dir/patroni
nodes=(1 2)

up() {
  bin=$(postgres_binaries)
  export LC_ALL=C.UTF-8
  install_packages etcd etcd-server
  install_packages patroni patroni
  install_packages haproxy haproxy
  own_folder postgres "$folder"
  start etcd "$folder" etcd --name one --data-dir "$folder/etcd" \
    --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
    --listen-peer-urls "http://127.0.0.1:$etcd_peer_port" --initial-advertise-peer-urls "http://127.0.0.1:$etcd_peer_port" \
    --initial-cluster "one=http://127.0.0.1:$etcd_peer_port" --initial-cluster-state new
  wait_until 30 "etcd on port $etcd_port" curl --silent --fail "http://127.0.0.1:$etcd_port/health"
  local node
  for node in "${nodes[@]}"; do
    own_folder postgres "$folder/node$node"
    write_settings "$node"
    start "patroni$node" "$folder/node$node" patroni "$folder/node$node/patroni.yml"
    # the first one makes the cluster, the other copies it
    wait_until 120 "PostgreSQL under Patroni on port $((port + node))" has_role "$node" readiness
  done
  write_door
  start haproxy "$folder" haproxy -db -f "$folder/haproxy.cfg"
  wait_until 120 "a primary with a synchronous standby" is_synchronous
}

# start NAME FOLDER COMMAND...: starts a process as the user of PostgreSQL, unless it is alive.
start() {
  local name=$1 where=$2
  shift 2
  grep -qs "$folder" "/proc/$(cat "$folder/$name.pid" 2>/dev/null)/cmdline" && return
  (cd "$where" && become postgres "$@") >>"$folder/$name.log" 2>&1 </dev/null &
  echo $! >"$folder/$name.pid"
}

# has_role NODE ROLE: what Patroni says of a server.
has_role() { curl --silent --fail "http://127.0.0.1:$((port + 10 + $1))/$2"; }

is_synchronous() {
  [ "$(PGPASSWORD=$services_password PGCONNECT_TIMEOUT=5 "$bin/psql" --no-psqlrc --quiet --tuples-only --no-align --host 127.0.0.1 --port "$port" \
    --username postgres --dbname postgres --command "SELECT sync_state FROM pg_stat_replication")" = sync ]
}

write_settings() {
  local node=$1 own=$folder/node$1
  cat >"$own/patroni.yml" <<CONF
scope: gondola
namespace: /service/
name: node$node
restapi: { listen: "127.0.0.1:$((port + 10 + node))", connect_address: "127.0.0.1:$((port + 10 + node))" }
etcd3: { hosts: ["127.0.0.1:$etcd_port"] }
bootstrap:
  dcs:
    # the lowest that is allowed
    ttl: 20
    loop_wait: 2
    retry_timeout: 5
    maximum_lag_on_failover: 1048576
    # the standby takes over, instead of a start in the same place
    primary_start_timeout: 0
    synchronous_mode: true
    failsafe_mode: true
    postgresql: { use_pg_rewind: true, use_slots: true, parameters: { max_connections: 200, wal_keep_size: 128MB, wal_log_hints: "on" } }
  initdb: [ { encoding: UTF8 }, { locale: C.UTF-8 }, data-checksums ]
  pg_hba: [ "host replication replicator 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 scram-sha-256" ]
postgresql:
  listen: 127.0.0.1:$((port + node))
  connect_address: 127.0.0.1:$((port + node))
  data_dir: $own/data
  bin_dir: $bin
  pgpass: $own/pgpass
  parameters: { unix_socket_directories: "", password_encryption: scram-sha-256, shared_buffers: 128MB }
  authentication:
    superuser: { username: postgres, password: $services_password }
    replication: { username: replicator, password: $services_password }
    rewind: { username: rewinder, password: $services_password }
CONF
  chmod 600 "$own/patroni.yml"
  if [ "$(id -u)" = 0 ]; then chown postgres "$own/patroni.yml"; fi
}

write_door() {
  {
    cat <<CONF
defaults
  mode tcp
  timeout connect 1s
  timeout client 1h
  timeout server 1h
listen primary
  bind 127.0.0.1:$port
  option httpchk OPTIONS /primary
  http-check expect status 200
  # patient with a busy machine: a primary that is gone refuses the connection at once
  timeout check 5s
  default-server inter 1s fall 3 rise 1 on-marked-down shutdown-sessions
CONF
    local node
    for node in "${nodes[@]}"; do
      echo "  server node$node 127.0.0.1:$((port + node)) check port $((port + 10 + node))"
    done
  } >"$folder/haproxy.cfg"
}

down() {
  local name
  for name in haproxy patroni1 patroni2 etcd; do end_process "$folder/$name.pid"; done
}

addresses() {
  tell GONDOLA_TEST_PATRONI "postgres://postgres:$services_password@127.0.0.1:$port/postgres"
  # where each Patroni says what its server is
  tell GONDOLA_TEST_PATRONI_NODES "127.0.0.1:$((port + 11)),127.0.0.1:$((port + 12))"
}

# Redis: one node, and a cluster of three masters.

port=${GONDOLA_REDIS_PORT:-16379}
cluster_port=${GONDOLA_REDIS_CLUSTER_PORT:-16381} # of the first of three, which follow each other
bus_port=${GONDOLA_REDIS_BUS_PORT:-16391}         # likewise, for the nodes among themselves
folder=$services_dir/redis

up() {
  install_packages redis-server redis-server
  start "$port"
  for node in 0 1 2; do
    start $((cluster_port + node)) --cluster-enabled yes --cluster-config-file nodes.conf \
      --cluster-node-timeout 3000 --cluster-port $((bus_port + node)) --masterauth "$services_password"
  done
  # nodes that were stopped know each other, and find each other again
  if is_alone; then join; fi
  wait_until 30 "the Redis cluster" is_whole
}

client() { REDISCLI_AUTH=$services_password redis-cli -h 127.0.0.1 -p "$@"; }

answers() { [ "$(client "$1" ping)" = PONG ]; }

is_alone() { client "$cluster_port" cluster info | grep -q "^cluster_known_nodes:1\b"; }

is_whole() { client "$cluster_port" cluster info | grep -q cluster_state:ok; }

# start PORT OPTION...: a node with a folder of its own.
start() {
  local node=$folder/$1
  answers "$1" 2>/dev/null && return
  mkdir -p "$node"
  redis-server --bind 127.0.0.1 --port "$1" --dir "$node" --daemonize yes --pidfile "$node/pid" --logfile "$node/log" \
    --save '' --appendonly no --maxmemory 256mb --maxmemory-policy allkeys-lfu --requirepass "$services_password" "${@:2}" \
    >/dev/null
  wait_until 30 "Redis on port $1" answers "$1"
}

join() {
  client "$cluster_port" --cluster create "127.0.0.1:$cluster_port" "127.0.0.1:$((cluster_port + 1))" \
    "127.0.0.1:$((cluster_port + 2))" --cluster-replicas 0 --cluster-yes >"$folder/cluster.log"
}

down() {
  for node in "$folder"/*/; do
    end_process "${node}pid"
  done
}

addresses() {
  local at=":$services_password@127.0.0.1"
  tell GONDOLA_TEST_REDIS "redis://$at:$port"
  tell GONDOLA_TEST_REDIS_CLUSTER "redis-cluster://$at:$cluster_port?node=127.0.0.1:$((cluster_port + 1))&node=127.0.0.1:$((cluster_port + 2))"
}

#!/usr/bin/env bash
# The container of Redis: one node, and three that are a cluster. `check` says whether all of them answer.
set -euo pipefail

nodes=("$CLUSTER_PORT" "$((CLUSTER_PORT + 1))" "$((CLUSTER_PORT + 2))")

client() { redis-cli -h 127.0.0.1 -p "$@"; }

answers() { [ "$(client "$1" ping 2>/dev/null)" = PONG ]; }

is_whole() { client "$CLUSTER_PORT" cluster info | grep -q cluster_state:ok; }

if [ "${1:-}" = check ]; then
  answers "$NODE_PORT" && is_whole
  exit
fi

# start PORT OPTION...
start() {
  mkdir -p "$1"
  redis-server --port "$1" --dir "$PWD/$1" --save '' --appendonly no --maxmemory 256mb --maxmemory-policy allkeys-lfu \
    --requirepass "$REDISCLI_AUTH" "${@:2}" &
}

trap 'kill $(jobs -p)' TERM INT
start "$NODE_PORT"
for node in "${nodes[@]}"; do
  start "$node" --cluster-enabled yes --cluster-config-file nodes.conf --cluster-node-timeout 3000 \
    --cluster-announce-ip 127.0.0.1 --masterauth "$REDISCLI_AUTH"
done
for node in "${nodes[@]}"; do
  until answers "$node"; do sleep 0.1; done
done
# nodes that were stopped know each other, and find each other again
if client "$CLUSTER_PORT" cluster info | grep -q "^cluster_known_nodes:1\b"; then
  client "$CLUSTER_PORT" --cluster create "${nodes[@]/#/127.0.0.1:}" --cluster-replicas 0 --cluster-yes
fi
# one that has ended ends the container
wait -n

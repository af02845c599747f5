# Starts a server with demo data that asks who its callers are; to be sourced. Sets `base`, `key` and `data`, a folder that is
# removed at the end, as the server is ended. Needs `binary`.

data=$(mktemp -d)
key=$("$binary" keys create --api-keys "$data/keys.json" --name "$(basename "$0")" --role admin)
"$binary" demo --api-keys "$data/keys.json" --data-dir "$data/gondola" --listen 127.0.0.1:0 --log error >"$data/said" &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null || true; rm -rf "$data"' EXIT
# the port is one that is free, so it is read from what the server says
base=
for _ in $(seq 600); do
  base=$(sed -n 's|.*listens on \(http://[^ ]*\).*|\1|p' "$data/said")
  [ -n "$base" ] && curl --silent --fail --output /dev/null "$base/health/ready" && break
  kill -0 "$server" || { echo "the server has ended: $(cat "$data/said")" >&2; exit 1; }
  sleep 0.1
done

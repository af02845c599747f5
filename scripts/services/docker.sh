# The servers by a Docker engine: the containers of deployment/docker/compose.yaml, on the same ports as without one.

compose=(docker compose --project-name gondola-services --file deployment/docker/compose.yaml)

# containers SERVER: the containers that it consists of.
containers() {
  case $1 in
  postgres) echo postgres postgres-replica ;;
  *) echo "$1" ;;
  esac
}

docker_up() {
  local names=()
  for server in "$@"; do
    read -ra own <<<"$(containers "$server")"
    names+=("${own[@]}")
  done
  "${compose[@]}" up --detach --wait "${names[@]}"
}

docker_down() {
  read -ra own <<<"$(containers "$1")"
  "${compose[@]}" stop "${own[@]}"
}

# What the files of the servers share: where things are, how a server is started as another user, how one waits for it.
# Sourced by scripts/services-up and scripts/services-down.

services_dir=${GONDOLA_SERVICES_DIR:-target/services}
mkdir -p "$services_dir"
services_dir=$(cd "$services_dir" && pwd)

# Of test servers on loopback; not a secret.
services_password=gondola

# Every server there is, in the order in which they start.
services_all=(postgres patroni redis mariadb kafka rabbitmq varnish smtp oidc s3)

# Those that deployment/docker/compose.yaml has as well.
services_in_containers=(postgres redis mariadb kafka rabbitmq)

say() { echo "services: $*"; }

fail() {
  echo "services: $*" >&2
  exit 1
}

# fail_as_told LOG WHAT: with the end of what a program has told, since the folder may be gone before anybody looks.
fail_as_told() {
  tail -n 20 "$1" >&2 2>/dev/null || true
  fail "$2; more of it is in $1 ($(df -h --output=avail "$services_dir" | tail -n 1 | tr -d ' ') of disk free)"
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# is_container SERVER: whether it is a container. It is where a Docker engine runs, unless GONDOLA_SERVICES is `packages`.
is_container() {
  case " ${services_in_containers[*]} " in *" $1 "*) ;; *) return 1 ;; esac
  case ${GONDOLA_SERVICES:-} in
  docker) return 0 ;;
  packages) return 1 ;;
  '') docker version --format '{{.Server.Version}}' >/dev/null 2>&1 ;;
  *) fail "GONDOLA_SERVICES is '$GONDOLA_SERVICES': write docker or packages, or leave it out" ;;
  esac
}

# Containers of one folder of servers do not meet those of another.
compose() {
  docker compose --project-name "gondola-$(cksum <<<"$services_dir" | cut -d ' ' -f 1)" \
    --file deployment/docker/compose.yaml "$@"
}

# What a server's file may define otherwise: its containers, and what is to be done once they answer.
containers() { echo "$server"; }
after_container() { :; }

# install_packages COMMAND PACKAGE...: installs Debian packages unless the command is there already.
install_packages() {
  local wanted=$1
  shift
  [ -x "$wanted" ] || command -v "$wanted" >/dev/null && return
  command -v apt-get >/dev/null || fail "$wanted is missing, and there is no apt-get: install $*"
  say "installing $*"
  # no package starts a system service of its own
  [ -e /usr/sbin/policy-rc.d ] || printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
  as_root chmod +x /usr/sbin/policy-rc.d
  {
    as_root apt-get -o DPkg::Lock::Timeout=300 update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "$@"
  } >"$services_dir/apt.log" 2>&1 || fail_as_told "$services_dir/apt.log" "cannot install $*"
}

# The programs of the newest PostgreSQL that is installed; installs one if there is none.
postgres_binaries() {
  local newest='ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1'
  [ -n "$(eval "$newest")" ] || install_packages postgres postgresql >&2
  eval "$newest"
}

# as_user USER COMMAND...: servers refuse to run as root. `setpriv` execs, so that the pid is the server's own.
as_user() {
  local user=$1
  shift
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid="$user" --regid="$user" --init-groups "$@"
  else
    "$@"
  fi
}

# become USER COMMAND...: the same in place of this shell, so that its pid is the server's.
become() {
  local user=$1
  shift
  if [ "$(id -u)" = 0 ]; then
    exec setpriv --reuid="$user" --regid="$user" --init-groups "$@"
  else
    exec "$@"
  fi
}

# own_folder USER FOLDER: makes a folder that a server's user may write.
own_folder() {
  mkdir -p "$2"
  if [ "$(id -u)" = 0 ]; then chown "$1:$1" "$2"; fi
}

# wait_until SECONDS WHAT COMMAND...: until the command succeeds; if it does not, the end of the server's log is told.
wait_until() {
  local seconds=$1 what=$2
  shift 2
  for _ in $(seq $((seconds * 5))); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  fail_as_told "${folder:-$services_dir}/log" "$what did not answer within $seconds s"
}

# end_process FILE: asks the process with the pid in a file to end, and waits until it is gone or only its parent is missing.
end_process() {
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 0
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 300); do
    case $(ps -o stat= -p "$pid") in '' | Z*) break ;; esac
    sleep 0.1
  done
  rm -f "$1"
}

# tell NAME VALUE: a line of target/services/env, which tests and make read.
tell() { echo "$1=$2" >>"$services_dir/env.new"; }

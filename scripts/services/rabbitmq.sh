# RabbitMQ: one node with quorum queues, its management API on a port of its own.

port=${GONDOLA_RABBITMQ_PORT:-16672}
management_port=${GONDOLA_RABBITMQ_MANAGEMENT_PORT:-16673}
distribution_port=${GONDOLA_RABBITMQ_DISTRIBUTION_PORT:-16675}
epmd_port=${GONDOLA_RABBITMQ_EPMD_PORT:-16676}
folder=$services_dir/rabbitmq

up() {
  install_packages /usr/lib/rabbitmq/bin/rabbitmq-server rabbitmq-server
  install_packages curl curl
  own_folder rabbitmq "$folder"
  answers >/dev/null && return
  cat >"$folder/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$port
management.tcp.ip = 127.0.0.1
management.tcp.port = $management_port
log.console = true
log.file = false
$(cat deployment/docker/rabbitmq/gondola.conf)
default_user = gondola
default_pass = $services_password
CONF
  echo '[rabbitmq_management].' >"$folder/enabled_plugins"
  as_user rabbitmq env HOME="$folder" RABBITMQ_NODENAME=gondola@localhost RABBITMQ_CONF_ENV_FILE=/dev/null \
    RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins" \
    RABBITMQ_MNESIA_BASE="$folder/mnesia" RABBITMQ_LOG_BASE="$folder" RABBITMQ_PID_FILE="$folder/pid" \
    RABBITMQ_DIST_PORT="$distribution_port" ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1 \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none" \
    /usr/lib/rabbitmq/bin/rabbitmq-server >"$folder/log" 2>&1 </dev/null &
  wait_until 120 "RabbitMQ on port $port" answers
}

answers() {
  curl --silent --fail --max-time 5 --user "gondola:$services_password" \
    "http://127.0.0.1:$management_port/api/health/checks/local-alarms"
}

down() {
  end_process "$folder/pid"
  # refused while a node lives
  ERL_EPMD_PORT=$epmd_port epmd -port "$epmd_port" -kill >/dev/null 2>&1 || true
}

process() { cat "$folder/pid"; }

addresses() {
  tell GONDOLA_TEST_RABBITMQ "amqp://gondola:$services_password@127.0.0.1:$port"
}

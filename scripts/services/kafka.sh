# Apache Kafka: one broker that is its own controller (KRaft), from the jars that Maven brings.

port=${GONDOLA_KAFKA_PORT:-15092}
controller_port=${GONDOLA_KAFKA_CONTROLLER_PORT:-15093}
folder=$services_dir/kafka
options=(-Xms96m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:MaxDirectMemorySize=96m)

up() {
  install_packages java openjdk-17-jre-headless
  install_packages mvn maven
  mkdir -p "$folder"
  [ -e "$folder/lib/ready" ] || fetch
  write_settings
  [ -e "$folder/data/meta.properties" ] || format
  is_alive || start
  wait_until 180 "Kafka on port $port" is_started
}

# The process with the noted pid, if it is the broker and not another one that has got the number since.
is_alive() {
  local pid
  pid=$(cat "$folder/pid" 2>/dev/null) && grep -qs kafka.Kafka "/proc/$pid/cmdline"
}

# The broker says so when it takes requests; a client of its own would be a Java machine for each look.
is_started() { is_alive && grep -q "Kafka Server started" "$folder/log"; }

start() {
  (cd "$folder" && exec java "${options[@]}" -Dlog4j2.configurationFile=log4j2.yaml -cp 'lib/*' kafka.Kafka broker.properties) \
    >"$folder/log" 2>&1 </dev/null &
  echo $! >"$folder/pid"
}

fetch() {
  say "fetching the jars of Kafka"
  (cd scripts/services/kafka && mvn --quiet --batch-mode --no-transfer-progress dependency:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$folder/lib") >"$folder/fetch.log" 2>&1 || fail_as_told "$folder/fetch.log" "cannot fetch Kafka"
  touch "$folder/lib/ready"
}

write_settings() {
  cp scripts/services/kafka/log4j2.yaml "$folder/log4j2.yaml"
  cat >"$folder/broker.properties" <<CONF
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:$controller_port
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller_port
advertised.listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller_port
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=$folder/data
# a busy machine is no reason for a broker to part from itself; one that was killed registers again when the session of
# its predecessor has ended, so it must be patient for longer than that (both are 60 s otherwise, and one in a few gives up)
broker.session.timeout.ms=30000
initial.broker.registration.timeout.ms=150000
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=16777216
offsets.topic.num.partitions=5
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=5
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
CONF
}

format() {
  local id
  id=$(head -c16 /dev/urandom | base64 | tr '+/' '-_' | tr -d =)
  (cd "$folder" && java -Xmx96m -XX:TieredStopAtLevel=1 -Dlog4j2.configurationFile=log4j2.yaml -cp 'lib/*' \
    kafka.tools.StorageTool format -t "$id" -c broker.properties --standalone --ignore-formatted) \
    >"$folder/format.log" 2>&1 || fail_as_told "$folder/format.log" "cannot format the storage of Kafka"
}

down() { end_process "$folder/pid"; }

process() { cat "$folder/pid"; }

# Its container has the tools that tests read with, which need Java here.
after_container() {
  install_packages java openjdk-17-jre-headless
  [ -e "$folder/lib/ready" ] && return
  mkdir -p "$folder/lib"
  compose cp kafka:/opt/kafka/libs/. "$folder/lib"
  touch "$folder/lib/ready"
}

addresses() {
  tell GONDOLA_TEST_KAFKA "127.0.0.1:$port"
  # the tools that come with it, for a reader that is not the product's
  tell GONDOLA_TEST_KAFKA_JARS "$folder/lib/*"
}

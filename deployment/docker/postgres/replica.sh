#!/usr/bin/env bash
# The container of the replica: a copy of the primary is made once, then what the primary writes is streamed.
set -euo pipefail

data=/var/lib/postgresql/data
if [ ! -e "$data/ready" ]; then
  # half a copy cannot be continued
  find "$data" -mindepth 1 -delete
  psql --host postgres --username postgres --quiet --command \
    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'replica'"
  pg_basebackup -D "$data" -R -X stream -c fast -C -S replica \
    -d "host=postgres user=replicator password=$PGPASSWORD application_name=replica"
  chmod 700 "$data"
  touch "$data/ready"
fi
exec postgres -D "$data" -c hba_file=/etc/gondola/pg_hba.conf -c listen_addresses='*' -c max_connections=400 \
  -c hot_standby_feedback=on

-- The tables of an event store, and the only way to append to it.
--
-- Times are milliseconds since 1970, UTC. Text is kept as `text`, which changes no byte of it. Only the owner of these tables
-- may write events and claims by hand: who uses the schema has append_group, which takes the log's lock first.

CREATE TABLE log (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  incarnation uuid    NOT NULL
);

CREATE TABLE streams (
  id   uuid PRIMARY KEY, -- UUIDv5 of the name
  name text COLLATE "C" NOT NULL
);

CREATE TABLE events (
  position       bigint  PRIMARY KEY, -- from 1, without gaps, in the order of the commits
  version        bigint  NOT NULL,    -- from 1, without gaps within the stream
  recorded_at    bigint  NOT NULL,
  occurred_at    bigint  NOT NULL,
  stream         uuid    NOT NULL,
  event_id       uuid    NOT NULL,
  correlation_id uuid    NOT NULL,
  causation_id   uuid    NOT NULL,    -- the command
  schema_version integer NOT NULL,
  event_type     text    NOT NULL,
  actor          text    NOT NULL,
  data           text    NOT NULL,    -- JSON
  personal       text,                -- JSON
  UNIQUE (stream, version)
);

CREATE TABLE claims (
  namespace  text COLLATE "C" NOT NULL,
  key        text COLLATE "C" NOT NULL,
  value      text   NOT NULL,
  expires_at bigint,          -- the key is free at and after it; null: never
  position   bigint NOT NULL, -- of the last event of the transaction that took or last renewed it
  PRIMARY KEY (namespace, key)
);
CREATE INDEX claims_by_end ON claims (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE snapshots (
  stream         uuid    NOT NULL,
  schema_version integer NOT NULL,
  version        bigint  NOT NULL,
  position       bigint  NOT NULL,
  recorded_at    bigint  NOT NULL,
  state          text    NOT NULL, -- JSON
  PRIMARY KEY (stream, schema_version, version)
);

CREATE TABLE checkpoints (
  subscriber text COLLATE "C" PRIMARY KEY,
  position   bigint NOT NULL
);

-- The second key of the advisory lock of this log; the first one is the same for all logs.
CREATE FUNCTION log_lock() RETURNS integer LANGUAGE sql STABLE SET search_path FROM CURRENT
  RETURN 'events'::regclass::oid::integer;

-- Where appends to this log are announced, with the position of its end.
CREATE FUNCTION log_channel() RETURNS text LANGUAGE sql STABLE SET search_path FROM CURRENT
  RETURN 'gondola_log_' || log_lock();

-- Appends groups of transactions, as the event store port says: each transaction whole or not at all, in order. All of it is
-- one statement, so there is nothing that a client could leave open.
--
-- Lists of the same prefix belong together; numbers that name an item of another list count from 1.
CREATE FUNCTION append_group(
  -- the streams that are named, each once; a name where the stream may begin
  stream_ids uuid[], stream_names text[],
  -- the keys that are named, each once
  key_namespaces text[], key_names text[],
  -- the transactions: the call that each is of, its metadata, and how many items of the following lists are its own
  t_call integer[], t_recorded_at bigint[], t_actor text[], t_correlation_id uuid[], t_causation_id uuid[],
  t_keys integer[], t_expectations integer[], t_events integer[],
  -- keys that must be free (0), are claimed (1) or renewed (2)
  k_key integer[], k_kind smallint[], k_value text[], k_expires_at bigint[],
  -- the versions that streams must have, and those that they get, null where one is only guarded
  x_stream integer[], x_expected bigint[], x_becomes bigint[],
  -- the events
  e_transaction integer[], e_stream integer[], e_version bigint[], e_id uuid[], e_type text[], e_schema_version integer[],
  e_occurred_at bigint[], e_data text[], e_personal text[],
  -- where the log ended before
  OUT log_end bigint,
  -- the refused transactions, why (0: a key is taken, 1: another version, 2: superseded), which of its keys or expectations
  -- it was, the version that the stream has, and what holds the key
  OUT r_transaction integer[], OUT r_reason smallint[], OUT r_check integer[], OUT r_actual bigint[],
  OUT r_value text[], OUT r_expires_at bigint[], OUT r_position bigint[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
  last       bigint;
  stored     bigint[];  -- versions of the streams before
  versions   bigint[];  -- and so far
  superseded integer[] := array_fill(0, ARRAY[cardinality(stream_ids)]); -- the call in which one on the stream was refused
  held       bigint[];  -- the claims of the keys so far: position, null when there is none,
  held_value text[];
  held_until bigint[];
  taken      boolean[] := array_fill(false, ARRAY[cardinality(key_names)]); -- and whether it was taken here
  admitted   boolean[] := array_fill(false, ARRAY[cardinality(t_call)]);
  k_before   integer := 0;
  x_before   integer := 0;
  reason     smallint;
  checked    integer;   -- which key or expectation it was
  item       integer;
BEGIN
  -- first of all: an append that waits here has read nothing yet, and commits come in the order of positions
  PERFORM pg_advisory_xact_lock(1735356004, log_lock());
  SELECT coalesce(max(position), 0) INTO last FROM events;
  log_end := last;
  SELECT array_agg(coalesce(
      (SELECT e.version FROM events e WHERE e.stream = s.id ORDER BY e.version DESC LIMIT 1), 0) ORDER BY s.place)
    INTO stored FROM unnest(stream_ids) WITH ORDINALITY AS s(id, place);
  versions := stored;
  SELECT array_agg(c.position ORDER BY k.place), array_agg(c.value ORDER BY k.place), array_agg(c.expires_at ORDER BY k.place)
    INTO held, held_value, held_until
    FROM unnest(key_namespaces, key_names) WITH ORDINALITY AS k(namespace, name, place)
    LEFT JOIN LATERAL (SELECT * FROM claims WHERE namespace = k.namespace AND key = k.name OFFSET 0) c ON true;

  FOR t IN 1 .. cardinality(t_call) LOOP
    reason := null;
    -- a taken key is told in preference to a conflict
    FOR k IN k_before + 1 .. k_before + t_keys[t] LOOP
      item := k_key[k];
      IF held[item] IS NOT NULL
        AND (held_until[item] IS NULL OR t_recorded_at[t] < held_until[item])
        AND (k_kind[k] <> 2 OR held_value[item] <> k_value[k])
      THEN
        reason := 0;
        checked := k;
        EXIT;
      END IF;
    END LOOP;
    IF reason IS NULL THEN
      FOR x IN x_before + 1 .. x_before + t_expectations[t] LOOP
        item := x_stream[x];
        checked := x;
        IF superseded[item] = t_call[t] THEN
          reason := 2;
          EXIT;
        ELSIF versions[item] <> x_expected[x] THEN
          reason := 1;
          EXIT;
        END IF;
      END LOOP;
    END IF;

    IF reason IS NULL THEN
      admitted[t] := true;
      last := last + t_events[t];
      FOR x IN x_before + 1 .. x_before + t_expectations[t] LOOP
        IF x_becomes[x] IS NOT NULL THEN
          versions[x_stream[x]] := x_becomes[x];
        END IF;
      END LOOP;
      FOR k IN k_before + 1 .. k_before + t_keys[t] LOOP
        IF k_kind[k] <> 0 THEN
          item := k_key[k];
          taken[item] := true;
          held[item] := last;
          held_value[item] := k_value[k];
          held_until[item] := k_expires_at[k];
        END IF;
      END LOOP;
    ELSE
      r_transaction := r_transaction || t;
      r_reason := r_reason || reason;
      r_check := r_check || checked;
      r_actual := r_actual || CASE WHEN reason = 1 THEN versions[item] END;
      r_value := r_value || CASE WHEN reason = 0 THEN held_value[item] END;
      r_expires_at := r_expires_at || CASE WHEN reason = 0 THEN held_until[item] END;
      r_position := r_position || CASE WHEN reason = 0 THEN held[item] END;
      FOR x IN x_before + 1 .. x_before + t_expectations[t] LOOP
        superseded[x_stream[x]] := t_call[t];
      END LOOP;
    END IF;
    k_before := k_before + t_keys[t];
    x_before := x_before + t_expectations[t];
  END LOOP;

  IF last = log_end THEN
    RETURN;
  END IF;
  INSERT INTO streams (id, name)
    SELECT s.id, s.name FROM unnest(stream_ids, stream_names, stored, versions) AS s(id, name, stored, version)
    WHERE s.stored = 0 AND s.version > 0;
  INSERT INTO events (position, version, recorded_at, occurred_at, stream, event_id, correlation_id, causation_id,
      schema_version, event_type, actor, data, personal)
    SELECT log_end + row_number() OVER (ORDER BY e.place), e.version, t_recorded_at[e.transaction], e.occurred_at,
      stream_ids[e.stream], e.id, t_correlation_id[e.transaction], t_causation_id[e.transaction], e.schema_version, e.type,
      t_actor[e.transaction], e.data, e.personal
    FROM unnest(e_transaction, e_stream, e_version, e_id, e_type, e_schema_version, e_occurred_at, e_data, e_personal)
      WITH ORDINALITY AS e(transaction, stream, version, id, type, schema_version, occurred_at, data, personal, place)
    WHERE admitted[e.transaction];
  INSERT INTO claims (namespace, key, value, expires_at, position)
    SELECT k.namespace, k.name, k.value, k.expires_at, k.position
    FROM unnest(key_namespaces, key_names, held_value, held_until, held, taken)
      AS k(namespace, name, value, expires_at, position, taken)
    WHERE k.taken
    ON CONFLICT (namespace, key)
      DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at, position = excluded.position;
  PERFORM pg_notify(log_channel(), last::text);
END $$;

-- Waits for the end of every append that the server has begun, and until what they wrote is as durable as any commit.
CREATE FUNCTION wait_for_appends() RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(1735356004, log_lock());
  -- a commit of its own is flushed, and replicated where that is asked for, after all before it
  PERFORM pg_logical_emit_message(true, 'gondola', '');
END $$;

-- Deletes claims that ended before a moment, a few at a time; the answer is how many.
CREATE FUNCTION purge_claims(ended_before bigint, at_most integer) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
  WITH ended AS (
    SELECT namespace, key FROM claims WHERE expires_at < ended_before ORDER BY expires_at LIMIT at_most
      FOR UPDATE SKIP LOCKED
  ), gone AS (
    DELETE FROM claims c USING ended e WHERE c.namespace = e.namespace AND c.key = e.key RETURNING 1
  )
  SELECT count(*) FROM gone
$$;

-- to all who may see the schema
GRANT SELECT ON log, streams, events, claims TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON snapshots, checkpoints TO PUBLIC;

-- The tables of an event store.
--
-- Times are milliseconds since 1970, UTC. What is compared is bytes: no collation has a say in it. The text of an event is kept as it
-- was sent. A statement that was applied already does no harm: the database cannot undo half a migration.

CREATE TABLE IF NOT EXISTS log (
  only_row    tinyint    NOT NULL DEFAULT 1 PRIMARY KEY CHECK (only_row = 1),
  incarnation binary(16) NOT NULL,
  position    bigint     NOT NULL DEFAULT 0 -- of the last event; who appends has this row locked
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS streams (
  id   binary(16) NOT NULL PRIMARY KEY, -- UUIDv5 of the name
  name text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS events (
  position       bigint     NOT NULL PRIMARY KEY, -- from 1, without gaps, in the order of the commits
  stream         binary(16) NOT NULL,
  version        bigint     NOT NULL, -- from 1, without gaps within the stream
  recorded_at    bigint     NOT NULL,
  occurred_at    bigint     NOT NULL,
  event_id       binary(16) NOT NULL,
  correlation_id binary(16) NOT NULL,
  causation_id   binary(16) NOT NULL, -- the command
  schema_version int        NOT NULL,
  event_type     text       CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  actor          text       CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  data           longtext   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, -- JSON
  personal       longtext   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,          -- JSON
  UNIQUE KEY stream_version (stream, version)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS claims (
  namespace  varbinary(255)  NOT NULL,
  name       varbinary(2048) NOT NULL,
  value      longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  expires_at bigint,          -- the key is free at and after it; null: never
  position   bigint NOT NULL, -- of the last event of the transaction that took or last renewed it
  PRIMARY KEY (namespace, name),
  KEY claims_by_end (expires_at)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS snapshots (
  stream         binary(16) NOT NULL,
  schema_version int        NOT NULL,
  version        bigint     NOT NULL,
  position       bigint     NOT NULL,
  recorded_at    bigint     NOT NULL,
  state          longtext   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, -- JSON
  PRIMARY KEY (stream, schema_version, version)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS checkpoints (
  subscriber varbinary(255) NOT NULL PRIMARY KEY,
  position   bigint         NOT NULL,
  epoch      bigint         NOT NULL -- of the holder that saved it; a smaller one may not save another
) ENGINE = InnoDB;

-- Who may do what only one process at a time is to do, by this server's clock.
CREATE TABLE IF NOT EXISTS leases (
  name       varbinary(255) NOT NULL PRIMARY KEY,
  holder     binary(16)     NOT NULL,
  epoch      bigint         NOT NULL, -- greater with each holder; the row outlives the lease for its sake
  expires_at datetime(6)    NOT NULL  -- UTC
) ENGINE = InnoDB;

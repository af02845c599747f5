-- A log as the program wrote it when its tables had no version: three events of two streams, and a claim.
CREATE TABLE IF NOT EXISTS meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS streams (
  id   INTEGER PRIMARY KEY, -- position of the stream's first event
  name TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS events (
  position       INTEGER PRIMARY KEY,
  stream         INTEGER NOT NULL, -- streams.id
  version        INTEGER NOT NULL, -- from 1, without gaps within the stream
  previous       INTEGER NOT NULL, -- position of the stream's event before this one, 0 for the first
  event_id       BLOB    NOT NULL,
  event_type     TEXT    NOT NULL,
  schema_version INTEGER NOT NULL,
  occurred_at    INTEGER NOT NULL, -- milliseconds since 1970, UTC
  recorded_at    INTEGER NOT NULL,
  correlation_id BLOB    NOT NULL,
  causation_id   BLOB    NOT NULL, -- the command
  actor          TEXT    NOT NULL,
  data           TEXT    NOT NULL, -- JSON
  personal       TEXT,             -- JSON
  claims         TEXT              -- JSON, on the last event of a transaction that takes claims
);
INSERT OR IGNORE INTO meta VALUES ('incarnation', '00000000-0000-0000-0000-000000000007');
INSERT INTO streams (id, name) VALUES (1, 's-1'), (2, 's-2');
INSERT INTO events VALUES
  (1, 1, 1, 0, x'00000000000000000000000000000001', 'SomethingHappenedEvent', 1, 1795348800000, 1795348800000,
   x'0000000000000000000000000000000a', x'0000000000000000000000000000000b', 'system:contract', '{"number":1}', NULL, NULL),
  (2, 2, 1, 0, x'00000000000000000000000000000002', 'SomethingHappenedEvent', 1, 1795348800000, 1795348800000,
   x'0000000000000000000000000000000a', x'0000000000000000000000000000000b', 'system:contract', '{"number":1}',
   '{"customer":"c-1"}', '[["contract","k","value of k",null]]'),
  (3, 1, 2, 1, x'00000000000000000000000000000003', 'SomethingHappenedEvent', 1, 1795348800000, 1795348800000,
   x'0000000000000000000000000000000a', x'0000000000000000000000000000000c', 'system:contract', '{"number":2}', NULL, NULL);

CREATE TABLE webhooks (
  id            BLOB    PRIMARY KEY,
  version       INTEGER NOT NULL, -- how many events it has had
  url           TEXT    NOT NULL,
  description   TEXT,
  event_types   TEXT    NOT NULL, -- JSON
  stores        TEXT,             -- JSON; NULL for all
  disabled      TEXT,             -- why; NULL while it is enabled
  failing_since INTEGER,          -- milliseconds since 1970, UTC; NULL after a success
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE webhook_events (
  webhook_id     BLOB    NOT NULL,
  version        INTEGER NOT NULL,
  event_type     TEXT    NOT NULL,
  schema_version INTEGER NOT NULL,
  data           TEXT    NOT NULL, -- JSON
  recorded_at    INTEGER NOT NULL,
  actor          TEXT    NOT NULL,
  PRIMARY KEY (webhook_id, version)
) WITHOUT ROWID;
CREATE TABLE secrets (
  webhook_id  BLOB    NOT NULL,
  version     INTEGER NOT NULL, -- of the webhook, when it was made
  secret      TEXT    NOT NULL,
  valid_until INTEGER,          -- NULL for the present one
  PRIMARY KEY (webhook_id, version)
) WITHOUT ROWID;
CREATE TABLE deliveries (
  id         BLOB    PRIMARY KEY,
  webhook_id BLOB    NOT NULL,
  event_id   BLOB    NOT NULL,
  event_type TEXT    NOT NULL,
  subject    TEXT    NOT NULL,
  payload    TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  state      TEXT    NOT NULL, -- pending, delivered or dead
  due_at     INTEGER,          -- while it is pending
  attempts   INTEGER NOT NULL, -- of all rounds
  tries      INTEGER NOT NULL, -- of this round, which a replay begins anew
  ended_at   INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX deliveries_once ON deliveries (webhook_id, event_id);
CREATE INDEX deliveries_listed ON deliveries (webhook_id, id);
CREATE INDEX deliveries_due ON deliveries (webhook_id, due_at) WHERE state = 'pending';
CREATE INDEX deliveries_dead ON deliveries (webhook_id) WHERE state = 'dead';
CREATE INDEX deliveries_ended ON deliveries (ended_at) WHERE ended_at IS NOT NULL;
CREATE TABLE attempts (
  delivery_id BLOB    NOT NULL,
  number      INTEGER NOT NULL,
  made_at     INTEGER NOT NULL,
  latency_ms  INTEGER NOT NULL,
  status      INTEGER,          -- what the receiver answered, if it did
  error       TEXT,             -- why there is no answer
  answer      TEXT,             -- the beginning of its body
  PRIMARY KEY (delivery_id, number)
) WITHOUT ROWID;
CREATE TABLE daily_figures (
  webhook_id BLOB    NOT NULL,
  day        TEXT    NOT NULL, -- UTC
  delivered  INTEGER NOT NULL,
  failed     INTEGER NOT NULL, -- attempts
  dead       INTEGER NOT NULL,
  PRIMARY KEY (webhook_id, day)
) WITHOUT ROWID;
CREATE TABLE followed_logs (
  name        TEXT    PRIMARY KEY,
  incarnation TEXT    NOT NULL,
  position    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE parked_streams (
  log      TEXT    NOT NULL,
  stream   TEXT    NOT NULL,
  applied  INTEGER NOT NULL, -- the version up to which its events are told
  position INTEGER NOT NULL, -- of the event that cannot be read
  reason   TEXT    NOT NULL,
  PRIMARY KEY (log, stream)
) WITHOUT ROWID;

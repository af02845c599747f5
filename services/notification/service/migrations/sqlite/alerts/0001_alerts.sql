CREATE TABLE journal (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  incarnation TEXT    NOT NULL, -- of the events of alerts
  position    INTEGER NOT NULL  -- of the last one
);
CREATE TABLE followed_log (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  incarnation TEXT    NOT NULL,
  position    INTEGER NOT NULL  -- up to which rules have seen its events
);
CREATE TABLE parked_streams (
  stream   TEXT    PRIMARY KEY,
  applied  INTEGER NOT NULL, -- the version up to which rules have seen its events
  position INTEGER NOT NULL, -- of the event that cannot be read
  reason   TEXT    NOT NULL
) WITHOUT ROWID;
CREATE TABLE rules (
  id         BLOB    PRIMARY KEY,
  version    INTEGER NOT NULL, -- how often it was decided about
  kind       TEXT    NOT NULL,
  threshold  INTEGER,          -- NULL where each stock level has its own
  hysteresis INTEGER NOT NULL,
  stores     TEXT,             -- JSON; NULL for everything
  severity   TEXT    NOT NULL,
  enabled    INTEGER NOT NULL,
  created_at INTEGER NOT NULL, -- milliseconds since 1970, UTC
  updated_at INTEGER NOT NULL,
  updated_by TEXT    NOT NULL
) WITHOUT ROWID;
CREATE TABLE watches (
  rule_id  BLOB    NOT NULL,
  subject  BLOB    NOT NULL,
  beyond   INTEGER NOT NULL, -- whether it was last seen beyond the threshold
  alert_id BLOB,             -- the one that is not resolved
  PRIMARY KEY (rule_id, subject)
) WITHOUT ROWID;
CREATE TABLE transits (
  transfer_id BLOB    PRIMARY KEY,
  destination TEXT    NOT NULL,
  since       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE alerts (
  id              BLOB    PRIMARY KEY,
  version         INTEGER NOT NULL, -- how many events it has had
  rule_id         BLOB    NOT NULL,
  kind            TEXT    NOT NULL,
  severity        TEXT    NOT NULL,
  subject         BLOB    NOT NULL,
  store_id        TEXT,
  product_id      BLOB,
  other_id        BLOB,             -- of the saga, or of the event of a correction
  view            TEXT,
  quantity        INTEGER NOT NULL,
  threshold       INTEGER NOT NULL,
  detail          TEXT    NOT NULL,
  opened_at       INTEGER NOT NULL,
  state           TEXT    NOT NULL, -- open, acknowledged or resolved
  resolution      TEXT,
  note            TEXT,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  resolved_at     INTEGER,
  resolved_by     TEXT
) WITHOUT ROWID;
CREATE UNIQUE INDEX alerts_once ON alerts (rule_id, subject) WHERE state <> 'resolved';
CREATE INDEX alerts_of_store ON alerts (store_id, id);
CREATE INDEX alerts_in_state ON alerts (state, id);
CREATE INDEX alerts_resolved ON alerts (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE TABLE alert_events (
  position    INTEGER PRIMARY KEY,
  event_id    BLOB    NOT NULL,
  alert_id    BLOB    NOT NULL,
  version     INTEGER NOT NULL, -- of the alert after it
  store_id    TEXT,
  event_type  TEXT    NOT NULL, -- as webhooks are told of it
  payload     TEXT    NOT NULL, -- likewise
  recorded_at INTEGER NOT NULL
);
CREATE INDEX alert_events_of_alert ON alert_events (alert_id);

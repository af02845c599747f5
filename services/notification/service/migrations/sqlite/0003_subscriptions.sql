CREATE TABLE subscriptions (
  id         BLOB    PRIMARY KEY,
  version    INTEGER NOT NULL, -- how often it was written
  channel    TEXT    NOT NULL, -- email, sms or push: that of the settings
  settings   TEXT    NOT NULL, -- JSON; has the address, which is personal data
  created_at INTEGER NOT NULL, -- milliseconds since 1970, UTC
  updated_at INTEGER NOT NULL,
  updated_by TEXT    NOT NULL
) WITHOUT ROWID;
CREATE TABLE notifications (
  id              BLOB    PRIMARY KEY,
  subscription_id BLOB    NOT NULL,
  severity        TEXT    NOT NULL, -- the highest of its events
  events          INTEGER NOT NULL, -- how many
  is_open         INTEGER NOT NULL, -- 1 while other events may join it
  created_at      INTEGER NOT NULL,
  state           TEXT    NOT NULL, -- pending, sent or dead
  due_at          INTEGER,          -- while it is pending
  attempts        INTEGER NOT NULL, -- of all rounds
  tries           INTEGER NOT NULL, -- of this round, which a replay begins anew
  ended_at        INTEGER,
  reason          TEXT,             -- why the last attempt failed
  subject         TEXT,             -- as it was last sent
  text            TEXT
) WITHOUT ROWID;
CREATE INDEX notifications_of ON notifications (subscription_id, id);
CREATE INDEX notifications_open ON notifications (subscription_id) WHERE is_open = 1;
CREATE INDEX notifications_due ON notifications (due_at) WHERE state = 'pending';
CREATE INDEX notifications_dead ON notifications (subscription_id) WHERE state = 'dead';
CREATE INDEX notifications_ended ON notifications (ended_at) WHERE ended_at IS NOT NULL;
CREATE TABLE notification_events (
  subscription_id BLOB    NOT NULL,
  event_id        BLOB    NOT NULL,
  notification_id BLOB    NOT NULL,
  number          INTEGER NOT NULL, -- its place in the notification, from 1
  event_type      TEXT    NOT NULL,
  severity        TEXT    NOT NULL,
  payload         TEXT    NOT NULL,
  PRIMARY KEY (subscription_id, event_id) -- no event is told twice
) WITHOUT ROWID;
CREATE INDEX notification_events_of ON notification_events (notification_id, number);
CREATE TABLE notification_attempts (
  notification_id BLOB    NOT NULL,
  number          INTEGER NOT NULL,
  made_at         INTEGER NOT NULL,
  latency_ms      INTEGER NOT NULL,
  reason          TEXT,             -- why it failed
  answer          TEXT,             -- what the channel said when it took it
  PRIMARY KEY (notification_id, number)
) WITHOUT ROWID;
CREATE TABLE channel_figures (
  day     TEXT    NOT NULL, -- UTC
  channel TEXT    NOT NULL,
  sent    INTEGER NOT NULL,
  failed  INTEGER NOT NULL, -- attempts
  dead    INTEGER NOT NULL,
  PRIMARY KEY (day, channel)
) WITHOUT ROWID;

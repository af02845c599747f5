CREATE TABLE order_confirmations (
  checkout_id BLOB    PRIMARY KEY,
  state       TEXT    NOT NULL, -- prepared, refused, committed or dropped
  detail      TEXT,             -- why it was refused
  prepared    TEXT,             -- JSON of what it will say, while it is prepared
  sequence    INTEGER,          -- its place among those that were committed
  changed_at  INTEGER NOT NULL  -- milliseconds since 1970, UTC
) WITHOUT ROWID;
CREATE UNIQUE INDEX order_confirmations_committed ON order_confirmations (sequence) WHERE sequence IS NOT NULL;

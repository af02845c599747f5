-- The keys of customers. It is the only way from a customer to the id in the log, and back.

CREATE TABLE customer_keys (
  customer         BLOB NOT NULL PRIMARY KEY, -- HMAC-SHA256 of the reference, under the master key
  key_id           BLOB NOT NULL UNIQUE,      -- what events and views know
  wrapped_key      BLOB NOT NULL,             -- the data key, sealed with the master key
  sealed_reference BLOB NOT NULL,             -- the reference, sealed with the data key
  created_at       INTEGER NOT NULL           -- milliseconds since 1970
) STRICT, WITHOUT ROWID;

CREATE TABLE master_key (
  only_one INTEGER NOT NULL PRIMARY KEY CHECK (only_one = 1),
  mark     BLOB NOT NULL -- tells the master key from others, and nothing about it
) STRICT;

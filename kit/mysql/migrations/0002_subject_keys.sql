-- Keys of data subjects, apart from the events, so that a subject can be forgotten and the log stays as it is.

-- What is said of all keys. One row, once there is a master key.
CREATE TABLE IF NOT EXISTS subject_key_state (
  one        tinyint       NOT NULL DEFAULT 1 PRIMARY KEY CHECK (one = 1),
  mark       varbinary(64) NOT NULL,          -- tells the master key from others
  generation bigint        NOT NULL DEFAULT 0 -- counts destroyed keys
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS subject_keys (
  subject          varbinary(64)   NOT NULL PRIMARY KEY, -- HMAC of how the subject is named
  key_id           binary(16)      NOT NULL UNIQUE,      -- what events know the subject by
  wrapped_key      varbinary(1024) NOT NULL,             -- by the master key
  sealed_reference varbinary(1024) NOT NULL,             -- by the key
  created_at       bigint          NOT NULL              -- milliseconds since 1970
) ENGINE = InnoDB;

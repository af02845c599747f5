-- Leases of singletons: who may do what only one process at a time is to do, by this server's clock.

CREATE TABLE leases (
  name       text COLLATE "C" PRIMARY KEY,
  holder     uuid        NOT NULL,
  epoch      bigint      NOT NULL, -- greater with each holder; the row outlives the lease for its sake
  expires_at timestamptz NOT NULL
);

-- The epoch of the holder that saved the checkpoint; a smaller one may not save another.
ALTER TABLE checkpoints ADD COLUMN epoch bigint NOT NULL DEFAULT 0;

GRANT SELECT, INSERT, UPDATE ON leases TO PUBLIC;

-- What all views in a schema share: who follows the log for each, how far it is, and which streams it passes over.

CREATE TABLE views_follower (
  name           text COLLATE "C" PRIMARY KEY,
  generation     bigint      NOT NULL, -- raised when rebuilt tables replace the present ones
  epoch          bigint      NOT NULL, -- raised when another process follows: who writes with an older one is refused
  holder         text        NOT NULL, -- who follows, for people
  lease_until    timestamptz NOT NULL, -- others may follow from then on
  incarnation    uuid        NOT NULL, -- the log that it was made from
  schema_version integer     NOT NULL,
  position       bigint      NOT NULL  -- complete up to here
) WITH (fillfactor = 50);

CREATE TABLE parked_streams (
  view     text COLLATE "C" NOT NULL,
  stream   text COLLATE "C" NOT NULL,
  applied  bigint NOT NULL, -- the version up to which the view has its events
  position bigint NOT NULL, -- of the event that cannot be read
  reason   text   NOT NULL,
  PRIMARY KEY (view, stream)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON views_follower, parked_streams TO PUBLIC;

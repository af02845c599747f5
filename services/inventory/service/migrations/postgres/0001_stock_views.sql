-- Stock levels and reservation lines, twice: the tables that end in 0 are those of even generations of the view `stock` (see
-- views_follower), the others those of odd ones. The spare ones are filled by a rebuild, and empty otherwise.
--
-- Times are milliseconds since 1970, UTC.

CREATE TABLE stock_levels_0 (
  store_id      uuid   NOT NULL,
  product_id    uuid   NOT NULL,
  on_hand       bigint NOT NULL,
  reserved      bigint NOT NULL,
  safety_stock  bigint NOT NULL,
  reorder_point bigint NOT NULL,
  version       bigint NOT NULL,
  position      bigint NOT NULL,
  shortfall     bigint NOT NULL,
  counted_at    bigint,
  next_deadline bigint, -- the earliest of its active lines, perhaps in the past
  PRIMARY KEY (store_id, product_id)
);
CREATE INDEX ON stock_levels_0 (product_id, store_id);

CREATE TABLE reservation_lines_0 (
  reservation_id uuid   NOT NULL,
  product_id     uuid   NOT NULL,
  store_id       uuid   NOT NULL,
  quantity       bigint NOT NULL, -- reserved at first
  committed      bigint NOT NULL,
  held           bigint NOT NULL, -- still held; 0 once it has ended
  status         bigint NOT NULL, -- 0 active, 1 committed, 2 cancelled, 3 expired, 4 partial commit, 5 shortage
  created_at     bigint NOT NULL,
  expires_at     bigint NOT NULL, -- the same in all lines of a reservation
  ended_at       bigint,
  order_id       text COLLATE "C",
  transaction_id text COLLATE "C",
  customer_id    text COLLATE "C", -- personal data
  PRIMARY KEY (reservation_id, product_id)
);
CREATE INDEX ON reservation_lines_0 (expires_at) WHERE status = 0;
CREATE INDEX ON reservation_lines_0 (store_id, product_id, expires_at, held) WHERE status = 0;
CREATE INDEX ON reservation_lines_0 (expires_at, reservation_id);
CREATE INDEX ON reservation_lines_0 (store_id, expires_at, reservation_id);
CREATE INDEX ON reservation_lines_0 (product_id, expires_at, reservation_id);
CREATE INDEX ON reservation_lines_0 (order_id, expires_at, reservation_id) WHERE order_id IS NOT NULL;
CREATE INDEX ON reservation_lines_0 (customer_id, expires_at, reservation_id) WHERE customer_id IS NOT NULL;

CREATE TABLE stock_levels_1 (LIKE stock_levels_0 INCLUDING ALL);
CREATE TABLE reservation_lines_1 (LIKE reservation_lines_0 INCLUDING ALL);

-- Which levels each batch of the last minute has changed, for the caches of all processes.
CREATE TABLE changed_levels (
  position  bigint PRIMARY KEY, -- the view's after the batch
  after     bigint NOT NULL,    -- and before it
  noted_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  stores    uuid[],             -- all three null: too many to name
  products  uuid[],
  positions bigint[]            -- of the last change of each
);

GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON stock_levels_0, stock_levels_1, reservation_lines_0, reservation_lines_1,
  changed_levels TO PUBLIC;

-- Reservations as one would write them by hand: a row for each stock level, a row for each hold.
CREATE TABLE stock (
  store_id smallint NOT NULL,
  product_id smallint NOT NULL,
  on_hand integer NOT NULL,
  reserved integer NOT NULL DEFAULT 0,
  PRIMARY KEY (store_id, product_id),
  CHECK (reserved <= on_hand)
) WITH (fillfactor = 50);

CREATE TABLE reservations (
  reservation_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  store_id smallint NOT NULL,
  product_id smallint NOT NULL,
  quantity integer NOT NULL,
  expires_at timestamptz NOT NULL
);

INSERT INTO stock (store_id, product_id, on_hand)
SELECT store, product, 100000000 FROM generate_series(1, 100) store, generate_series(1, 100) product;

VACUUM ANALYZE stock;

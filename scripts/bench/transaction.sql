-- One reservation as one transaction of two statements: pgbench draws a stock level below :levels.
\set store 1 + random(0, :levels - 1) / 100
\set product 1 + random(0, :levels - 1) % 100
BEGIN;
UPDATE stock SET reserved = reserved + 1
  WHERE store_id = :store AND product_id = :product AND on_hand - reserved >= 1;
INSERT INTO reservations (store_id, product_id, quantity, expires_at)
  VALUES (:store, :product, 1, now() + interval '5 minutes');
COMMIT;

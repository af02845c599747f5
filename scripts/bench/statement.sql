-- The same as one statement, the best form by hand: one round trip, and no hold where there is no stock.
\set store 1 + random(0, :levels - 1) / 100
\set product 1 + random(0, :levels - 1) % 100
WITH held AS (
  UPDATE stock SET reserved = reserved + 1
    WHERE store_id = :store AND product_id = :product AND on_hand - reserved >= 1
    RETURNING store_id, product_id
)
INSERT INTO reservations (store_id, product_id, quantity, expires_at)
  SELECT store_id, product_id, 1, now() + interval '5 minutes' FROM held;

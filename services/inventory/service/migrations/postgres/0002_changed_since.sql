-- Stock levels in the order of their last events, for those who ask what has changed since a position, in some stores or in all.

CREATE INDEX ON stock_levels_0 (position, store_id);
CREATE INDEX ON stock_levels_1 (position, store_id);

//! The tables, and the version of them.

use std::path::Path;

use kit_event_store::LogMark;
use kit_sqlite::{ViewFileError, ViewSchema};
use rusqlite::Connection;

/// Raised when a table or the meaning of a row changes; a file of another version is rebuilt.
pub(super) const SCHEMA_VERSION: i64 = 4;

/// The tables of a file that say something about stock.
pub(super) const TABLES: [&str; 2] = ["stock_levels", "reservation_lines"];

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS stock_levels (
  store_id      BLOB    NOT NULL,
  product_id    BLOB    NOT NULL,
  on_hand       INTEGER NOT NULL,
  reserved      INTEGER NOT NULL,
  safety_stock  INTEGER NOT NULL,
  reorder_point INTEGER NOT NULL,
  version       INTEGER NOT NULL,
  position      INTEGER NOT NULL,
  shortfall     INTEGER NOT NULL,
  counted_at    INTEGER,
  next_deadline INTEGER, -- the earliest of its active lines, perhaps in the past
  PRIMARY KEY (store_id, product_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stock_levels_by_product ON stock_levels (product_id);
CREATE INDEX IF NOT EXISTS stock_levels_by_position ON stock_levels (position);
CREATE INDEX IF NOT EXISTS levels_with_reorder_point
  ON stock_levels (store_id, product_id) WHERE reorder_point > 0;
CREATE TABLE IF NOT EXISTS reservation_lines (
  reservation_id BLOB    NOT NULL,
  product_id     BLOB    NOT NULL,
  store_id       BLOB    NOT NULL,
  quantity       INTEGER NOT NULL, -- reserved at first
  committed      INTEGER NOT NULL,
  held           INTEGER NOT NULL, -- still held; 0 once it has ended
  status         INTEGER NOT NULL, -- 0 active, 1 committed, 2 cancelled, 3 expired, 4 partial commit, 5 shortage, 6 transferred
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL, -- the same in all lines of a reservation
  ended_at       INTEGER,
  order_id       TEXT,
  transaction_id TEXT,
  customer_id    TEXT, -- personal data
  PRIMARY KEY (reservation_id, product_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS active_deadlines ON reservation_lines (expires_at) WHERE status = 0;
CREATE INDEX IF NOT EXISTS level_deadlines
  ON reservation_lines (store_id, product_id, expires_at, held) WHERE status = 0;
CREATE INDEX IF NOT EXISTS lines_by_deadline ON reservation_lines (expires_at, reservation_id);
CREATE INDEX IF NOT EXISTS lines_by_store ON reservation_lines (store_id, expires_at, reservation_id);
CREATE INDEX IF NOT EXISTS lines_by_product ON reservation_lines (product_id, expires_at, reservation_id);
CREATE INDEX IF NOT EXISTS lines_by_order
  ON reservation_lines (order_id, expires_at, reservation_id) WHERE order_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS lines_by_customer
  ON reservation_lines (customer_id, expires_at, reservation_id) WHERE customer_id IS NOT NULL;";

/// Opens a file for its one writer, to follow the log with this end; one that does not fit is begun anew.
pub(super) fn prepared(path: &Path, log: LogMark) -> Result<Connection, ViewFileError> {
    let schema = ViewSchema { version: SCHEMA_VERSION, tables: SCHEMA };
    let connection = schema.open(path, log)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

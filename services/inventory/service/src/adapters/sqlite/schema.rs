//! The tables, and the version of them.

use std::path::Path;

use kit_event_store::LogMark;
use kit_event_store::projection::ProjectionError;
use kit_sqlite::{ViewFileError, ViewSchema};
use rusqlite::Connection;

/// Raised when a table or the meaning of a row changes; a file of another version is rebuilt.
pub(super) const SCHEMA_VERSION: i64 = 2;

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
  PRIMARY KEY (store_id, product_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stock_levels_by_product ON stock_levels (product_id);
CREATE TABLE IF NOT EXISTS reservation_lines (
  reservation_id BLOB    NOT NULL,
  product_id     BLOB    NOT NULL,
  store_id       BLOB    NOT NULL,
  quantity       INTEGER NOT NULL,
  committed      INTEGER NOT NULL,
  status         INTEGER NOT NULL, -- 0 active, 1 committed, 2 cancelled, 3 expired, 4 partial commit, 5 shortage
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,
  ended_at       INTEGER,
  order_id       TEXT,
  transaction_id TEXT,
  PRIMARY KEY (reservation_id, product_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS active_deadlines ON reservation_lines (expires_at) WHERE status = 0;";

/// Opens a file for its one writer, to follow the log with this end; one that does not fit is begun anew.
pub(super) fn prepared(path: &Path, log: LogMark) -> Result<Connection, ViewFileError> {
    let schema = ViewSchema { version: SCHEMA_VERSION, tables: SCHEMA };
    let connection = schema.open(path, log)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// A file that could not be written or compared.
pub(super) fn unwritable(error: &rusqlite::Error) -> ProjectionError {
    ProjectionError::View(error.to_string())
}

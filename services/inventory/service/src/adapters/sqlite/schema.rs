//! The tables, which version of them a file has, and the files themselves.

use std::path::{Path, PathBuf};

use kit_event_store::projection::ProjectionError;
use rusqlite::Connection;

/// Raised when a table or the meaning of a row changes; a file of another version is rebuilt.
pub(super) const SCHEMA_VERSION: i64 = 3;

/// The tables of a file that say something about stock.
pub(super) const TABLES: [&str; 2] = ["stock_levels", "reservation_lines"];

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS checkpoint (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL
);
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
CREATE INDEX IF NOT EXISTS active_deadlines ON reservation_lines (expires_at) WHERE status = 0;
CREATE INDEX IF NOT EXISTS level_deadlines
  ON reservation_lines (store_id, product_id, expires_at, quantity) WHERE status = 0;";

/// Opens or creates a file for its one writer.
pub(super) fn prepared(path: &Path) -> rusqlite::Result<Connection> {
    let connection = kit_sqlite::open_view(path)?;
    connection.execute_batch(SCHEMA)?;
    connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// Whether a file is there and of another version.
pub(super) fn is_outdated(path: &Path) -> bool {
    path.exists()
        && Connection::open(path)
            .and_then(|file| file.pragma_query_value(None, "user_version", |row| row.get(0)))
            .is_ok_and(|version: i64| version != SCHEMA_VERSION)
}

/// Removes a file and what SQLite keeps beside it; a file that is not there is as good as removed.
pub(super) fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        drop(std::fs::remove_file(PathBuf::from(name)));
    }
}

/// A file that could not be written or compared.
pub(super) fn unwritable(error: &rusqlite::Error) -> ProjectionError {
    ProjectionError::View(error.to_string())
}

//! Views of stock in a file of SQLite.

use std::path::{Path, PathBuf};

use anyhow::Context;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use uuid::Uuid;

use super::failure::Failure;
use super::row::unsigned;
use super::views::{LineRow, SCHEMA_VERSION, StockLevelRow};

/// Names the file in use.
const POINTER: &str = "views.current";

const LEVELS: &str = "SELECT product_id, store_id, on_hand, reserved, safety_stock, reorder_point, \
    version, position, shortfall, counted_at FROM stock_levels";

const LINES: &str = "SELECT reservation_id, product_id, store_id, quantity, committed, status, \
    created_at, expires_at, ended_at, order_id, transaction_id, held FROM reservation_lines";

/// A level that shows another deadline than the earliest of its active lines.
const OTHER_DEADLINE: &str = "SELECT product_id, store_id FROM stock_levels AS level \
    WHERE next_deadline IS NOT (SELECT min(expires_at) FROM reservation_lines AS line \
    WHERE line.store_id = level.store_id AND line.product_id = level.product_id AND status = 0) \
    LIMIT 1";

/// A file of views as it was when it was opened; a running server may go on writing to it.
pub(super) struct SqliteViews {
    connection: Connection,
}

/// The views in use of a folder; `None` when there are none yet.
pub fn find(folder: &Path) -> anyhow::Result<Option<PathBuf>> {
    let pointer = folder.join(POINTER);
    let name = match std::fs::read_to_string(&pointer) {
        Ok(name) => name,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", pointer.display()));
        }
    };
    let path =
        folder.join(Some(name.trim()).filter(|name| !name.is_empty()).unwrap_or("views-1.db"));
    Ok(path.exists().then_some(path))
}

impl SqliteViews {
    /// Opens a file for reading and holds on to its present content; the answer has the last event that is in it.
    pub(super) fn open(path: &Path) -> anyhow::Result<(Self, u64)> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let read = || -> rusqlite::Result<(Self, u64, i64)> {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.pragma_update(None, "busy_timeout", 5_000)?;
            connection.execute_batch("BEGIN")?;
            let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            let position = connection
                .query_row("SELECT position FROM checkpoint", [], |row| unsigned(row, 0))
                .optional()?
                .unwrap_or(0);
            Ok((Self { connection }, position, version))
        };
        let (views, position, version) =
            read().with_context(|| format!("cannot read the views in {}", path.display()))?;
        anyhow::ensure!(
            version == SCHEMA_VERSION,
            "the views in {} have tables of version {version}, this program knows {SCHEMA_VERSION}: \
             start the server once to have them rebuilt",
            path.display()
        );
        Ok((views, position))
    }

    /// Hands over the stock levels.
    pub(super) fn levels(
        &mut self,
        each: &mut dyn FnMut(StockLevelRow) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut statement = self.connection.prepare(LEVELS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(level(row)?)?;
        }
        Ok(())
    }

    /// Hands over the lines of reservations.
    pub(super) fn lines(
        &mut self,
        each: &mut dyn FnMut(LineRow) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut statement = self.connection.prepare(LINES)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(line(row)?)?;
        }
        Ok(())
    }

    /// Product and store of a level that shows another deadline than the earliest of its active lines.
    pub(super) fn other_deadline(&mut self) -> rusqlite::Result<Option<(Uuid, Uuid)>> {
        let key = |row: &Row<'_>| Ok((id(row, 0)?, id(row, 1)?));
        self.connection.query_row(OTHER_DEADLINE, [], key).optional()
    }
}

fn level(row: &Row<'_>) -> rusqlite::Result<StockLevelRow> {
    Ok(StockLevelRow {
        product: id(row, 0)?,
        store: id(row, 1)?,
        on_hand: row.get(2)?,
        reserved: row.get(3)?,
        safety_stock: row.get(4)?,
        reorder_point: row.get(5)?,
        version: row.get(6)?,
        position: row.get(7)?,
        shortfall: row.get(8)?,
        counted_at: row.get(9)?,
    })
}

fn line(row: &Row<'_>) -> rusqlite::Result<LineRow> {
    Ok(LineRow {
        reservation: id(row, 0)?,
        product: id(row, 1)?,
        store: id(row, 2)?,
        quantity: row.get(3)?,
        committed: row.get(4)?,
        status: row.get(5)?,
        created_at: row.get(6)?,
        expires_at: row.get(7)?,
        ended_at: row.get(8)?,
        order: row.get(9)?,
        sale: row.get(10)?,
        held: row.get(11)?,
    })
}

fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

//! The views of stock, compared row for row with the fold of the log: I6, and I1 on what the product itself says.

use std::path::{Path, PathBuf};

use anyhow::Context;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use serde::Serialize;
use uuid::Uuid;

use super::checker::Checker;
use super::entry::{Broken, Invariant, Violation, require};
use super::failure::Failure;
use super::level::Level;
use super::lines::Status;
use super::payload;
use super::row::unsigned;

/// The version of the tables that this program can compare.
const SCHEMA_VERSION: i64 = 4;

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
pub(super) struct Views {
    connection: Connection,
    position: u64,
}

/// What was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// Up to which event of the log.
    pub position: u64,
    /// Rows of stock levels.
    pub stock_levels: usize,
    /// Rows of reservation lines.
    pub reservation_lines: usize,
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

impl Views {
    /// Opens a file for reading and holds on to its present content.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let read = || -> rusqlite::Result<(Self, i64)> {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.pragma_update(None, "busy_timeout", 5_000)?;
            connection.execute_batch("BEGIN")?;
            let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
            let position = connection
                .query_row("SELECT position FROM checkpoint", [], |row| unsigned(row, 0))
                .optional()?
                .unwrap_or(0);
            Ok((Self { connection, position }, version))
        };
        let (views, version) =
            read().with_context(|| format!("cannot read the views in {}", path.display()))?;
        anyhow::ensure!(
            version == SCHEMA_VERSION,
            "the views in {} have tables of version {version}, this program knows {SCHEMA_VERSION}: \
             start the server once to have them rebuilt",
            path.display()
        );
        Ok(views)
    }

    /// The last event that is in them.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Checks that they are not ahead of the log.
    pub(super) fn check_position(&self, end: u64) -> Result<(), Violation> {
        let position = self.position;
        let ahead = require(position <= end, Invariant::I6, || {
            format!("the views stand at position {position}, but the log ends at {end}")
        });
        ahead.map_err(Broken::nowhere)
    }

    /// Compares them with a fold of the log up to their position.
    pub(super) fn compare(&self, checker: &Checker) -> Result<Compared, Failure> {
        let stock_levels = self.compare_levels(checker)?;
        let reservation_lines = self.compare_lines(checker)?;
        self.compare_deadlines(checker)?;
        Ok(Compared { position: self.position, stock_levels, reservation_lines })
    }

    fn compare_levels(&self, checker: &Checker) -> Result<usize, Failure> {
        let ledger = checker.ledger();
        let mut seen = vec![false; ledger.levels().len()];
        let mut on_hand = 0;
        let mut statement = self.connection.prepare(LEVELS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (product, store) = (id(row, 0)?, id(row, 1)?);
            let Some((index, level)) = checker.find_level(product, store) else {
                let stream = payload::stream_name(product, store);
                return Err(self
                    .differs(&format!("the views have a stock level {stream}, the log has none")));
            };
            let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
            let expected = [
                ("on_hand", level.on_hand),
                ("reserved", level.reserved),
                ("safety_stock", level.safety_stock),
                ("reorder_point", level.reorder_point),
                ("version", number(level.version)),
                ("position", number(level.position)),
                ("shortfall", level.shortfall),
            ];
            for ((name, expected), column) in expected.into_iter().zip(2..) {
                let found: i64 = row.get(column)?;
                self.same(level, found == expected, || {
                    format!("the views say {name} {found}, the log {expected}")
                })?;
            }
            let counted_at: Option<i64> = row.get(9)?;
            self.same(level, counted_at == level.counted_at(), || {
                "the views say another counted_at than the log".to_owned()
            })?;
            on_hand += i128::from(row.get::<_, i64>(2)?);
            seen[index as usize] = true;
        }
        if let Some(missing) = seen.iter().position(|seen| !seen) {
            let level = &ledger.levels()[missing];
            self.same(level, false, || "the views do not have this stock level".to_owned())?;
        }
        let expected = ledger.totals().on_hand();
        let conserved = require(on_hand == expected, Invariant::I1, || {
            format!("the views have {on_hand} units on hand, but {expected} remain of what moved")
        });
        conserved.map_err(Broken::nowhere)?;
        Ok(seen.len())
    }

    fn compare_lines(&self, checker: &Checker) -> Result<usize, Failure> {
        let lines = checker.ledger().lines();
        let mut seen = vec![false; lines.all().len()];
        let mut statement = self.connection.prepare(LINES)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let index = self.compare_line(checker, row)?;
            seen[index as usize] = true;
        }
        let wanted = lines.all().zip(&seen).position(|(line, seen)| !seen && !line.superseded);
        if let Some(missing) = wanted.and_then(|index| u32::try_from(index).ok()) {
            let id = lines.reservation_of(missing).unwrap_or_default();
            return Err(self.differs(&format!("the views do not have a line of reservation {id}")));
        }
        Ok(lines.present())
    }

    /// The deadlines of levels go by those of their lines, which are the log's.
    fn compare_deadlines(&self, checker: &Checker) -> Result<(), Failure> {
        let key = |row: &Row<'_>| Ok((id(row, 0)?, id(row, 1)?));
        let other = self.connection.query_row(OTHER_DEADLINE, [], key).optional()?;
        let level = other.and_then(|(product, store)| checker.find_level(product, store));
        level.map_or(Ok(()), |(_, level)| {
            self.same(level, false, || {
                "the views say another next_deadline than the log".to_owned()
            })
        })
    }

    fn compare_line(&self, checker: &Checker, row: &Row<'_>) -> Result<u32, Failure> {
        let (reservation, product) = (id(row, 0)?, id(row, 1)?);
        let ledger = checker.ledger();
        let Some((index, line)) = ledger.find_line(reservation, product) else {
            return Err(self.differs(&format!(
                "the views have a line of reservation {reservation} with product {product}, the log has none"
            )));
        };
        let level = ledger.level(line.level);
        let text = |column: usize| -> rusqlite::Result<u64> {
            let text: Option<String> = row.get(column)?;
            Ok(ledger.lines().mark(text.as_deref()))
        };
        let active = line.status == Status::Active;
        let number = |column| row.get::<_, i64>(column);
        let differing = [
            ("store_id", id(row, 2)? == level.store),
            ("quantity", number(3)? == i64::from(line.quantity)),
            ("committed", number(4)? == i64::from(line.committed)),
            ("status", number(5)? == line.status as i64),
            ("created_at", number(6)? == line.created_at),
            ("expires_at", number(7)? == ledger.lines().deadline(reservation, line)),
            ("ended_at", row.get::<_, Option<i64>>(8)? == (!active).then_some(line.ended_at)),
            ("order_id", text(9)? == line.order),
            ("transaction_id", text(10)? == line.sale),
            ("held", number(11)? == i64::from(line.held)),
        ]
        .into_iter()
        .find(|(_, same)| !same);
        if let Some((column, _)) = differing {
            self.same(level, false, || {
                format!("the views have another {column} of reservation {reservation} than the log")
            })?;
        }
        Ok(index)
    }

    fn same(
        &self,
        level: &Level,
        same: bool,
        message: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        let position = self.position;
        let compared =
            require(same, Invariant::I6, || format!("{}, both at position {position}", message()));
        compared.map_err(|broken| {
            let stream = payload::stream_name(level.product, level.store);
            Failure::Broken(broken.in_stream(level.position, &stream))
        })
    }

    fn differs(&self, message: &str) -> Failure {
        let message = format!("{message}, both at position {}", self.position);
        Failure::Broken(Broken { invariant: Invariant::I6, message }.nowhere())
    }
}

fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

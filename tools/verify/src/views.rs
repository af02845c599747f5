//! The views of stock, compared row for row with the fold of the log: I6, and I1 on what the product itself says.

use std::path::{Path, PathBuf};

use serde::Serialize;
use uuid::Uuid;

use super::checker::Checker;
use super::entry::{Broken, Invariant, Violation, require};
use super::failure::Failure;
use super::level::Level;
use super::lines::Status;
use super::payload;
#[cfg(feature = "postgres")]
use super::postgres_views::PostgresViews;
use super::sqlite_views::{self, SqliteViews};

/// The version of the tables in SQLite that this program can compare.
pub(super) const SCHEMA_VERSION: i64 = 4;

/// Where the views of stock are.
#[derive(Clone)]
pub enum ViewsAt {
    /// In the data folder: the file in use, where there is one.
    InUse,
    /// In this file of SQLite.
    File(PathBuf),
    /// In a database at this address.
    #[cfg(feature = "postgres")]
    Postgres(String),
}

/// The row of a stock level.
pub(super) struct StockLevelRow {
    pub(super) product: Uuid,
    pub(super) store: Uuid,
    pub(super) on_hand: i64,
    pub(super) reserved: i64,
    pub(super) safety_stock: i64,
    pub(super) reorder_point: i64,
    pub(super) version: i64,
    pub(super) position: i64,
    pub(super) shortfall: i64,
    pub(super) counted_at: Option<i64>,
}

/// The row of a reservation's line.
pub(super) struct LineRow {
    pub(super) reservation: Uuid,
    pub(super) product: Uuid,
    pub(super) store: Uuid,
    pub(super) quantity: i64,
    pub(super) committed: i64,
    pub(super) held: i64,
    pub(super) status: i64,
    pub(super) created_at: i64,
    pub(super) expires_at: i64,
    pub(super) ended_at: Option<i64>,
    pub(super) order: Option<String>,
    pub(super) sale: Option<String>,
}

/// What the rows are read from.
enum Rows {
    Sqlite(SqliteViews),
    #[cfg(feature = "postgres")]
    Postgres(PostgresViews),
}

/// Views as they were when they were opened; a running server may go on writing to them.
pub(super) struct Views {
    rows: Rows,
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

impl ViewsAt {
    /// Opens the views for reading; `None` when there are none yet.
    pub(super) fn open(&self, data_dir: &Path) -> anyhow::Result<Option<Views>> {
        match self {
            Self::InUse => {
                let file = sqlite_views::find(&data_dir.join("inventory"))?;
                file.as_deref().map(Views::open).transpose()
            }
            Self::File(file) => Views::open(file).map(Some),
            #[cfg(feature = "postgres")]
            Self::Postgres(url) => {
                let opened = PostgresViews::open(url)?;
                Ok(opened.map(|(rows, position)| Views { rows: Rows::Postgres(rows), position }))
            }
        }
    }
}

impl Views {
    /// Opens a file of SQLite.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let (rows, position) = SqliteViews::open(path)?;
        Ok(Self { rows: Rows::Sqlite(rows), position })
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
    pub(super) fn compare(&mut self, checker: &Checker) -> Result<Compared, Failure> {
        let stock_levels = self.compare_levels(checker)?;
        let reservation_lines = self.compare_lines(checker)?;
        self.compare_deadlines(checker)?;
        Ok(Compared { position: self.position, stock_levels, reservation_lines })
    }

    fn compare_levels(&mut self, checker: &Checker) -> Result<usize, Failure> {
        let comparing = Comparing { checker, position: self.position };
        let ledger = checker.ledger();
        let mut seen = vec![false; ledger.levels().len()];
        let mut on_hand = 0;
        let mut each = |row: StockLevelRow| {
            on_hand += i128::from(row.on_hand);
            let index = comparing.level(&row)?;
            seen[index as usize] = true;
            Ok(())
        };
        match &mut self.rows {
            Rows::Sqlite(views) => views.levels(&mut each)?,
            #[cfg(feature = "postgres")]
            Rows::Postgres(views) => views.levels(&mut each)?,
        }
        if let Some(missing) = seen.iter().position(|seen| !seen) {
            let level = &ledger.levels()[missing];
            comparing.same(level, false, || "the views do not have this stock level".to_owned())?;
        }
        let expected = ledger.totals().on_hand();
        let conserved = require(on_hand == expected, Invariant::I1, || {
            format!("the views have {on_hand} units on hand, but {expected} remain of what moved")
        });
        conserved.map_err(Broken::nowhere)?;
        Ok(seen.len())
    }

    fn compare_lines(&mut self, checker: &Checker) -> Result<usize, Failure> {
        let comparing = Comparing { checker, position: self.position };
        let lines = checker.ledger().lines();
        let mut seen = vec![false; lines.all().len()];
        let mut each = |row: LineRow| {
            let index = comparing.line(&row)?;
            seen[index as usize] = true;
            Ok(())
        };
        match &mut self.rows {
            Rows::Sqlite(views) => views.lines(&mut each)?,
            #[cfg(feature = "postgres")]
            Rows::Postgres(views) => views.lines(&mut each)?,
        }
        let wanted = lines.all().zip(&seen).position(|(line, seen)| !seen && !line.superseded);
        if let Some(missing) = wanted.and_then(|index| u32::try_from(index).ok()) {
            let id = lines.reservation_of(missing).unwrap_or_default();
            return Err(
                comparing.differs(&format!("the views do not have a line of reservation {id}"))
            );
        }
        Ok(lines.present())
    }

    /// The deadlines of levels go by those of their lines, which are the log's.
    fn compare_deadlines(&mut self, checker: &Checker) -> Result<(), Failure> {
        let other = match &mut self.rows {
            Rows::Sqlite(views) => views.other_deadline()?,
            #[cfg(feature = "postgres")]
            Rows::Postgres(views) => views.other_deadline()?,
        };
        let level = other.and_then(|(product, store)| checker.find_level(product, store));
        level.map_or(Ok(()), |(_, level)| {
            Comparing { checker, position: self.position }.same(level, false, || {
                "the views say another next_deadline than the log".to_owned()
            })
        })
    }
}

/// Rows and a fold of the log up to the same position.
struct Comparing<'a> {
    checker: &'a Checker,
    position: u64,
}

impl Comparing<'_> {
    /// Compares a row; the answer is its place in the ledger.
    fn level(&self, row: &StockLevelRow) -> Result<u32, Failure> {
        let Some((index, level)) = self.checker.find_level(row.product, row.store) else {
            let stream = payload::stream_name(row.product, row.store);
            return Err(
                self.differs(&format!("the views have a stock level {stream}, the log has none"))
            );
        };
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        for (name, found, expected) in [
            ("on_hand", row.on_hand, level.on_hand),
            ("reserved", row.reserved, level.reserved),
            ("safety_stock", row.safety_stock, level.safety_stock),
            ("reorder_point", row.reorder_point, level.reorder_point),
            ("version", row.version, number(level.version)),
            ("position", row.position, number(level.position)),
            ("shortfall", row.shortfall, level.shortfall),
        ] {
            self.same(level, found == expected, || {
                format!("the views say {name} {found}, the log {expected}")
            })?;
        }
        self.same(level, row.counted_at == level.counted_at(), || {
            "the views say another counted_at than the log".to_owned()
        })?;
        Ok(index)
    }

    /// Compares a row; the answer is its place in the ledger.
    fn line(&self, row: &LineRow) -> Result<u32, Failure> {
        let (reservation, product) = (row.reservation, row.product);
        let ledger = self.checker.ledger();
        let Some((index, line)) = ledger.find_line(reservation, product) else {
            return Err(self.differs(&format!(
                "the views have a line of reservation {reservation} with product {product}, the log has none"
            )));
        };
        let level = ledger.level(line.level);
        let text = |text: &Option<String>| ledger.lines().mark(text.as_deref());
        let active = line.status == Status::Active;
        let differing = [
            ("store_id", row.store == level.store),
            ("quantity", row.quantity == i64::from(line.quantity)),
            ("committed", row.committed == i64::from(line.committed)),
            ("status", row.status == line.status as i64),
            ("created_at", row.created_at == line.created_at),
            ("expires_at", row.expires_at == ledger.lines().deadline(reservation, line)),
            ("ended_at", row.ended_at == (!active).then_some(line.ended_at)),
            ("order_id", text(&row.order) == line.order),
            ("transaction_id", text(&row.sale) == line.sale),
            ("held", row.held == i64::from(line.held)),
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

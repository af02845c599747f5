//! The tables: their migrations, and which of the two sets a generation of the view has.

use kit_postgres::Transaction;
use kit_postgres::{Migration, Migrations, views};
use tokio_postgres::Error;

/// Name of the view that is read.
pub(super) const VIEW: &str = "stock";

/// Name of the one that a rebuild fills.
pub(super) const NEXT_VIEW: &str = "stock_next";

/// Raised when the meaning of a row changes; rows of another version are thrown away.
pub(super) const SCHEMA_VERSION: i32 = 1;

/// The tables of stock in a schema of their own, oldest migration first.
pub const STOCK_VIEWS: Migrations = Migrations {
    of: "the views of stock",
    steps: &[
        Migration::expand(views::TABLES),
        Migration::expand(include_str!("../../../migrations/postgres/0001_stock_views.sql")),
        Migration::expand(include_str!("../../../migrations/postgres/0002_changed_since.sql")),
    ],
};

/// One of the two sets of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tables(i64);

impl Tables {
    /// The tables of a generation.
    pub(super) const fn of(generation: i64) -> Self {
        Self(generation & 1)
    }

    /// A statement on these tables: `{levels}` and `{lines}` stand for their names.
    pub(super) fn sql(self, template: &str) -> String {
        let Self(number) = self;
        template
            .replace("{levels}", &format!("stock_levels_{number}"))
            .replace("{lines}", &format!("reservation_lines_{number}"))
    }

    /// Empties them.
    pub(super) async fn empty(self, change: &Transaction<'_>) -> Result<(), Error> {
        change.batch_execute(&self.sql("TRUNCATE {levels}, {lines}")).await
    }
}

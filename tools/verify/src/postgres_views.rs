//! Views of stock in PostgreSQL, read with statements of our own and without keeping anybody from writing.

use anyhow::Context;
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::ToSql;
use postgres::{Client, Row};
use uuid::Uuid;

use super::failure::Failure;
use super::postgres_log::connect;
use super::views::{LineRow, StockLevelRow};

/// The version of the rows that this program can compare.
const SCHEMA_VERSION: i32 = 1;

/// Nothing stands for `$1` and on.
const NO_ARGUMENTS: [&(dyn ToSql + Sync); 0] = [];

/// The schema of the views of stock.
const SCHEMA: &str = "inventory_views";

/// The tables cannot be emptied or replaced while they are compared; they can be written.
const HOLD: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
    LOCK TABLE stock_levels_0, stock_levels_1, reservation_lines_0, reservation_lines_1 IN ACCESS SHARE MODE";

/// Views as they were when they were opened; servers may go on writing them.
pub(super) struct PostgresViews {
    client: Client,
    /// What the names of the tables in use end with.
    tables: i64,
}

impl PostgresViews {
    /// Opens the views at an address; `None` where nobody has written any yet. The answer has the last event that is in them.
    pub(super) fn open(url: &str) -> anyhow::Result<Option<(Self, u64)>> {
        let mut client = connect(url, "inventory", SCHEMA)?;
        let read =
            "SELECT generation, position, schema_version FROM views_follower WHERE name = 'stock'";
        let failed = || format!("cannot read the views in the schema {SCHEMA}");
        client.batch_execute(HOLD).with_context(failed)?;
        let Some(row) = client.query_opt(read, &[]).with_context(failed)? else { return Ok(None) };
        let (generation, version): (i64, i32) = (row.try_get(0)?, row.try_get(2)?);
        anyhow::ensure!(
            version == SCHEMA_VERSION,
            "the views in the schema {SCHEMA} have rows of version {version}, this program knows {SCHEMA_VERSION}: \
             start a server of this version once to have them rebuilt"
        );
        let position = u64::try_from(row.try_get::<_, i64>(1)?)?;
        Ok(Some((Self { client, tables: generation & 1 }, position)))
    }

    /// Hands over the stock levels.
    pub(super) fn levels(
        &mut self,
        each: &mut dyn FnMut(StockLevelRow) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let sql = format!(
            "SELECT product_id, store_id, on_hand, reserved, safety_stock, reorder_point, version, position, shortfall, \
             counted_at FROM stock_levels_{}",
            self.tables
        );
        self.each(&sql, |row| each(level(row)?))
    }

    /// Hands over the lines of reservations.
    pub(super) fn lines(
        &mut self,
        each: &mut dyn FnMut(LineRow) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let sql = format!(
            "SELECT reservation_id, product_id, store_id, quantity, committed, status, created_at, expires_at, ended_at, \
             order_id, transaction_id, held FROM reservation_lines_{}",
            self.tables
        );
        self.each(&sql, |row| each(line(row)?))
    }

    /// Product and store of a level that shows another deadline than the earliest of its active lines.
    pub(super) fn other_deadline(&mut self) -> anyhow::Result<Option<(Uuid, Uuid)>> {
        let sql = format!(
            "SELECT product_id, store_id FROM stock_levels_{0} AS level \
             WHERE next_deadline IS DISTINCT FROM (SELECT min(expires_at) FROM reservation_lines_{0} AS line \
               WHERE line.store_id = level.store_id AND line.product_id = level.product_id AND status = 0) LIMIT 1",
            self.tables
        );
        let other = self.client.query_opt(&sql, &[]).context("cannot read the views")?;
        other.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    fn each(
        &mut self,
        sql: &str,
        mut each: impl FnMut(&Row) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let failed = || "cannot read the views".to_owned();
        let mut rows = self.client.query_raw(sql, NO_ARGUMENTS).with_context(failed)?;
        while let Some(row) = rows.next().with_context(failed)? {
            each(&row)?;
        }
        Ok(())
    }
}

fn level(row: &Row) -> anyhow::Result<StockLevelRow> {
    Ok(StockLevelRow {
        product: row.try_get(0)?,
        store: row.try_get(1)?,
        on_hand: row.try_get(2)?,
        reserved: row.try_get(3)?,
        safety_stock: row.try_get(4)?,
        reorder_point: row.try_get(5)?,
        version: row.try_get(6)?,
        position: row.try_get(7)?,
        shortfall: row.try_get(8)?,
        counted_at: row.try_get(9)?,
    })
}

fn line(row: &Row) -> anyhow::Result<LineRow> {
    Ok(LineRow {
        reservation: row.try_get(0)?,
        product: row.try_get(1)?,
        store: row.try_get(2)?,
        quantity: row.try_get(3)?,
        committed: row.try_get(4)?,
        status: row.try_get(5)?,
        created_at: row.try_get(6)?,
        expires_at: row.try_get(7)?,
        ended_at: row.try_get(8)?,
        order: row.try_get(9)?,
        sale: row.try_get(10)?,
        held: row.try_get(11)?,
    })
}

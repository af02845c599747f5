//! What the copy knows of a store's stock.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use gondola_store_domain::ProductId;
use kit_core::Position;
use kit_service::{CopyAge, ReadError, Slice};
use kit_sqlite::ReadPool;
use kit_sqlite::columns::{limit, position, unsigned, uuid, version};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::use_cases::{KnownStock, StockLevel, StockQuery, StoreStock};

/// Answers from the file.
pub(super) struct CopiedStock {
    pool: Arc<ReadPool>,
    age: Arc<CopyAge>,
}

impl CopiedStock {
    pub(super) fn new(path: PathBuf, age: Arc<CopyAge>) -> Self {
        Self { pool: Arc::new(ReadPool::new(path)), age }
    }
}

#[async_trait]
impl StoreStock for CopiedStock {
    async fn stock(&self, wanted: StockQuery) -> Result<KnownStock, ReadError> {
        // before the levels are read, so that they are not older than it says
        let age = self.age.now();
        let read = move |file: &Connection| {
            // both of one moment
            let moment = file.unchecked_transaction()?;
            Ok((as_of(&moment)?, levels(&moment, &wanted)?))
        };
        let (as_of, levels) = Arc::clone(&self.pool).read(read).await?;
        let levels = Slice::cut(levels, wanted.limit, |last| last.product);
        Ok(KnownStock { levels, as_of, age })
    }
}

fn as_of(file: &Connection) -> rusqlite::Result<Position> {
    let mut stored = file.prepare_cached("SELECT position FROM source")?;
    Ok(stored.query_row([], |row| position(row, 0)).optional()?.unwrap_or_default())
}

/// The wanted levels, and one more: it says whether there is another page.
fn levels(file: &Connection, wanted: &StockQuery) -> rusqlite::Result<Vec<StockLevel>> {
    let mut stored = file.prepare_cached(
        "SELECT product, on_hand, reserved, available, version, position FROM stock \
         WHERE store = ?1 AND product > ?2 AND product BETWEEN coalesce(?3, x'') AND coalesce(?3, product) \
         ORDER BY product LIMIT ?4",
    )?;
    let bytes = |id: ProductId| id.as_uuid().into_bytes();
    let after = wanted.after.map(bytes);
    let rows = stored.query_map(
        params![
            wanted.store.as_uuid().as_bytes(),
            after.as_ref().map_or(&[][..], |id| id),
            wanted.product.map(bytes),
            limit(wanted.limit + 1),
        ],
        level,
    )?;
    rows.collect()
}

fn level(row: &Row<'_>) -> rusqlite::Result<StockLevel> {
    Ok(StockLevel {
        product: ProductId::from_uuid(uuid(row, 0)?),
        on_hand: unsigned(row, 1)?,
        reserved: unsigned(row, 2)?,
        available: unsigned(row, 3)?,
        version: version(row, 4)?,
        position: position(row, 5)?,
    })
}

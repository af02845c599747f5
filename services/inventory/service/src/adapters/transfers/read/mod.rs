//! The reading side of the list of transfers.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory_domain::{ProductId, Reference, StoreId, TransferId};
use kit_core::{Timestamp, Version};
use kit_event_store::projection::ViewReadError;
use kit_process_manager::{DueProcesses, Unfinished};
use kit_service::{ReadError, Slice, ViewFreshness};
use kit_sqlite::ReadPool;
use kit_sqlite::columns::{limit, timestamp, unsigned, version};
use rusqlite::{Connection, params};
use serde_json::json;
use uuid::Uuid;

use super::view::fold;
use crate::adapters::due_processes::DueRows;
use crate::process_managers::transfers::{ListedTransfer, TransferFilter, TransferReadModel};
use crate::use_cases::{Inbound, InboundByLevel, InboundStock};

/// Answers from the list's file.
pub(crate) struct SqliteTransfers {
    pool: Arc<ReadPool>,
    due: DueRows,
    freshness: ViewFreshness,
}

type Row = (String, Version, [Timestamp; 2], String);

impl SqliteTransfers {
    pub(crate) fn new(path: PathBuf, freshness: ViewFreshness) -> Self {
        let pool = Arc::new(ReadPool::new(path));
        Self { due: DueRows::of("transfers", Arc::clone(&pool)), pool, freshness }
    }
}

#[async_trait]
impl TransferReadModel for SqliteTransfers {
    async fn list(
        &self,
        filter: TransferFilter,
    ) -> Result<Slice<ListedTransfer, TransferId>, ReadError> {
        let at_most = filter.limit;
        let rows = Arc::clone(&self.pool).read(move |file| rows(file, &filter)).await?;
        let listed = rows.into_iter().map(listed).collect::<Result<_, _>>();
        let listed: Vec<_> = listed.map_err(ViewReadError::Failed)?;
        Ok(Slice::cut(listed, at_most, |last: &ListedTransfer| last.id))
    }

    fn freshness(&self) -> &ViewFreshness {
        &self.freshness
    }
}

#[async_trait]
impl InboundStock for SqliteTransfers {
    async fn inbound(
        &self,
        levels: Vec<(StoreId, ProductId)>,
    ) -> Result<InboundByLevel, ReadError> {
        Ok(Arc::clone(&self.pool).read(move |file| inbound(file, &levels)).await?)
    }
}

#[async_trait]
impl DueProcesses for SqliteTransfers {
    async fn due(&self, now: Timestamp, at_most: usize) -> Result<Vec<Uuid>, String> {
        self.due.due(now, at_most).await
    }

    async fn unfinished(&self) -> Result<Unfinished, String> {
        self.due.unfinished().await
    }
}

fn inbound(file: &Connection, levels: &[(StoreId, ProductId)]) -> rusqlite::Result<InboundByLevel> {
    let mut select = file.prepare_cached(
        "SELECT coalesce(sum(in_transit), 0), coalesce(sum(on_order), 0) FROM inbound \
         WHERE destination = ?1 AND product = ?2",
    )?;
    let mut found = InboundByLevel::default();
    for (store, product) in levels {
        let sums = |row: &rusqlite::Row<'_>| {
            Ok(Inbound { in_transit: unsigned(row, 0)?, on_order: unsigned(row, 1)? })
        };
        let inbound = select.query_row([store.to_string(), product.to_string()], sums)?;
        if inbound != Inbound::default() {
            found.insert((*store, *product), inbound);
        }
    }
    Ok(found)
}

/// The wanted rows, and one more: it says whether there is another page.
fn rows(file: &Connection, filter: &TransferFilter) -> rusqlite::Result<Vec<Row>> {
    let mut sql =
        "SELECT id, version, created_at, since, history FROM transfers WHERE true".to_owned();
    if filter.after.is_some() {
        sql.push_str(" AND id < ?1");
    }
    if filter.store.is_some() {
        sql.push_str(" AND (source = ?2 OR destination = ?2)");
    }
    if filter.scope.owners().is_some() {
        let own = "IN (SELECT value FROM json_each(?4))";
        write!(sql, " AND (source {own} OR destination {own})").expect("a String takes everything");
    }
    if filter.status.is_some() {
        sql.push_str(" AND status = ?3");
    }
    if filter.reference.is_some() {
        sql.push_str(" AND reference = ?5");
    }
    if filter.unfinished {
        sql.push_str(" AND is_ended = 0");
    }
    if filter.delayed {
        sql.push_str(" AND is_delayed = 1");
    }
    sql.push_str(" ORDER BY id DESC LIMIT ?6");
    let mut statement = file.prepare_cached(&sql)?;
    let wanted = params![
        filter.after.map(|id| id.to_string()),
        filter.store.map(|id| id.to_string()),
        filter.status.map(gondola_inventory_domain::TransferStatus::as_str),
        filter.scope.owners().map(|stores| json!(stores).to_string()),
        filter.reference.as_ref().map(Reference::as_str),
        // the last number: SQLite counts parameters by it
        limit(filter.limit + 1),
    ];
    let rows = statement.query_map(wanted, |row| {
        Ok((row.get(0)?, version(row, 1)?, [timestamp(row, 2)?, timestamp(row, 3)?], row.get(4)?))
    })?;
    rows.collect()
}

fn listed((id, version, [created_at, since], history): Row) -> Result<ListedTransfer, String> {
    let id = id.parse().map_err(|_| format!("{id:?} is no id"))?;
    Ok(ListedTransfer { id, transfer: fold(&history)?, version, created_at, since })
}

//! The reading side of a list of processes.

use std::marker::PhantomData;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Timestamp, Version};
use kit_event_store::projection::ViewReadError;
use kit_process_manager::{DueProcesses, Unfinished};
use kit_service::{ReadError, Slice, ViewFreshness};
use kit_sqlite::ReadPool;
use kit_sqlite::columns::{limit, timestamp, version};
use rusqlite::{Connection, params};
use serde_json::json;
use uuid::Uuid;

use super::view::fold;
use crate::adapters::due_processes::DueRows;
use crate::process_managers::process_list::{Listed, ListedProcess, ProcessFilter, ProcessList};

/// Answers from the file of a kind's list.
pub(crate) struct SqliteProcesses<K> {
    pool: Arc<ReadPool>,
    due: DueRows,
    freshness: ViewFreshness,
    kind: PhantomData<K>,
}

type Row = (String, Version, [Timestamp; 2], String);

impl<K: Listed> SqliteProcesses<K> {
    pub(crate) fn new(path: PathBuf, freshness: ViewFreshness) -> Self {
        let pool = Arc::new(ReadPool::new(path));
        let due = DueRows::of("processes", Arc::clone(&pool));
        Self { pool, due, freshness, kind: PhantomData }
    }
}

#[async_trait]
impl<K: Listed> ProcessList<K::State> for SqliteProcesses<K> {
    async fn list(
        &self,
        filter: ProcessFilter,
    ) -> Result<Slice<ListedProcess<K::State>, Uuid>, ReadError> {
        let at_most = filter.limit;
        let rows = Arc::clone(&self.pool).read(move |file| rows(file, &filter)).await?;
        let listed = rows.into_iter().map(listed::<K>).collect::<Result<_, _>>();
        let listed: Vec<_> = listed.map_err(ViewReadError::Failed)?;
        Ok(Slice::cut(listed, at_most, |last: &ListedProcess<K::State>| last.id))
    }

    fn freshness(&self) -> &ViewFreshness {
        &self.freshness
    }
}

#[async_trait]
impl<K: Listed> DueProcesses for SqliteProcesses<K> {
    async fn due(&self, now: Timestamp, at_most: usize) -> Result<Vec<Uuid>, String> {
        self.due.due(now, at_most).await
    }

    async fn unfinished(&self) -> Result<Unfinished, String> {
        self.due.unfinished().await
    }
}

/// The wanted rows, and one more: it says whether there is another page.
fn rows(file: &Connection, filter: &ProcessFilter) -> rusqlite::Result<Vec<Row>> {
    let mut sql =
        "SELECT id, version, created_at, since, history FROM processes WHERE true".to_owned();
    if filter.after.is_some() {
        sql.push_str(" AND id < ?1");
    }
    if filter.status.is_some() {
        sql.push_str(" AND status = ?2");
    }
    if filter.scope.owners().is_some() {
        // all of its stores, of which there must be some
        sql.push_str(
            " AND stores IS NOT NULL AND NOT EXISTS (SELECT 1 FROM json_each(stores) AS concerned \
             WHERE concerned.value NOT IN (SELECT own.value FROM json_each(?3) AS own))",
        );
    }
    if filter.unfinished {
        sql.push_str(" AND is_ended = 0");
    }
    if filter.delayed {
        sql.push_str(" AND is_delayed = 1");
    }
    sql.push_str(" ORDER BY id DESC LIMIT ?4");
    let mut statement = file.prepare_cached(&sql)?;
    let wanted = params![
        filter.after.map(|id| id.to_string()),
        filter.status,
        filter.scope.owners().map(|stores| json!(stores).to_string()),
        // the last number: SQLite counts parameters by it
        limit(filter.limit + 1),
    ];
    let rows = statement.query_map(wanted, |row| {
        Ok((row.get(0)?, version(row, 1)?, [timestamp(row, 2)?, timestamp(row, 3)?], row.get(4)?))
    })?;
    rows.collect()
}

fn listed<K: Listed>(
    (id, version, [created_at, since], history): Row,
) -> Result<ListedProcess<K::State>, String> {
    let id = id.parse().map_err(|_| format!("{id:?} is no id"))?;
    Ok(ListedProcess { id, state: fold::<K>(&history)?, version, created_at, since })
}

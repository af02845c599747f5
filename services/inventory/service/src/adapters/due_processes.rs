//! Which processes are to be driven, from the rows that a list in SQLite has of them.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory_domain::NextStep;
use kit_core::Timestamp;
use kit_process_manager::{DueProcesses, Unfinished};
use kit_sqlite::ReadPool;
use kit_sqlite::columns::limit;
use rusqlite::{Connection, params};
use uuid::Uuid;

/// The rows of processes of one kind, in a table with `id`, `is_ended`, `is_delayed`, `created_at`, `since` and `due_at`.
pub(crate) struct DueRows {
    pool: Arc<ReadPool>,
    due: Arc<str>,
    unfinished: Arc<str>,
}

impl DueRows {
    /// Those of a table in the file that is read through the pool.
    pub(crate) fn of(table: &'static str, pool: Arc<ReadPool>) -> Self {
        let due =
            format!("SELECT id FROM {table} WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2").into();
        // counts at most so many rows
        let unfinished = format!(
            "SELECT \
             (SELECT count(*) FROM (SELECT 1 FROM {table} WHERE is_ended = 0 LIMIT 1000000)), \
             (SELECT count(*) FROM (SELECT 1 FROM {table} WHERE is_delayed = 1 LIMIT 1000000)), \
             (SELECT min(created_at) FROM {table} WHERE is_ended = 0), \
             (SELECT min(since) FROM {table} WHERE is_delayed = 1)"
        );
        Self { pool, due, unfinished: unfinished.into() }
    }
}

#[async_trait]
impl DueProcesses for DueRows {
    async fn due(&self, now: Timestamp, at_most: usize) -> Result<Vec<Uuid>, String> {
        let due = Arc::clone(&self.due);
        let ids = move |file: &Connection| {
            let mut due = file.prepare_cached(&due)?;
            let ids = due.query_map(params![now.as_millis(), limit(at_most)], |row| row.get(0))?;
            ids.collect::<rusqlite::Result<Vec<String>>>()
        };
        let ids = Arc::clone(&self.pool).read(ids).await.map_err(|error| error.to_string())?;
        ids.iter().map(|id| id.parse().map_err(|_| format!("{id:?} is no id"))).collect()
    }

    async fn unfinished(&self) -> Result<Unfinished, String> {
        let unfinished = Arc::clone(&self.unfinished);
        let count = move |file: &Connection| {
            file.prepare_cached(&unfinished)?.query_row([], |row| {
                let moment = |column: usize| {
                    row.get(column).map(|at: Option<i64>| at.map(Timestamp::from_millis))
                };
                let (oldest, oldest_delayed) = (moment(2)?, moment(3)?);
                Ok(Unfinished { count: row.get(0)?, delayed: row.get(1)?, oldest, oldest_delayed })
            })
        };
        Arc::clone(&self.pool).read(count).await.map_err(|error| error.to_string())
    }
}

/// `due_at` of a row: 0 while a step is to be done, else the moment that is waited for, in milliseconds since 1970.
pub(super) fn due_at<S>(next: &NextStep<S>) -> Option<i64> {
    match next {
        NextStep::Perform { .. } => Some(0),
        NextStep::Wait { until } => until.map(Timestamp::as_millis),
        NextStep::Ended => None,
    }
}

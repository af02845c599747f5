//! The reading side of the list of tills.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory_domain::{PosBatchId, TillId};
use kit_event_store::projection::ViewReadError;
use kit_service::{ReadError, Slice, ViewFreshness};
use kit_sqlite::ReadPool;
use kit_sqlite::columns::{limit, timestamp, unsigned};
use rusqlite::{Connection, Row, params};
use serde_json::json;

use super::batches::{batch_rows, listed};
use crate::process_managers::pos_batches::{
    ListedPosBatch, PosBatchFilter, SequenceRange, Till, TillFilter, TillPlace, TillReadModel,
};

const COLUMNS: &str = "store, till, batches, last_sequence, lines, shortfall_units, refused_lines, unmerged, delayed, \
    last_seen, last_sale_at";

/// Numbers that lie between two ranges that came, or before the first.
const GAPS: &str = "SELECT before + 1, first - 1 FROM (SELECT first, \
    lag(last, 1, 0) OVER (ORDER BY first) AS before FROM sequences WHERE store = ?1 AND till = ?2) \
    WHERE first > before + 1 ORDER BY first LIMIT ?3";

/// Answers from the list's file.
pub(crate) struct SqliteTills {
    pool: Arc<ReadPool>,
    freshness: ViewFreshness,
}

impl SqliteTills {
    pub(crate) fn new(path: PathBuf, freshness: ViewFreshness) -> Self {
        Self { pool: Arc::new(ReadPool::new(path)), freshness }
    }
}

/// A row, with store and till as the file has them.
type Found = ((String, String), Counted);

/// What a row counts.
struct Counted {
    numbers: [u64; 7],
    times: [kit_core::Timestamp; 2],
    missing: Vec<SequenceRange>,
}

#[async_trait]
impl TillReadModel for SqliteTills {
    async fn list(&self, filter: TillFilter) -> Result<Slice<Till, TillPlace>, ReadError> {
        let at_most = filter.limit;
        let rows = Arc::clone(&self.pool).read(move |file| rows(file, &filter)).await?;
        let tills = rows.into_iter().map(till).collect::<Result<Vec<_>, _>>();
        let tills = tills.map_err(ViewReadError::Failed)?;
        Ok(Slice::cut(tills, at_most, |last: &Till| last.place.clone()))
    }

    async fn get(&self, place: TillPlace, ranges: usize) -> Result<Option<Till>, ReadError> {
        let row = move |file: &Connection| {
            let select = format!("SELECT {COLUMNS} FROM tills WHERE store = ?1 AND till = ?2");
            let mut select = file.prepare_cached(&select)?;
            let key = params![place.store.to_string(), place.till.as_str()];
            let rows = select.query_map(key, |row| counted(file, row, ranges))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        let found = Arc::clone(&self.pool).read(row).await?;
        let found = found.into_iter().next().map(till).transpose();
        Ok(found.map_err(ViewReadError::Failed)?)
    }

    async fn batches(
        &self,
        filter: PosBatchFilter,
    ) -> Result<Slice<ListedPosBatch, PosBatchId>, ReadError> {
        let at_most = filter.limit;
        let rows = Arc::clone(&self.pool).read(move |file| batch_rows(file, &filter)).await?;
        let batches = rows.into_iter().map(listed).collect::<Result<Vec<_>, _>>();
        let batches = batches.map_err(ViewReadError::Failed)?;
        Ok(Slice::cut(batches, at_most, |last: &ListedPosBatch| last.id))
    }

    fn freshness(&self) -> &ViewFreshness {
        &self.freshness
    }
}

/// The wanted rows, and one more: it says whether there is another page.
fn rows(file: &Connection, filter: &TillFilter) -> rusqlite::Result<Vec<Found>> {
    let mut sql = format!("SELECT {COLUMNS} FROM tills WHERE true");
    if filter.after.is_some() {
        sql.push_str(" AND (store, till) > (?1, ?2)");
    }
    if filter.store.is_some() {
        sql.push_str(" AND store = ?3");
    }
    if filter.scope.owners().is_some() {
        write!(sql, " AND store IN (SELECT value FROM json_each(?4))")
            .expect("a String takes everything");
    }
    if filter.with_gaps {
        sql.push_str(" AND last_sequence > batches");
    }
    sql.push_str(" ORDER BY store, till LIMIT ?5");
    let mut statement = file.prepare_cached(&sql)?;
    let wanted = params![
        filter.after.as_ref().map(|place| place.store.to_string()),
        filter.after.as_ref().map(|place| place.till.as_str()),
        filter.store.map(|store| store.to_string()),
        filter.scope.owners().map(|stores| json!(stores).to_string()),
        // the last number: SQLite counts parameters by it
        limit(filter.limit + 1),
    ];
    let rows = statement.query_map(wanted, |row| counted(file, row, filter.ranges))?;
    rows.collect()
}

fn counted(file: &Connection, row: &Row<'_>, ranges: usize) -> rusqlite::Result<Found> {
    let key: (String, String) = (row.get(0)?, row.get(1)?);
    let mut numbers = [0; 7];
    for (column, number) in (2..).zip(&mut numbers) {
        *number = unsigned(row, column)?;
    }
    let times = [timestamp(row, 9)?, timestamp(row, 10)?];
    let mut gaps = file.prepare_cached(GAPS)?;
    let gap =
        |row: &Row<'_>| Ok(SequenceRange { first: unsigned(row, 0)?, last: unsigned(row, 1)? });
    let missing = gaps.query_map(params![key.0, key.1, limit(ranges)], gap)?;
    let missing = missing.collect::<rusqlite::Result<_>>()?;
    Ok((key, Counted { numbers, times, missing }))
}

fn till(((store, till), counted): Found) -> Result<Till, String> {
    let Counted { numbers, times: [last_seen, last_sale_at], missing } = counted;
    let [batches, last_sequence, lines, shortfall_units, refused_lines, unmerged, delayed] =
        numbers;
    Ok(Till {
        place: TillPlace {
            store: store.parse().map_err(|_| format!("{store:?} is no id"))?,
            till: TillId::new(&till).map_err(|error| error.to_string())?,
        },
        batches,
        last_sequence,
        // each number comes once, and the first is 1
        missing_count: last_sequence.saturating_sub(batches),
        missing,
        lines,
        shortfall_units,
        refused_lines,
        unmerged,
        delayed,
        last_seen,
        last_sale_at,
    })
}

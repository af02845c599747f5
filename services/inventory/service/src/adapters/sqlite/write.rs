//! Writing: events become rows of one file, its checkpoint in the same transaction.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use foldhash::fast::RandomState;
use gondola_inventory_domain::parse_stream_id;
use kit_core::{Clock, Position, RecordedEvent, Timestamp};
use kit_event_store::LogMark;
use kit_event_store::projection::{Projection, ProjectionError};
use kit_sqlite::columns::number;
use kit_sqlite::{Background, set_checkpoint, yielding};
use lru::LruCache;
use rusqlite::{Connection, Transaction, params};

use super::read;
use super::schema::{self, unwritable};
use crate::adapters::fold::{
    Changes, LevelKey, LineChange, LineEnd, LineKey, MadeLine, StoredStatus,
};
use crate::adapters::observer::LevelObserver;
use crate::use_cases::{StockLevel, decode_event};

/// Rows that the projection remembers between batches, so that busy levels are not read back.
const ROWS_MAX: usize = 200_000;

/// Builds one file.
pub(super) struct SqliteWriter {
    inner: Background<Inner>,
}

struct Inner {
    connection: Connection,
    rows: LruCache<LevelKey, StockLevel, RandomState>,
    observer: Option<Arc<dyn LevelObserver>>,
    clock: Arc<dyn Clock>,
}

impl SqliteWriter {
    /// Opens a file to follow the log with this end, or creates it; `observer` is notified of its changes.
    pub(super) fn open(
        path: &Path,
        log: LogMark,
        observer: Option<Arc<dyn LevelObserver>>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ProjectionError> {
        let connection = schema::prepared(path, log)?;
        let rows = LruCache::unbounded_with_hasher(RandomState::default());
        let inner = Background::start("views", Inner { connection, rows, observer, clock });
        Ok(Self { inner: inner.map_err(|error| ProjectionError::View(error.to_string()))? })
    }
}

#[async_trait]
impl Projection for SqliteWriter {
    fn name(&self) -> &'static str {
        "inventory"
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        self.inner
            .run(|inner| {
                kit_sqlite::checkpoint(&inner.connection).map_err(|error| unwritable(&error))
            })
            .await
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        self.inner
            .run(move |inner| {
                let applied = inner.apply(&events);
                if applied.is_err() {
                    // rows of a change that was rolled back
                    inner.rows.clear();
                }
                applied
            })
            .await
    }
}

impl Inner {
    fn apply(&mut self, events: &[Arc<RecordedEvent>]) -> Result<(), ProjectionError> {
        let Some(last) = events.last() else { return Ok(()) };
        let as_of = self.clock.now();
        let change = self.connection.transaction().map_err(|error| unwritable(&error))?;
        let mut changes = Changes::default();
        for recorded in yielding(events) {
            let Some((product, store)) = parse_stream_id(&recorded.stream) else { continue };
            let key = (store, product);
            if let Entry::Vacant(unseen) = changes.levels.entry(key) {
                let row =
                    known_row(&change, &self.rows, key).map_err(|error| unwritable(&error))?;
                unseen.insert(row);
            }
            changes.fold(key, recorded, decode_event(recorded)?);
        }
        write(&change, &mut changes, last.position).map_err(|error| unwritable(&error))?;
        change.commit().map_err(|error| unwritable(&error))?;
        for row in changes.levels.values_mut() {
            row.as_of = as_of;
            self.rows.put((row.store, row.product), *row);
        }
        if let Some(observer) = &self.observer {
            observer.changed(&mut changes.levels.into_values());
        }
        while self.rows.len() > ROWS_MAX {
            self.rows.pop_lru();
        }
        Ok(())
    }
}

fn known_row(
    change: &Transaction<'_>,
    rows: &LruCache<LevelKey, StockLevel, RandomState>,
    key: LevelKey,
) -> rusqlite::Result<StockLevel> {
    if let Some(row) = rows.peek(&key) {
        return Ok(*row);
    }
    // at the beginning of time no deadline has passed: the numbers are those of the events
    let stored = read::level(change, key, Timestamp::default())?;
    let (store, product) = key;
    Ok(stored.unwrap_or_else(|| StockLevel::unrecorded(store, product)))
}

fn write(change: &Transaction<'_>, changes: &mut Changes, last: Position) -> rusqlite::Result<()> {
    write_lines(change, &changes.lines)?;
    let mut levels: Vec<&mut StockLevel> = changes.levels.values_mut().collect();
    levels.sort_unstable_by_key(|row| (row.store, row.product));
    let mut upsert = change.prepare_cached(
        "INSERT INTO stock_levels VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
         ON CONFLICT (store_id, product_id) DO UPDATE SET on_hand = ?3, reserved = ?4, \
         safety_stock = ?5, reorder_point = ?6, version = ?7, position = ?8, shortfall = ?9, \
         counted_at = ?10, next_deadline = ?11",
    )?;
    for row in yielding(levels) {
        if changes.deadlines_moved.contains(&(row.store, row.product)) {
            row.next_deadline = next_deadline(change, row)?;
        }
        upsert.execute(params![
            row.store.as_uuid().as_bytes(),
            row.product.as_uuid().as_bytes(),
            row.on_hand,
            row.reserved,
            row.safety_stock,
            row.reorder_point,
            number(row.version.get()),
            number(row.position.get()),
            row.shortfall,
            row.counted_at.map(Timestamp::as_millis),
            row.next_deadline.map(Timestamp::as_millis),
        ])?;
    }
    set_checkpoint(change, last)
}

/// The earliest deadline of a level's active lines, which must have been written.
fn next_deadline(
    change: &Transaction<'_>,
    row: &StockLevel,
) -> rusqlite::Result<Option<Timestamp>> {
    if row.reserved == 0 {
        return Ok(None);
    }
    let mut earliest = change.prepare_cached(
        "SELECT min(expires_at) FROM reservation_lines \
         WHERE store_id = ?1 AND product_id = ?2 AND status = 0",
    )?;
    let (store, product) = (row.store.as_uuid(), row.product.as_uuid());
    let level = [store.as_bytes(), product.as_bytes()];
    let earliest: Option<i64> = earliest.query_row(level, |row| row.get(0))?;
    Ok(earliest.map(Timestamp::from_millis))
}

const INSERT_LINE: &str = "INSERT OR REPLACE INTO reservation_lines \
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

const EXTEND_LINE: &str =
    "UPDATE reservation_lines SET expires_at = ?3 WHERE reservation_id = ?1 AND product_id = ?2";

const END_LINE: &str = "UPDATE reservation_lines \
    SET status = ?3, committed = ?4, ended_at = ?5, transaction_id = ?6 \
    WHERE reservation_id = ?1 AND product_id = ?2";

fn write_lines(
    change: &Transaction<'_>,
    lines: &BTreeMap<LineKey, LineChange>,
) -> rusqlite::Result<()> {
    let mut insert = change.prepare_cached(INSERT_LINE)?;
    let mut extend = change.prepare_cached(EXTEND_LINE)?;
    let mut end = change.prepare_cached(END_LINE)?;
    for ((reservation, product), line) in yielding(lines) {
        let (reservation, product) = (reservation.as_uuid(), product.as_uuid());
        let (reservation, product) = (reservation.as_bytes(), product.as_bytes());
        let StoredEnd { status, committed, at, transaction } = line.ended.as_ref().into();
        let expires_at = line.expires_at.map(Timestamp::as_millis);
        if let Some(MadeLine { store, quantity, created_at, order }) = &line.made {
            let (store, created_at) = (store.as_uuid(), created_at.as_millis());
            insert.execute(params![
                reservation,
                product,
                store.as_bytes(),
                quantity,
                committed,
                status,
                created_at,
                expires_at,
                at,
                order,
                transaction,
            ])?;
            continue;
        }
        if let Some(expires_at) = expires_at {
            extend.execute(params![reservation, product, expires_at])?;
        }
        if line.ended.is_some() {
            end.execute(params![reservation, product, status, committed, at, transaction])?;
        }
    }
    Ok(())
}

/// How a line ended, as its columns have it; a line that has not ended is active.
struct StoredEnd<'a> {
    status: i64,
    committed: u32,
    at: Option<i64>,
    transaction: Option<&'a str>,
}

impl<'a> From<Option<&'a LineEnd>> for StoredEnd<'a> {
    fn from(ended: Option<&'a LineEnd>) -> Self {
        Self {
            status: ended.map_or(StoredStatus::Active, |end| end.status) as i64,
            committed: ended.map_or(0, |end| end.committed),
            at: ended.map(|end| end.at.as_millis()),
            transaction: ended.and_then(|end| end.transaction.as_deref()),
        }
    }
}

//! Writing: events become rows of one file, its checkpoint in the same transaction.

use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use foldhash::fast::RandomState;
use gondola_inventory_domain::parse_stream_id;
use kit_core::{Clock, Position, RecordedEvent, StreamId, Timestamp};
use kit_event_store::LogMark;
use kit_event_store::parking::Parking;
use kit_event_store::projection::{Projection, ProjectionError};
use kit_sqlite::columns::number;
use kit_sqlite::{Background, set_checkpoint, unwritable, yielding};
use lru::LruCache;
use rusqlite::{Connection, Transaction, params};

use super::schema;
use super::{lines, read};
use crate::adapters::fold::{Changes, LevelKey};
use crate::adapters::observer::LevelObserver;
use crate::use_cases::{StockLevel, decode_event};

/// Name in logs.
const NAME: &str = "inventory";

/// Rows that the projection remembers between batches, so that busy levels are not read back.
const ROWS_MAX: usize = 200_000;

/// Builds one file.
pub(super) struct SqliteWriter {
    inner: Background<Inner>,
    parking: Parking,
}

struct Inner {
    connection: Connection,
    parking: Parking,
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
        let parked = kit_sqlite::parked_streams(&connection).map_err(|error| unwritable(&error))?;
        let parking = Parking::new(NAME, parked);
        let rows = LruCache::unbounded_with_hasher(RandomState::default());
        let inner = Inner { connection, parking: parking.clone(), rows, observer, clock };
        let inner = Background::start("views", inner);
        let inner = inner.map_err(|error| ProjectionError::View(error.to_string()))?;
        Ok(Self { inner, parking })
    }
}

#[async_trait]
impl Projection for SqliteWriter {
    fn name(&self) -> &'static str {
        NAME
    }

    fn parking(&self) -> Parking {
        self.parking.clone()
    }

    async fn release(&mut self, stream: &StreamId) -> Result<(), ProjectionError> {
        let stream = stream.clone();
        let release = move |inner: &mut Inner| {
            let released = kit_sqlite::release_stream(&inner.connection, &stream);
            released.map_err(|error| unwritable(&error))?;
            inner.parking.release(&stream);
            Ok(())
        };
        self.inner.run(release).await
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
        let (mut changes, mut parking) = (Changes::default(), self.parking.begin());
        for recorded in yielding(events) {
            let Some((product, store)) = parse_stream_id(&recorded.stream) else { continue };
            let Some(event) = parking.admit(recorded, decode_event)? else { continue };
            let key = (store, product);
            if let Entry::Vacant(unseen) = changes.levels.entry(key) {
                let row =
                    known_row(&change, &self.rows, key).map_err(|error| unwritable(&error))?;
                unseen.insert(row);
            }
            changes.fold(key, recorded, event);
        }
        kit_sqlite::set_parking(&change, &parking).map_err(|error| unwritable(&error))?;
        write(&change, &mut changes, last.position).map_err(|error| unwritable(&error))?;
        change.commit().map_err(|error| unwritable(&error))?;
        parking.commit();
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
    lines::write(change, changes)?;
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

//! The writing side of the views in SQLite: one file, its checkpoint in the same transaction as its rows.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use foldhash::fast::RandomState;
use gondola_inventory_domain::parse_stream_id;
use kit_core::{Clock, Position, RecordedEvent, Timestamp};
use kit_event_store::projection::{Projection, ProjectionError};
use kit_sqlite::{Background, yielding};
use lru::LruCache;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::cached::LevelCache;
use super::fold::{Changes, LevelKey, LineChange, LineKey, MadeLine, StoredStatus};
use super::sqlite_read::{self, number};
use crate::use_cases::{StockLevel, decode_event};

/// Raised when a table or the meaning of a row changes; a file of another version is rebuilt.
pub(super) const SCHEMA_VERSION: i64 = 1;

/// Rows that the projection remembers between batches, so that busy levels are not read back.
const ROWS_MAX: usize = 200_000;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS checkpoint (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS stock_levels (
  store_id      BLOB    NOT NULL,
  product_id    BLOB    NOT NULL,
  on_hand       INTEGER NOT NULL,
  reserved      INTEGER NOT NULL,
  safety_stock  INTEGER NOT NULL,
  reorder_point INTEGER NOT NULL,
  version       INTEGER NOT NULL,
  position      INTEGER NOT NULL,
  PRIMARY KEY (store_id, product_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS stock_levels_by_product ON stock_levels (product_id);
CREATE TABLE IF NOT EXISTS reservation_lines (
  reservation_id BLOB    NOT NULL,
  product_id     BLOB    NOT NULL,
  store_id       BLOB    NOT NULL,
  quantity       INTEGER NOT NULL,
  committed      INTEGER NOT NULL,
  status         INTEGER NOT NULL, -- 0 active, 1 committed, 2 cancelled, 3 expired, 4 partial commit, 5 shortage
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,
  ended_at       INTEGER,
  order_id       TEXT,
  transaction_id TEXT,
  PRIMARY KEY (reservation_id, product_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS active_deadlines ON reservation_lines (expires_at) WHERE status = 0;";

/// Builds the views of one file.
pub(super) struct SqliteViews {
    inner: Background<Inner>,
}

struct Inner {
    connection: Connection,
    rows: LruCache<LevelKey, StockLevel, RandomState>,
    cache: Option<Arc<LevelCache>>,
    clock: Arc<dyn Clock>,
}

impl SqliteViews {
    /// Opens or creates a file; `cache` is kept in step with it.
    pub(super) fn open(
        path: &Path,
        cache: Option<Arc<LevelCache>>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ProjectionError> {
        let connection = prepared(path).map_err(|error| view(&error))?;
        let rows = LruCache::unbounded_with_hasher(RandomState::default());
        let inner = Background::start("views", Inner { connection, rows, cache, clock });
        Ok(Self { inner: inner.map_err(|error| ProjectionError::View(error.to_string()))? })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Inner) -> Result<T, ProjectionError> + Send + 'static,
    ) -> Result<T, ProjectionError> {
        let panicked = || ProjectionError::View("its thread has panicked, see the log".into());
        self.inner.run(work).await.ok_or_else(panicked)?
    }
}

#[async_trait]
impl Projection for SqliteViews {
    fn name(&self) -> &'static str {
        "inventory"
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        self.run(|inner| {
            let stored = inner
                .connection
                .query_row("SELECT position FROM checkpoint", [], |row| {
                    sqlite_read::position(row, 0)
                })
                .optional()
                .map_err(|error| view(&error))?;
            Ok(stored.unwrap_or_default())
        })
        .await
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        self.run(move |inner| {
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
        let change = self.connection.transaction().map_err(|error| view(&error))?;
        let mut changes = Changes::default();
        for recorded in yielding(events) {
            let Some((product, store)) = parse_stream_id(&recorded.stream) else { continue };
            let key = (store, product);
            if let Entry::Vacant(unseen) = changes.levels.entry(key) {
                let row = known_row(&change, &self.rows, key).map_err(|error| view(&error))?;
                unseen.insert(row);
            }
            changes.fold(key, recorded, decode_event(recorded)?);
        }
        write(&change, &changes, last.position).map_err(|error| view(&error))?;
        change.commit().map_err(|error| view(&error))?;
        for row in changes.levels.values_mut() {
            row.as_of = as_of;
            self.rows.put((row.store, row.product), *row);
        }
        if let Some(cache) = &self.cache {
            cache.changed(changes.levels.into_values());
        }
        while self.rows.len() > ROWS_MAX {
            self.rows.pop_lru();
        }
        Ok(())
    }
}

fn prepared(path: &Path) -> rusqlite::Result<Connection> {
    let connection = kit_sqlite::open_view(path)?;
    connection.execute_batch(SCHEMA)?;
    connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

fn known_row(
    change: &Transaction<'_>,
    rows: &LruCache<LevelKey, StockLevel, RandomState>,
    key: LevelKey,
) -> rusqlite::Result<StockLevel> {
    if let Some(row) = rows.peek(&key) {
        return Ok(*row);
    }
    let stored = sqlite_read::level(change, key, Timestamp::default())?;
    let (store, product) = key;
    Ok(stored.unwrap_or_else(|| StockLevel::unrecorded(store, product)))
}

fn write(change: &Transaction<'_>, changes: &Changes, last: Position) -> rusqlite::Result<()> {
    let mut levels: Vec<&StockLevel> = changes.levels.values().collect();
    levels.sort_unstable_by_key(|row| (row.store, row.product));
    let mut upsert = change.prepare_cached(
        "INSERT INTO stock_levels VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
         ON CONFLICT (store_id, product_id) DO UPDATE SET on_hand = ?3, reserved = ?4, \
         safety_stock = ?5, reorder_point = ?6, version = ?7, position = ?8",
    )?;
    for row in yielding(levels) {
        upsert.execute(params![
            row.store.as_uuid().as_bytes(),
            row.product.as_uuid().as_bytes(),
            row.on_hand,
            row.reserved,
            row.safety_stock,
            row.reorder_point,
            number(row.version.get()),
            number(row.position.get()),
        ])?;
    }
    write_lines(change, &changes.lines)?;
    change
        .prepare_cached("INSERT OR REPLACE INTO checkpoint VALUES (1, ?1)")?
        .execute([number(last.get())])?;
    Ok(())
}

fn write_lines(
    change: &Transaction<'_>,
    lines: &BTreeMap<LineKey, LineChange>,
) -> rusqlite::Result<()> {
    let mut insert = change.prepare_cached(
        "INSERT OR REPLACE INTO reservation_lines \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    let mut extend = change.prepare_cached(
        "UPDATE reservation_lines SET expires_at = ?3 WHERE reservation_id = ?1 AND product_id = ?2",
    )?;
    let mut end = change.prepare_cached(
        "UPDATE reservation_lines SET status = ?3, committed = ?4, ended_at = ?5, transaction_id = ?6 \
         WHERE reservation_id = ?1 AND product_id = ?2",
    )?;
    for ((reservation, product), line) in yielding(lines) {
        let (reservation, product) = (reservation.as_uuid(), product.as_uuid());
        let (reservation, product) = (reservation.as_bytes(), product.as_bytes());
        let ended = line.ended.as_ref();
        let status = ended.map_or(StoredStatus::Active, |end| end.status) as i64;
        let committed = ended.map_or(0, |end| end.committed);
        let ended_at = ended.map(|end| end.at.as_millis());
        let transaction = ended.and_then(|end| end.transaction.as_deref());
        let expires_at = line.expires_at.map(Timestamp::as_millis);
        if let Some(MadeLine { store, quantity, created_at, order }) = &line.made {
            insert.execute(params![
                reservation,
                product,
                store.as_uuid().as_bytes(),
                quantity,
                committed,
                status,
                created_at.as_millis(),
                expires_at,
                ended_at,
                order,
                transaction,
            ])?;
            continue;
        }
        if let Some(expires_at) = expires_at {
            extend.execute(params![reservation, product, expires_at])?;
        }
        if ended.is_some() {
            end.execute(params![reservation, product, status, committed, ended_at, transaction])?;
        }
    }
    Ok(())
}

pub(super) fn view(error: &rusqlite::Error) -> ProjectionError {
    ProjectionError::View(error.to_string())
}

//! The file of the copy: levels, the log that they are of, and how far the bus has been read, always of one moment.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gondola_contracts::{InventoryUpdatedEvent, Origin, SourceLog};
use kit_core::Position;
use kit_event_bus::{Place, Places};
use kit_sqlite::columns::{number, uuid};
use kit_sqlite::{OpenViewError, ViewSchema, view_path};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use uuid::Uuid;

const SCHEMA: ViewSchema<'_> = ViewSchema {
    version: 1,
    tables: "
CREATE TABLE IF NOT EXISTS stock (
  store     BLOB    NOT NULL,
  product   BLOB    NOT NULL,
  on_hand   INTEGER NOT NULL,
  reserved  INTEGER NOT NULL,
  available INTEGER NOT NULL,
  version   INTEGER NOT NULL,
  position  INTEGER NOT NULL, -- of the last event, in the inventory's log
  PRIMARY KEY (store, product)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS source (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  incarnation BLOB    NOT NULL, -- of the inventory's log
  position    INTEGER NOT NULL  -- the last one in it that is known of
);
CREATE TABLE IF NOT EXISTS places (
  lane TEXT    PRIMARY KEY,
  next INTEGER NOT NULL
) WITHOUT ROWID;",
};

/// The writing side of the file.
pub(super) struct StockFile {
    pub(super) path: PathBuf,
    connection: Connection,
}

/// What a message says, and where it was.
pub(super) struct Update {
    pub(super) incarnation: Option<Uuid>,
    pub(super) position: Position,
    pub(super) level: InventoryUpdatedEvent,
    /// None when it must come again.
    pub(super) place: Option<Place>,
}

/// What a message has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The level is as it says.
    Applied,
    /// The copy had this state of the level or a newer one, or the message is of a former log.
    PassedOver,
}

impl StockFile {
    /// Opens the file in a folder; what is missing is made.
    pub(super) fn open(folder: &Path) -> Result<Self, OpenViewError> {
        let path = view_path(folder, "stock.db")?;
        let connection = SCHEMA.open_copy(&path)?;
        Ok(Self { path, connection })
    }

    /// How far the bus has been read.
    pub(super) fn places(&self) -> rusqlite::Result<Places> {
        let mut stored = self.connection.prepare("SELECT lane, next FROM places")?;
        let rows = stored.query_map([], |row| {
            let lane: String = row.get(0)?;
            Ok((Arc::from(lane), row.get(1)?))
        })?;
        rows.collect()
    }

    /// Applies a message with its place, in one transaction.
    pub(super) fn apply(&mut self, update: &Update) -> rusqlite::Result<Effect> {
        let change = self.connection.transaction()?;
        let mut source = SourceLog::new(source(&change)?);
        let effect = match source.origin(update.incarnation) {
            Origin::Former => Effect::PassedOver,
            Origin::Present => upsert(&change, update)?,
            Origin::New => {
                tracing::warn!(log = ?update.incarnation, "stock_is_copied_from_another_log");
                change.execute_batch("DELETE FROM stock; DELETE FROM source")?;
                upsert(&change, update)?
            }
        };
        if effect == Effect::Applied {
            set_source(&change, source, update.position)?;
        }
        if let Some(place) = &update.place {
            set_place(&change, place)?;
        }
        change.commit()?;
        Ok(effect)
    }
}

fn source(file: &Connection) -> rusqlite::Result<Option<Uuid>> {
    let mut stored = file.prepare_cached("SELECT incarnation FROM source")?;
    stored.query_row([], |row| uuid(row, 0)).optional()
}

fn upsert(change: &Transaction<'_>, update: &Update) -> rusqlite::Result<Effect> {
    let level = &update.level;
    let mut upsert = change.prepare_cached(
        "INSERT INTO stock VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE \
         SET on_hand = ?3, reserved = ?4, available = ?5, version = ?6, position = ?7 WHERE version < ?6",
    )?;
    let changed = upsert.execute(params![
        level.store_id.as_bytes(),
        level.product_id.as_bytes(),
        number(level.on_hand),
        number(level.reserved),
        number(level.available),
        number(level.version),
        number(update.position.get()),
    ])?;
    Ok(if changed > 0 { Effect::Applied } else { Effect::PassedOver })
}

/// Notes the log of the copy and its last position that is known of. Publishers that do not tell their log have the least.
fn set_source(
    change: &Transaction<'_>,
    source: SourceLog,
    position: Position,
) -> rusqlite::Result<()> {
    let mut note = change.prepare_cached(
        "INSERT INTO source VALUES (1, ?1, ?2) ON CONFLICT (id) DO UPDATE \
         SET incarnation = ?1, position = max(position, ?2)",
    )?;
    let incarnation = source.incarnation().unwrap_or_default();
    note.execute(params![incarnation.as_bytes(), number(position.get())]).map(drop)
}

fn set_place(change: &Transaction<'_>, place: &Place) -> rusqlite::Result<()> {
    let mut note = change.prepare_cached("INSERT OR REPLACE INTO places VALUES (?1, ?2)")?;
    note.execute(params![&*place.lane, place.next]).map(drop)
}

#[cfg(test)]
mod tests;

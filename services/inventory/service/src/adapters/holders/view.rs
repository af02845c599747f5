//! Follows the log for the gate of holds: the file has the active holds, and the ledger counts the same in memory.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory_domain::{
    Customer, Event, ProductId, ReservationId, parse_checkout_stream_id, parse_split_stream_id,
    parse_stream_id,
};
use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::LogMark;
use kit_event_store::parking::{Parking, ParkingChange};
use kit_event_store::projection::{Projection, ProjectionError};
use kit_sqlite::columns::{timestamp, uuid};
use kit_sqlite::{
    FollowedView, OpenViewError, ViewFileError, ViewSchema, unwritable, view_path, yielding,
};
use rusqlite::{Connection, OpenFlags, Transaction, params};
use uuid::Uuid;

use crate::adapters::customer_column::{column_of, customer_in};
use crate::use_cases::{
    HeldLine, HoldLedger, Holder, REQUESTERS_KEPT, SharedLedger, decode_event, is_counted,
};

/// Raised when a table or the meaning of a row changes.
const TABLES_VERSION: i64 = 1;

/// Name in logs.
const NAME: &str = "holders";

/// `customer` and `caller` are whose hold it is; `requesters` has who asked for the processes that hold for others.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS holds (
  reservation_id BLOB    NOT NULL,
  product_id     BLOB    NOT NULL,
  units          INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,
  customer       TEXT, -- personal data
  caller         TEXT,
  PRIMARY KEY (reservation_id, product_id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requesters (
  process_id   BLOB    PRIMARY KEY,
  caller       TEXT    NOT NULL,
  requested_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS requesters_by_time ON requesters (requested_at);";

/// A hold of nobody has no row.
const MAKE: &str = "INSERT OR REPLACE INTO holds (reservation_id, product_id, units, expires_at, customer, caller) \
    SELECT ?1, ?2, ?3, ?4, ?5, caller FROM \
    (SELECT coalesce(?6, (SELECT caller FROM requesters WHERE process_id = ?7)) AS caller) \
    WHERE ?5 IS NOT NULL OR caller IS NOT NULL";

/// What an event means for what is held.
enum HoldNews {
    /// A process was asked for.
    Requested { process: Uuid, caller: String, at: Timestamp },
    /// Units are held.
    Made(MadeHold),
    /// So many of them are still held.
    Kept { reservation: ReservationId, product: ProductId, units: u32 },
    /// They are held until another moment.
    Extended { reservation: ReservationId, expires_at: Timestamp },
}

struct MadeHold {
    reservation: ReservationId,
    product: ProductId,
    units: u32,
    expires_at: Timestamp,
    customer: Option<Customer>,
    /// Who asked for it; `None` where a process did.
    caller: Option<String>,
    /// The process, where it is one.
    process: Uuid,
}

/// The file and the ledger, which are at the same position.
struct HoldersView {
    rows: FollowedView,
    ledger: SharedLedger,
}

/// Opens the file in a folder for the log with this end, and has what is in it counted.
pub(crate) fn open_holders(
    folder: &Path,
    log: LogMark,
    ledger: SharedLedger,
) -> Result<impl Projection + 'static, OpenViewError> {
    let path = view_path(folder, "holders.db")?;
    let schema = ViewSchema { version: TABLES_VERSION, tables: TABLES };
    let rows = FollowedView::open(NAME, &path, schema, log, write_rows)?;
    count(&path, &mut ledger.lock()).map_err(|source| ViewFileError::Sqlite { path, source })?;
    Ok(HoldersView { rows, ledger })
}

#[async_trait]
impl Projection for HoldersView {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        let checkpoint = self.rows.checkpoint().await?;
        self.ledger.lock().advance(checkpoint);
        Ok(checkpoint)
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        let (ledger, counted) = (Arc::clone(&self.ledger), events.clone());
        self.rows.apply(events).await?;
        for some in counted.chunks(COUNTED_AT_ONCE) {
            let news: Vec<_> = some.iter().filter_map(|event| news(event).ok().flatten()).collect();
            let last = some.last().map_or(Position::ZERO, |event| event.position);
            note(&mut ledger.lock(), news, last);
            tokio::task::consume_budget().await;
        }
        Ok(())
    }

    fn parking(&self) -> Parking {
        self.rows.parking()
    }

    async fn release(&mut self, stream: &StreamId) -> Result<(), ProjectionError> {
        self.rows.release(stream).await
    }
}

/// Events that are counted under one lock: requests wait for it.
const COUNTED_AT_ONCE: usize = 500;

/// What an event means; an error says that it cannot be read.
fn news(recorded: &RecordedEvent) -> Result<Option<HoldNews>, kit_event_store::EventStoreError> {
    let stream = &recorded.stream;
    if let Some((product, _)) = parse_stream_id(stream) {
        return if concerns_holds(&recorded.event.event_type) {
            Ok(of_level(product, recorded, decode_event(recorded)?))
        } else {
            Ok(None)
        };
    }
    if recorded.version != Version::ZERO.next() || !is_counted(&recorded.metadata.actor) {
        return Ok(None);
    }
    let split = parse_split_stream_id(stream).map(|id| id.as_uuid());
    let process = split.or_else(|| parse_checkout_stream_id(stream).map(|id| id.as_uuid()));
    let (caller, at) = (recorded.metadata.actor.to_string(), recorded.metadata.recorded_at);
    Ok(process.map(|process| HoldNews::Requested { process, caller, at }))
}

/// Whether events of this name change what is held; the others need not be read.
fn concerns_holds(name: &str) -> bool {
    matches!(
        name,
        "StockReservedEvent"
            | "StockCommittedEvent"
            | "StockReleasedEvent"
            | "StockTransferredOutEvent"
            | "ReservationExtendedEvent"
    )
}

fn of_level(product: ProductId, recorded: &RecordedEvent, event: Event) -> Option<HoldNews> {
    Some(match event {
        Event::StockReserved { reservation_id, quantity, expires_at, customer, .. } => {
            let actor = &recorded.metadata.actor;
            HoldNews::Made(MadeHold {
                reservation: reservation_id,
                product,
                units: quantity.get(),
                expires_at,
                customer,
                caller: is_counted(actor).then(|| actor.to_string()),
                process: recorded.metadata.correlation_id,
            })
        }
        Event::StockCommitted { reservation_id, kept, .. }
        | Event::StockReleased { reservation_id, kept, .. } => {
            HoldNews::Kept { reservation: reservation_id, product, units: kept.get() }
        }
        Event::StockTransferredOut { reservation_id, .. } => {
            HoldNews::Kept { reservation: reservation_id, product, units: 0 }
        }
        Event::ReservationExtended { reservation_id, expires_at } => {
            HoldNews::Extended { reservation: reservation_id, expires_at }
        }
        _ => return None,
    })
}

fn write_rows(
    change: &Transaction<'_>,
    parking: &mut ParkingChange,
    events: &[Arc<RecordedEvent>],
) -> Result<bool, ProjectionError> {
    let (mut written, mut latest) = (false, None);
    for recorded in yielding(events) {
        let Some(Some(news)) = parking.admit(recorded, news)? else { continue };
        if let HoldNews::Requested { at, .. } = &news {
            latest = Some(*at);
        }
        write(change, &news).map_err(|error| unwritable(&error))?;
        written = true;
    }
    if let Some(latest) = latest {
        forget_requesters(change, latest).map_err(|error| unwritable(&error))?;
    }
    Ok(written)
}

fn write(change: &Transaction<'_>, news: &HoldNews) -> rusqlite::Result<()> {
    match news {
        HoldNews::Requested { process, caller, at } => {
            let insert = "INSERT OR REPLACE INTO requesters VALUES (?1, ?2, ?3)";
            let mut insert = change.prepare_cached(insert)?;
            insert.execute(params![process.as_bytes(), caller, at.as_millis()])?;
        }
        HoldNews::Made(made) => {
            change.prepare_cached(MAKE)?.execute(params![
                made.reservation.as_uuid().as_bytes(),
                made.product.as_uuid().as_bytes(),
                made.units,
                made.expires_at.as_millis(),
                made.customer.as_ref().map(column_of),
                made.caller,
                made.process.as_bytes(),
            ])?;
        }
        HoldNews::Kept { reservation, product, units: 0 } => {
            let delete = "DELETE FROM holds WHERE reservation_id = ?1 AND product_id = ?2";
            let mut delete = change.prepare_cached(delete)?;
            delete
                .execute(params![reservation.as_uuid().as_bytes(), product.as_uuid().as_bytes()])?;
        }
        HoldNews::Kept { reservation, product, units } => {
            let update =
                "UPDATE holds SET units = ?3 WHERE reservation_id = ?1 AND product_id = ?2";
            let mut update = change.prepare_cached(update)?;
            update.execute(params![
                reservation.as_uuid().as_bytes(),
                product.as_uuid().as_bytes(),
                units
            ])?;
        }
        HoldNews::Extended { reservation, expires_at } => {
            let update = "UPDATE holds SET expires_at = ?2 WHERE reservation_id = ?1";
            let mut update = change.prepare_cached(update)?;
            update.execute(params![reservation.as_uuid().as_bytes(), expires_at.as_millis()])?;
        }
    }
    Ok(())
}

/// Nothing is held for a process that was asked for long ago.
fn forget_requesters(change: &Transaction<'_>, now: Timestamp) -> rusqlite::Result<()> {
    let kept = i64::try_from(REQUESTERS_KEPT.as_millis()).unwrap_or(i64::MAX);
    let delete = "DELETE FROM requesters WHERE requested_at < ?1";
    change.prepare_cached(delete)?.execute([now.as_millis().saturating_sub(kept)])?;
    Ok(())
}

/// Has the ledger count what events mean, up to a position.
fn note(ledger: &mut HoldLedger, news: Vec<HoldNews>, position: Position) {
    for one in news {
        match one {
            HoldNews::Requested { process, caller, at } => {
                ledger.note_requester(process, caller.into(), at);
            }
            HoldNews::Made(made) => {
                let MadeHold { reservation, product, units, expires_at, customer, caller, process } =
                    made;
                let caller = caller.map(Arc::from).or_else(|| ledger.requester(process));
                let holders = Holder::all(customer, caller);
                ledger.make(HeldLine { reservation, product, units, expires_at, holders });
            }
            HoldNews::Kept { reservation, product, units } => {
                ledger.keep(reservation, product, units);
            }
            HoldNews::Extended { reservation, expires_at } => {
                ledger.extend(reservation, expires_at);
            }
        }
    }
    ledger.advance(position);
}

/// Counts what a file has.
fn count(path: &Path, ledger: &mut HoldLedger) -> rusqlite::Result<()> {
    let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let select = "SELECT process_id, caller, requested_at FROM requesters ORDER BY requested_at";
    let mut select = file.prepare(select)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let caller: String = row.get(1)?;
        ledger.note_requester(uuid(row, 0)?, caller.into(), timestamp(row, 2)?);
    }
    let select =
        "SELECT reservation_id, product_id, units, expires_at, customer, caller FROM holds";
    let mut select = file.prepare(select)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (customer, caller): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
        let customer = customer.as_deref().and_then(customer_in);
        ledger.make(HeldLine {
            reservation: ReservationId::from_uuid(uuid(row, 0)?),
            product: ProductId::from_uuid(uuid(row, 1)?),
            units: row.get(2)?,
            expires_at: timestamp(row, 3)?,
            holders: Holder::all(customer, caller.map(Arc::from)),
        });
    }
    Ok(())
}

//! How events are written to the log file and read from it.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use kit_core::{Actor, EncodedEvent, Metadata, Position, RecordedEvent, StreamId, Timestamp};
use kit_event_store::{Claim, ClaimKey};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use crate::checksum;
use crate::columns::{self, limit, number, position, timestamp, uuid, version};
use crate::open::write_ahead;
use crate::stream_head::StreamHead;

/// The columns of an event, for [`read_event`].
pub(crate) const COLUMNS: &str = "e.position, e.version, e.previous, e.event_id, e.event_type, \
  e.schema_version, e.occurred_at, e.recorded_at, e.correlation_id, e.causation_id, e.actor, e.data, \
  e.personal, e.stream, e.claims, e.checksum";

/// An event and the position of its stream's event before it.
#[derive(Clone, Debug)]
pub(crate) struct Chained {
    pub(crate) event: Arc<RecordedEvent>,
    pub(crate) previous: Position,
}

/// Syncs the log: a killed process may have written events that it never synced, and they must be on the disk before
/// they are shown.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
    match File::open(write_ahead(path)) {
        Ok(file) => file.sync_all(),
        // a clean stop has brought it into the file
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// The statements of one group of writes, so that they are looked up once.
pub(crate) struct Inserts<'a> {
    stream: CachedStatement<'a>,
    event: CachedStatement<'a>,
}

impl<'a> Inserts<'a> {
    pub(crate) fn prepare(log: &'a Connection) -> rusqlite::Result<Self> {
        let event = "INSERT INTO events (position, stream, version, previous, event_id, event_type, \
              schema_version, occurred_at, recorded_at, correlation_id, causation_id, actor, data, \
              personal, claims, checksum, chain) \
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
        let stream = "INSERT INTO streams (id, name) VALUES (?1, ?2)";
        Ok(Self { stream: log.prepare_cached(stream)?, event: log.prepare_cached(event)? })
    }

    /// Writes one event at the end of the log and carries the chain of checksums on.
    pub(crate) fn insert(
        &mut self,
        event: &RecordedEvent,
        head: Option<StreamHead>,
        claims: Option<&str>,
        chain: &mut u32,
    ) -> rusqlite::Result<StreamHead> {
        let at = number(event.position.get());
        if head.is_none() {
            self.stream.execute(params![at, event.stream.as_str()])?;
        }
        let stream = head.map_or(event.position, |head| head.stream);
        let previous = head.map_or(Position::ZERO, |head| head.position);
        let checksum = checksum::of_event(event, stream, previous, claims);
        *chain = checksum::chain(*chain, checksum);
        let EncodedEvent { event_id, event_type, schema_version, occurred_at, data, personal } =
            &event.event;
        let Metadata { correlation_id, causation_id, actor, recorded_at } = &event.metadata;
        self.event.execute(params![
            at,
            number(stream.get()),
            number(event.version.get()),
            number(previous.get()),
            event_id.as_bytes(),
            event_type.as_ref(),
            schema_version,
            occurred_at.as_millis(),
            recorded_at.as_millis(),
            correlation_id.as_bytes(),
            causation_id.as_bytes(),
            actor.as_str(),
            data.as_ref(),
            personal.as_deref(),
            claims,
            checksum,
            *chain,
        ])?;
        Ok(StreamHead { stream, version: event.version, position: event.position })
    }
}

/// The claims of one transaction as the `claims` column holds them.
pub(crate) fn encode_claims(claims: &[&Claim]) -> String {
    let rows: Vec<_> = claims
        .iter()
        .map(|claim| {
            let expires_at = claim.expires_at.map(Timestamp::as_millis);
            (&claim.key.namespace, &claim.key.key, &claim.value, expires_at)
        })
        .collect();
    serde_json::to_string(&rows).unwrap_or_default()
}

/// Namespace, key, value, and the end in milliseconds since 1970.
type StoredClaim = (String, Arc<str>, Arc<str>, Option<i64>);

pub(crate) fn decode_claims(column: &str) -> rusqlite::Result<Vec<Claim>> {
    let rows: Vec<StoredClaim> = serde_json::from_str(column).map_err(unreadable)?;
    let claim = |(namespace, key, value, expires_at): StoredClaim| Claim {
        key: ClaimKey { namespace: Cow::Owned(namespace), key },
        value,
        expires_at: expires_at.map(Timestamp::from_millis),
    };
    Ok(rows.into_iter().map(claim).collect())
}

/// One event of a stream, by its position.
pub(crate) fn event_at(
    log: &Connection,
    stream: &StreamId,
    at: Position,
) -> rusqlite::Result<Chained> {
    let sql = format!("SELECT {COLUMNS} FROM events e WHERE e.position = ?1");
    log.prepare_cached(&sql)?.query_row([number(at.get())], |row| read_event(row, stream.as_str()))
}

/// The position before an event in its stream; `None` when the event belongs to another stream.
pub(crate) fn link_at(
    log: &Connection,
    head: StreamHead,
    at: Position,
) -> rusqlite::Result<Option<Position>> {
    log.prepare_cached("SELECT previous FROM events WHERE position = ?1 AND stream = ?2")?
        .query_row([number(at.get()), number(head.stream.get())], |row| position(row, 0))
        .optional()
}

/// Up to `at_most` events after a position and not after `end`, in log order.
pub(crate) fn events_after(
    log: &Connection,
    after: Position,
    end: Position,
    at_most: usize,
) -> rusqlite::Result<Vec<Arc<RecordedEvent>>> {
    let sql = format!(
        "SELECT {COLUMNS}, s.name FROM events e JOIN streams s ON s.id = e.stream \
         WHERE e.position > ?1 AND e.position <= ?2 ORDER BY e.position LIMIT ?3"
    );
    let mut statement = log.prepare_cached(&sql)?;
    let range = params![number(after.get()), number(end.get()), limit(at_most)];
    let rows = statement.query_map(range, |row| {
        let name: String = row.get(16)?;
        read_event(row, &name).map(|chained| chained.event)
    })?;
    rows.collect()
}

/// What the index needs of one event.
pub(crate) struct IndexEntry {
    pub(crate) stream: StreamId,
    pub(crate) head: StreamHead,
    pub(crate) claims: Vec<Claim>,
}

/// Walks the log after a position and hands each event's index entry to `each`.
pub(crate) fn index_entries(
    log: &Connection,
    after: Position,
    mut each: impl FnMut(IndexEntry) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let sql = "SELECT e.position, e.stream, e.version, e.claims, s.name \
        FROM events e JOIN streams s ON s.id = e.stream WHERE e.position > ?1 ORDER BY e.position";
    let mut statement = log.prepare(sql)?;
    let mut rows = statement.query([number(after.get())])?;
    while let Some(row) = rows.next()? {
        let head = StreamHead {
            position: position(row, 0)?,
            stream: position(row, 1)?,
            version: version(row, 2)?,
        };
        let column: Option<String> = row.get(3)?;
        let claims = column.map_or_else(|| Ok(Vec::new()), |column| decode_claims(&column))?;
        let name: String = row.get(4)?;
        let stream = StreamId::new(name).map_err(unreadable)?;
        each(IndexEntry { stream, head, claims })?;
    }
    Ok(())
}

/// An event that cannot be read as it was written.
#[derive(Debug, thiserror::Error)]
#[error("the event at position {position} of the stream {stream} is damaged: {reason}")]
struct DamagedEvent {
    position: Position,
    stream: String,
    reason: String,
}

/// Reads the event in a row of [`COLUMNS`], and checks that it is what was written.
pub(crate) fn read_event(row: &Row<'_>, stream: &str) -> rusqlite::Result<Chained> {
    let position = position(row, 0)?;
    let damaged =
        |reason: String| unreadable(DamagedEvent { position, stream: stream.to_owned(), reason });
    let chained = decode(row, position, stream).map_err(|error| damaged(error.to_string()))?;
    let claims = row.get_ref(14)?.as_str_or_null();
    let claims = claims.map_err(|error| damaged(error.to_string()))?;
    let number = columns::position(row, 13)?;
    let found = checksum::of_event(&chained.event, number, chained.previous, claims);
    // what was written before there were checksums has none
    match row.get::<_, Option<u32>>(15)? {
        Some(stored) if stored != found => {
            Err(damaged("it does not have the checksum that it was stored with".to_owned()))
        }
        _ => Ok(chained),
    }
}

fn decode(row: &Row<'_>, position: Position, stream: &str) -> rusqlite::Result<Chained> {
    let actor: String = row.get(10)?;
    let event = EncodedEvent {
        event_id: uuid(row, 3)?,
        event_type: Cow::Owned(row.get(4)?),
        schema_version: row.get(5)?,
        occurred_at: timestamp(row, 6)?,
        data: row.get(11)?,
        personal: row.get(12)?,
    };
    let metadata = Metadata {
        correlation_id: uuid(row, 8)?,
        causation_id: uuid(row, 9)?,
        actor: Actor::new(&actor).map_err(unreadable)?,
        recorded_at: timestamp(row, 7)?,
    };
    let stream = StreamId::new(stream).map_err(unreadable)?;
    let recorded = RecordedEvent { position, stream, version: version(row, 1)?, event, metadata };
    Ok(Chained { event: Arc::new(recorded), previous: columns::position(row, 2)? })
}

/// A value in a column is not what this program wrote.
pub(crate) fn unreadable(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
}

//! Where the events come from: `events.db` read with a query of our own, or a journal through its adapter.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use foldhash::fast::RandomState;
use kit_core::Position;
use kit_event_store::EventLog;
use kit_jsonl::{JsonlOptions, JsonlStore};
use rusqlite::{CachedStatement, Connection, OpenFlags, Row};
use tokio::runtime::Handle;

use super::Failure;
use super::entry::{Broken, Entry, Invariant, Violation};

/// Events that are read at once. Each page is a read of its own, so that a running server is never held up.
const PAGE: u16 = 20_000;

const PAGE_SQL: &str = "SELECT position, stream, version, previous, event_id, event_type, schema_version, \
    occurred_at, recorded_at, correlation_id, causation_id, actor, data FROM events \
    WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT ?3";

/// A log that can be read from its beginning.
pub(super) enum Source {
    Sqlite(SqliteLog),
    Jsonl(JsonlLog),
}

/// `events.db`, read without its store's lock: a server may be running.
pub(super) struct SqliteLog {
    connection: Connection,
    /// The names of the streams met so far.
    names: HashMap<i64, Arc<str>, RandomState>,
}

/// A journal, whose adapter takes its lock: no server may be running.
pub(super) struct JsonlLog {
    store: JsonlStore,
    runtime: Handle,
}

impl Source {
    /// Opens the log file of a folder.
    pub(super) fn sqlite(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("events.db");
        anyhow::ensure!(
            path.exists(),
            "there is no {}: give the server's --data-dir, and its --event-store",
            path.display()
        );
        let open = || -> rusqlite::Result<Connection> {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(&path, flags)?;
            connection.pragma_update(None, "busy_timeout", 5_000)?;
            Ok(connection)
        };
        let connection = open().with_context(|| format!("cannot open {}", path.display()))?;
        Ok(Self::Sqlite(SqliteLog { connection, names: HashMap::default() }))
    }

    /// Opens the journal in a folder; `streams` is where its readable files are.
    pub(super) fn jsonl(journal: &Path, streams: &Path, runtime: Handle) -> anyhow::Result<Self> {
        anyhow::ensure!(
            journal.is_dir(),
            "there is no {}: give the server's --data-dir, and its --event-store",
            journal.display()
        );
        let store = JsonlStore::open(JsonlOptions::new(journal, streams))?;
        Ok(Self::Jsonl(JsonlLog { store, runtime }))
    }

    /// The position of the last event at this moment.
    pub(super) fn end(&self) -> anyhow::Result<u64> {
        match self {
            Self::Sqlite(log) => {
                let sql = "SELECT coalesce(max(position), 0) FROM events";
                let end = log.connection.query_row(sql, [], |row| unsigned(row, 0));
                end.context("cannot read where the log ends")
            }
            Self::Jsonl(log) => Ok(log.store.head().borrow().get()),
        }
    }

    /// Hands over the events after a position up to another, in the order of the log.
    pub(super) fn walk(
        &mut self,
        after: u64,
        last: u64,
        mut each: impl FnMut(&Entry<'_>) -> Result<(), Violation>,
    ) -> Result<(), Failure> {
        let mut after = after;
        while after < last {
            let reached = match self {
                Self::Sqlite(log) => log.page(after, last, &mut each)?,
                Self::Jsonl(log) => log.page(after, last, &mut each)?,
            };
            let Some(reached) = reached else { break };
            after = reached;
        }
        Ok(())
    }
}

type Each<'a> = &'a mut dyn FnMut(&Entry<'_>) -> Result<(), Violation>;

impl SqliteLog {
    fn page(&mut self, after: u64, last: u64, each: Each<'_>) -> Result<Option<u64>, Failure> {
        let Self { connection, names } = self;
        let mut statement = connection.prepare_cached(PAGE_SQL)?;
        let mut name_of = connection.prepare_cached("SELECT name FROM streams WHERE id = ?1")?;
        let mut rows = statement.query((number(after), number(last), PAGE))?;
        let mut reached = None;
        while let Some(row) = rows.next()? {
            let position = unsigned(row, 0)?;
            let stream: i64 = row.get(1)?;
            let known = names.get(&stream).map(Arc::clone);
            let name = match known {
                Some(name) => name,
                None => first_seen(names, &mut name_of, stream, position)?,
            };
            let entry = read_entry(row, position, &name)
                .with_context(|| format!("the event at position {position} cannot be read"))?;
            each(&entry)?;
            reached = Some(position);
        }
        Ok(reached)
    }
}

/// The name of a stream whose number is met for the first time: it must be the position of this event.
fn first_seen(
    names: &mut HashMap<i64, Arc<str>, RandomState>,
    name_of: &mut CachedStatement<'_>,
    stream: i64,
    position: u64,
) -> Result<Arc<str>, Failure> {
    let name: String = name_of.query_row([stream], |row| row.get(0)).with_context(|| {
        format!("stream {stream} of the event at position {position} has no name")
    })?;
    if stream != number(position) {
        let message = format!("its stream begins at {stream}, but that event is of another stream");
        let broken = Broken { invariant: Invariant::I5, message };
        return Err(Failure::Broken(broken.in_stream(position, &name)));
    }
    let name: Arc<str> = name.into();
    names.insert(stream, Arc::clone(&name));
    Ok(name)
}

fn read_entry<'a>(row: &'a Row<'_>, position: u64, stream: &'a str) -> anyhow::Result<Entry<'a>> {
    let id = |column| -> anyhow::Result<u128> {
        let bytes: [u8; 16] = row.get_ref(column)?.as_blob()?.try_into()?;
        Ok(u128::from_be_bytes(bytes))
    };
    Ok(Entry {
        position,
        stream,
        version: unsigned(row, 2)?,
        previous: Some(unsigned(row, 3)?),
        event_id: id(4)?,
        event_type: row.get_ref(5)?.as_str()?,
        schema_version: row.get(6)?,
        occurred_at: row.get(7)?,
        recorded_at: row.get(8)?,
        correlation_id: id(9)?,
        causation_id: id(10)?,
        actor: row.get_ref(11)?.as_str()?,
        data: row.get_ref(12)?.as_str()?,
    })
}

impl JsonlLog {
    fn page(&mut self, after: u64, last: u64, each: Each<'_>) -> Result<Option<u64>, Failure> {
        let page = self.store.read_all(Position::new(after), usize::from(PAGE));
        let events = self.runtime.block_on(page).context("the journal cannot be read")?;
        let mut reached = None;
        for event in events.iter().filter(|event| event.position.get() <= last) {
            each(&Entry::from(event.as_ref()))?;
            reached = Some(event.position.get());
        }
        Ok(reached)
    }
}

/// A count as SQLite stores it.
pub(super) fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

//! `events.db`, read with a query of our own and without its store's lock: a server may be running.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use foldhash::fast::RandomState;
use rusqlite::{CachedStatement, Connection, OpenFlags, Row};

use super::checksum::{self, Chain};
use super::claims::Claimed;
use super::entry::{Broken, Each, Entry, Invariant};
use super::failure::Failure;
use super::row::{number, unsigned};

/// Events per page. Each page is a separate read, so that a running server is never blocked.
const PAGE: u16 = 20_000;

/// The newest version of the tables that this program knows.
const VERSION_MAX: u32 = 2;

/// The version since which events have checksums.
const WITH_CHECKSUMS: u32 = 2;

fn page_sql(version: u32) -> String {
    let checksums = if version < WITH_CHECKSUMS { "NULL, NULL" } else { "checksum, chain" };
    format!(
        "SELECT position, stream, version, previous, event_id, event_type, schema_version, \
         occurred_at, recorded_at, correlation_id, causation_id, actor, data, personal, claims, \
         {checksums} FROM events WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT ?3"
    )
}

/// Namespace, key, value, and the end in milliseconds since 1970, as the `claims` column has them.
type StoredClaim = (String, String, String, Option<i64>);

/// A log file, open for reading.
pub(super) struct SqliteLog {
    connection: Connection,
    page_sql: String,
    chain: Chain,
    /// The names of the streams met so far.
    names: HashMap<i64, Arc<str>, RandomState>,
}

impl SqliteLog {
    /// Opens the log file of a folder.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
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
        let failed = || format!("cannot open {}", path.display());
        let connection = open().with_context(failed)?;
        let version = connection.pragma_query_value(None, "user_version", |row| row.get(0));
        let version = version.with_context(failed)?;
        anyhow::ensure!(
            version <= VERSION_MAX,
            "{} has tables of version {version}, this program knows {VERSION_MAX}: use a newer one",
            path.display()
        );
        let (page_sql, names) = (page_sql(version), HashMap::default());
        Ok(Self { connection, page_sql, chain: Chain::default(), names })
    }

    /// Which log it is.
    pub(super) fn incarnation(&self) -> anyhow::Result<String> {
        let sql = "SELECT value FROM meta WHERE name = 'incarnation'";
        let found = self.connection.query_row(sql, [], |row| row.get(0));
        found.context("cannot read which log it is")
    }

    /// The position of the last event at this moment.
    pub(super) fn end(&self) -> anyhow::Result<u64> {
        let sql = "SELECT coalesce(max(position), 0) FROM events";
        let end = self.connection.query_row(sql, [], |row| unsigned(row, 0));
        end.context("cannot read where the log ends")
    }

    /// Hands over the events after a position up to another, in the order of the log.
    pub(super) fn walk(&mut self, after: u64, last: u64, each: Each<'_>) -> Result<(), Failure> {
        let mut after = after;
        while after < last {
            let Some(reached) = self.page(after, last, each)? else { break };
            after = reached;
        }
        Ok(())
    }

    fn page(&mut self, after: u64, last: u64, each: Each<'_>) -> Result<Option<u64>, Failure> {
        let Self { connection, page_sql, chain, names } = self;
        let mut statement = connection.prepare_cached(page_sql)?;
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
            let unreadable = || format!("the event at position {position} cannot be read");
            let stored = stored_claims(row).with_context(unreadable)?;
            let claims: Vec<Claimed<'_>> = stored.iter().map(claimed).collect();
            let entry = read_entry(row, position, &name).with_context(unreadable)?;
            let entry = Entry { claims: Some(&claims), ..entry };
            each(&entry)?;
            // after the rules: they say more of what is wrong
            let checked = chain.check(&entry, &sums(row).with_context(unreadable)?);
            checked.map_err(|broken| broken.at(&entry))?;
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
        claims: None,
    })
}

fn stored_claims(row: &Row<'_>) -> anyhow::Result<Vec<StoredClaim>> {
    let column = row.get_ref(14)?.as_str_or_null()?;
    Ok(column.map(serde_json::from_str).transpose()?.unwrap_or_default())
}

fn claimed((namespace, key, value, expires_at): &StoredClaim) -> Claimed<'_> {
    Claimed { namespace, key, value, expires_at: *expires_at }
}

fn sums<'a>(row: &'a Row<'_>) -> anyhow::Result<checksum::Row<'a>> {
    Ok(checksum::Row {
        stream: unsigned(row, 1)?,
        personal: row.get_ref(13)?.as_str_or_null()?,
        claims: row.get_ref(14)?.as_str_or_null()?,
        checksum: row.get(15)?,
        chain: row.get(16)?,
    })
}

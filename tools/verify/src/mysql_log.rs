//! A log in MySQL, read with statements of our own and without a lock: servers may be running.
//!
//! The driver is that of the adapter, on a runtime of its own: its blocking sister decodes with the same code.

use std::collections::HashSet;

use anyhow::Context;
use mysql_async::prelude::{FromValue, Queryable as _};
use mysql_async::{Conn, Error, Opts, OptsBuilder, Row};
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::entry::{Each, Entry};
use super::failure::Failure;
use super::stream_names::{StreamNames, unclaimed};

/// Events per page. Each page is a statement of its own, so that nothing old is kept for us.
const PAGE: u64 = 20_000;

/// Reservations whose claims are looked up at a time.
const CLAIMS_AT_ONCE: usize = 10_000;

/// There is no such database.
const UNKNOWN_DATABASE: u16 = 1049;

/// Reads the events of a page.
const PAGE_SQL: &str = "SELECT position, stream, version, event_id, event_type, schema_version, occurred_at, recorded_at, \
    correlation_id, causation_id, actor, data FROM events WHERE position > ? AND position <= ? ORDER BY position";

/// A log in a database, open for reading.
pub(super) struct MysqlLog {
    client: Client,
    names: StreamNames,
}

/// A connection that one waits for.
struct Client {
    conn: Conn,
    runtime: Runtime,
}

impl Client {
    /// Connects; `None` where there is no such database.
    fn connect(url: &str, context: &str) -> anyhow::Result<Option<Self>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let opts = Opts::from_url(&url.replace("{context}", context))
            .context("--event-store is no address like mysql://user:password@host/database")?;
        let setup = vec!["SET NAMES utf8mb4", "SET time_zone = '+00:00'"];
        let opts = OptsBuilder::from_opts(opts).prefer_socket(false).setup(setup);
        match runtime.block_on(Conn::new(opts)) {
            Ok(conn) => Ok(Some(Self { conn, runtime })),
            Err(Error::Server(refused)) if refused.code == UNKNOWN_DATABASE => Ok(None),
            Err(error) => {
                Err(error).with_context(|| format!("cannot connect to the database of {context}"))
            }
        }
    }

    fn query(&mut self, sql: &str, arguments: Vec<mysql_async::Value>) -> anyhow::Result<Vec<Row>> {
        let arguments = mysql_async::Params::from(arguments);
        Ok(self.runtime.block_on(self.conn.exec(sql, arguments))?)
    }

    fn name_of(&mut self, key: Uuid) -> anyhow::Result<String> {
        let key = key.as_bytes().as_slice().into();
        let rows = self.query("SELECT name FROM streams WHERE id = ?", vec![key])?;
        take(&mut rows.into_iter().next().context("it is not in the list")?, 0)
    }
}

impl MysqlLog {
    /// Whether a context has a log at an address.
    pub(super) fn is_there(url: &str, context: &str) -> anyhow::Result<bool> {
        let Some(mut client) = Client::connect(url, context)? else { return Ok(false) };
        let sql = "SELECT 1 FROM information_schema.tables \
            WHERE table_schema = DATABASE() AND table_name = 'events'";
        Ok(!client.query(sql, Vec::new())?.is_empty())
    }

    /// Opens the log of a context.
    pub(super) fn open(url: &str, context: &str) -> anyhow::Result<Self> {
        let client = Client::connect(url, context)?;
        let client = client.with_context(|| format!("{context} has no database"))?;
        Ok(Self { client, names: StreamNames::default() })
    }

    /// The position of the last event at this moment.
    pub(super) fn end(&mut self) -> anyhow::Result<u64> {
        let sql = "SELECT COALESCE(MAX(position), 0) FROM events";
        let rows = self.client.query(sql, Vec::new()).context("cannot read where the log ends")?;
        take(&mut rows.into_iter().next().context("cannot read where the log ends")?, 0)
    }

    /// Hands over the events after a position up to another, in the order of the log.
    pub(super) fn walk(&mut self, after: u64, last: u64, each: Each<'_>) -> Result<(), Failure> {
        let mut after = after;
        while after < last {
            let until = last.min(after + PAGE);
            let rows = self.client.query(PAGE_SQL, vec![after.into(), until.into()]);
            for mut row in rows.context("cannot read the events").map_err(Failure::from)? {
                self.hand_over(&mut row, each)?;
            }
            after = until;
        }
        Ok(())
    }

    fn hand_over(&mut self, row: &mut Row, each: Each<'_>) -> Result<(), Failure> {
        let position = take(row, 0)?;
        let unreadable = || format!("the event at position {position} cannot be read");
        let event = StoredEvent::read(row).with_context(unreadable)?;
        let name = self.names.of(event.stream, position, || self.client.name_of(event.stream))?;
        each(&event.entry(position, &name))?;
        Ok(())
    }

    /// Checks that each of these reservations is found by its id: that it has a claim.
    pub(super) fn compare_claims(
        &mut self,
        reservations: impl Iterator<Item = Uuid>,
    ) -> Result<(), Failure> {
        let wanted: Vec<String> = reservations.map(|id| id.to_string()).collect();
        for some in wanted.chunks(CLAIMS_AT_ONCE) {
            let sql = format!(
                "SELECT name FROM claims WHERE namespace = 'reservation' AND name IN (?{})",
                ",?".repeat(some.len() - 1)
            );
            let keys = some.iter().map(Into::into).collect();
            let rows = self.client.query(&sql, keys).context("cannot read the claims")?;
            let keys = rows.into_iter().map(|mut row| take(&mut row, 0)).collect::<Result<_, _>>();
            let keys: HashSet<String> = keys.context("cannot read the claims")?;
            if let Some(lost) = some.iter().find(|id| !keys.contains(id.as_str())) {
                return Err(unclaimed(lost).into());
            }
        }
        Ok(())
    }
}

fn take<T: FromValue>(row: &mut Row, column: usize) -> anyhow::Result<T> {
    row.take_opt(column).context("a column is missing")?.map_err(anyhow::Error::from)
}

/// An event as its row has it.
struct StoredEvent {
    stream: Uuid,
    version: u64,
    event_id: u128,
    event_type: String,
    schema_version: u16,
    occurred_at: i64,
    recorded_at: i64,
    correlation_id: u128,
    causation_id: u128,
    actor: String,
    data: String,
}

impl StoredEvent {
    fn read(row: &mut Row) -> anyhow::Result<Self> {
        let mut id = |column| {
            let bytes: Vec<u8> = take(row, column)?;
            anyhow::Ok(Uuid::from_slice(&bytes)?)
        };
        let [stream, event_id, correlation_id, causation_id] = [id(1)?, id(3)?, id(8)?, id(9)?];
        Ok(Self {
            stream,
            version: take(row, 2)?,
            event_id: event_id.as_u128(),
            event_type: take(row, 4)?,
            schema_version: take(row, 5)?,
            occurred_at: take(row, 6)?,
            recorded_at: take(row, 7)?,
            correlation_id: correlation_id.as_u128(),
            causation_id: causation_id.as_u128(),
            actor: take(row, 10)?,
            data: take(row, 11)?,
        })
    }

    fn entry<'a>(&'a self, position: u64, stream: &'a str) -> Entry<'a> {
        Entry {
            position,
            stream,
            version: self.version,
            previous: None,
            event_id: self.event_id,
            event_type: &self.event_type,
            schema_version: self.schema_version,
            occurred_at: self.occurred_at,
            recorded_at: self.recorded_at,
            correlation_id: self.correlation_id,
            causation_id: self.causation_id,
            actor: &self.actor,
            data: &self.data,
            claims: None,
        }
    }
}

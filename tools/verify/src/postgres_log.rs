//! A log in PostgreSQL, read with statements of our own and without a lock: servers may be running.

use std::collections::HashSet;

use anyhow::Context;
use postgres::{Client, Config, NoTls, Row, Statement};
use uuid::Uuid;

use super::entry::{Each, Entry};
use super::failure::Failure;
use super::stream_names::{StreamNames, unclaimed};

/// Events per page. Each page is a statement of its own, so that nothing old is kept for us.
const PAGE: u64 = 20_000;

/// Reservations whose claims are looked up at a time.
const CLAIMS_AT_ONCE: usize = 10_000;

/// Reads the events of a page.
const PAGE_SQL: &str = "SELECT position, stream, version, event_id, event_type, schema_version, occurred_at, recorded_at, \
    correlation_id, causation_id, actor, data FROM events WHERE position > $1 AND position <= $2 ORDER BY position";

/// A log in a schema, open for reading.
pub(super) struct PostgresLog {
    client: Client,
    page: Statement,
    name_of: Statement,
    names: StreamNames,
}

/// Connects to a schema of the database of a context.
pub(super) fn connect(url: &str, context: &str, schema: &str) -> anyhow::Result<Client> {
    let mut config: Config = url
        .replace("{context}", context)
        .parse()
        .context("this is no address like postgres://user:password@host/database")?;
    let options = [config.get_options().unwrap_or_default(), &format!("-c search_path={schema}")];
    let client =
        config.options(&options.join(" ")).application_name("gondola-verify").connect(NoTls);
    client.with_context(|| format!("cannot connect to the database of {context}"))
}

impl PostgresLog {
    /// Whether a context has a log at an address.
    pub(super) fn is_there(url: &str, context: &str) -> anyhow::Result<bool> {
        let sql = "SELECT to_regclass($1) IS NOT NULL";
        let row =
            connect(url, context, context)?.query_one(sql, &[&format!("{context}.events")])?;
        Ok(row.try_get(0)?)
    }

    /// Opens the log of a context.
    pub(super) fn open(url: &str, context: &str) -> anyhow::Result<Self> {
        let mut client = connect(url, context, context)?;
        let failed = || format!("the schema {context} has no events that this role may read");
        let page = client.prepare(PAGE_SQL).with_context(failed)?;
        let name_of =
            client.prepare("SELECT name FROM streams WHERE id = $1").with_context(failed)?;
        Ok(Self { client, page, name_of, names: StreamNames::default() })
    }

    /// The position of the last event at this moment.
    pub(super) fn end(&mut self) -> anyhow::Result<u64> {
        let sql = "SELECT coalesce(max(position), 0) FROM events";
        let row = self.client.query_one(sql, &[]).context("cannot read where the log ends")?;
        unsigned(&row, 0)
    }

    /// Hands over the events after a position up to another, in the order of the log.
    pub(super) fn walk(&mut self, after: u64, last: u64, each: Each<'_>) -> Result<(), Failure> {
        let mut after = after;
        while after < last {
            let until = last.min(after + PAGE);
            let range = [i64::try_from(after), i64::try_from(until)].map(Result::unwrap_or_default);
            let rows = self.client.query(&self.page, &[&range[0], &range[1]]);
            let rows = rows.context("cannot read the events").map_err(Failure::from)?;
            for row in &rows {
                self.hand_over(row, each)?;
            }
            after = until;
        }
        Ok(())
    }

    fn hand_over(&mut self, row: &Row, each: Each<'_>) -> Result<(), Failure> {
        let position = unsigned(row, 0)?;
        let unreadable = || format!("the event at position {position} cannot be read");
        let key: Uuid = row.try_get(1).with_context(unreadable)?;
        let Self { client, name_of, names, .. } = self;
        let name =
            names.of(key, position, || Ok(client.query_one(&*name_of, &[&key])?.try_get(0)?))?;
        each(&read_entry(row, position, &name).with_context(unreadable)?)?;
        Ok(())
    }

    /// Checks that each of these reservations is found by its id: that it has a claim.
    pub(super) fn compare_claims(
        &mut self,
        reservations: impl Iterator<Item = Uuid>,
    ) -> Result<(), Failure> {
        let wanted: Vec<String> = reservations.map(|id| id.to_string()).collect();
        let sql = "SELECT key FROM claims WHERE namespace = 'reservation' AND key = ANY($1)";
        for some in wanted.chunks(CLAIMS_AT_ONCE) {
            let rows = self.client.query(sql, &[&some]).context("cannot read the claims")?;
            let keys = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>();
            let keys: HashSet<&str> = keys.context("cannot read the claims")?;
            if let Some(lost) = some.iter().find(|id| !keys.contains(id.as_str())) {
                return Err(unclaimed(lost).into());
            }
        }
        Ok(())
    }
}

fn unsigned(row: &Row, column: usize) -> anyhow::Result<u64> {
    Ok(u64::try_from(row.try_get::<_, i64>(column)?)?)
}

fn read_entry<'a>(row: &'a Row, position: u64, stream: &'a str) -> anyhow::Result<Entry<'a>> {
    let id = |column| row.try_get::<_, Uuid>(column).map(|id| id.as_u128());
    Ok(Entry {
        position,
        stream,
        version: unsigned(row, 2)?,
        previous: None,
        event_id: id(3)?,
        event_type: row.try_get(4)?,
        schema_version: u16::try_from(row.try_get::<_, i32>(5)?)?,
        occurred_at: row.try_get(6)?,
        recorded_at: row.try_get(7)?,
        correlation_id: id(8)?,
        causation_id: id(9)?,
        actor: row.try_get(10)?,
        data: row.try_get(11)?,
        claims: None,
    })
}

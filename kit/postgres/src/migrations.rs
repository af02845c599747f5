//! The tables of the log: which migrations there are, how they are applied, and whether they were.
//!
//! A migration is never changed once it is released. It takes nothing away that the release before it uses, so that the
//! processes of both can run on one database while one is replaced by the other.

use kit_core::Position;
use kit_event_store::{Incarnation, LogMark};
use sha2::{Digest as _, Sha256};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};
use uuid::Uuid;

use crate::database::{Database, DatabaseError};
use crate::errors::told;
use crate::session::Session;

/// One step of the schema.
struct Migration {
    number: i32,
    sql: &'static str,
}

/// Number and checksum of a migration that was applied.
type Applied = (i32, Vec<u8>);

/// All of them, oldest first.
const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, sql: include_str!("../migrations/0001_event_store.sql") },
    Migration { number: 2, sql: include_str!("../migrations/0002_leases.sql") },
];

/// The table of what was applied; who may see the schema may see it.
const APPLIED: &str = "CREATE TABLE IF NOT EXISTS migrations (
      number     integer PRIMARY KEY,
      checksum   bytea NOT NULL, -- SHA-256 of the migration's text
      applied_at timestamptz NOT NULL DEFAULT now()
    );
    GRANT SELECT ON migrations TO PUBLIC";

/// What [`migrate`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// Migrations that were applied now.
    pub applied: usize,
    /// All that this program knows.
    pub known: usize,
}

impl Migration {
    fn checksum(&self) -> Vec<u8> {
        Sha256::digest(self.sql).to_vec()
    }
}

/// Brings the tables of a schema up to date, makes the schema when there is none, and names a new log `new_id`.
///
/// Needs a role that owns the schema, or may make it. Several may run at once: the later ones find nothing to do.
pub async fn migrate(database: &Database, new_id: Uuid) -> Result<Migrated, DatabaseError> {
    let mut session = connect(database).await?;
    let client = &mut session.client;
    prepare(client, &database.schema).await.map_err(|error| refused(&error))?;
    let found = applied(client).await.map_err(|error| refused(&error))?;
    ensure_known(&database.schema, &found)?;
    let missing = MIGRATIONS.get(found.len()..).unwrap_or_default();
    for migration in missing {
        apply(client, migration).await.map_err(|error| refused(&error))?;
    }
    let sql = "INSERT INTO log (incarnation) VALUES ($1) ON CONFLICT DO NOTHING";
    client.execute(sql, &[&new_id]).await.map_err(|error| refused(&error))?;
    Ok(Migrated { applied: missing.len(), known: MIGRATIONS.len() })
}

/// Which log it is, without opening it.
pub async fn incarnation(database: &Database) -> Result<Incarnation, DatabaseError> {
    let session = connect(database).await?;
    check(&session.client, &database.schema).await?;
    let found = session.client.query_one("SELECT incarnation FROM log", &[]).await;
    let id = found.and_then(|row| row.try_get(0)).map_err(|error| refused(&error))?;
    Ok(Incarnation::new(id))
}

/// Makes it another log from here on: nothing that was made from it before belongs to it any more.
pub async fn accept_older_log(database: &Database, new_id: Uuid) -> Result<LogMark, DatabaseError> {
    let session = connect(database).await?;
    check(&session.client, &database.schema).await?;
    let sql = "UPDATE log SET incarnation = $1 \
        RETURNING (SELECT coalesce(max(position), 0) FROM events)";
    let accepted = session.client.query_one(sql, &[&new_id]).await;
    let position: i64 = accepted.and_then(|row| row.try_get(0)).map_err(|error| refused(&error))?;
    let position = Position::new(u64::try_from(position).unwrap_or_default());
    Ok(LogMark { incarnation: Incarnation::new(new_id), position })
}

pub(crate) async fn connect(database: &Database) -> Result<Session, DatabaseError> {
    let opened = Session::open(database).await;
    opened.map_err(|error| DatabaseError::Unreachable(told(&error)))
}

pub(crate) fn refused(error: &Error) -> DatabaseError {
    DatabaseError::Refused(told(error))
}

/// Whether the tables are those that this program needs. Newer ones are fine: see the head of this file.
pub(crate) async fn check(client: &Client, schema: &str) -> Result<(), DatabaseError> {
    // a schema that may not be seen is as good as none
    let unseen = [SqlState::UNDEFINED_TABLE, SqlState::INSUFFICIENT_PRIVILEGE];
    let found = match applied(client).await {
        Err(error) if error.code().is_some_and(|code| unseen.contains(code)) => Vec::new(),
        found => found.map_err(|error| refused(&error))?,
    };
    ensure_known(schema, &found)?;
    if found.len() < MIGRATIONS.len() {
        let (schema, found, known) = (schema.to_owned(), found.len(), MIGRATIONS.len());
        return Err(DatabaseError::NotMigrated { schema, found, known });
    }
    Ok(())
}

/// The schema and the table of migrations, for this process alone until its connection ends.
async fn prepare(client: &Client, schema: &str) -> Result<(), Error> {
    // the new tables may be large one day
    client.batch_execute("SET statement_timeout = 0").await?;
    let lock = "SELECT pg_advisory_lock(hashtext('gondola migrations'), hashtext($1))";
    client.execute(lock, &[&schema]).await?;
    let there = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    if client.query_opt(there, &[&schema]).await?.is_none() {
        client.batch_execute(&format!("CREATE SCHEMA {schema}")).await?;
    }
    client.batch_execute(APPLIED).await
}

/// What was applied, oldest first.
async fn applied(client: &Client) -> Result<Vec<Applied>, Error> {
    let rows = client.query("SELECT number, checksum FROM migrations ORDER BY number", &[]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Refuses a schema that was migrated by something else.
fn ensure_known(schema: &str, found: &[Applied]) -> Result<(), DatabaseError> {
    let foreign = MIGRATIONS.iter().zip(found).find(|(known, (number, checksum))| {
        known.number != *number || known.checksum() != *checksum
    });
    match foreign {
        None => Ok(()),
        Some((_, (number, _))) => {
            Err(DatabaseError::ForeignMigration { schema: schema.to_owned(), number: *number })
        }
    }
}

async fn apply(client: &mut Client, migration: &Migration) -> Result<(), Error> {
    let change = client.transaction().await?;
    change.batch_execute(migration.sql).await?;
    let sql = "INSERT INTO migrations (number, checksum) VALUES ($1, $2)";
    change.execute(sql, &[&migration.number, &migration.checksum()]).await?;
    change.commit().await
}

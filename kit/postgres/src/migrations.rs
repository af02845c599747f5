//! The tables of a schema: which migrations there are, how they are applied, and whether they were.
//!
//! A migration is never changed once it is released. It takes nothing away that the release before it uses, so that the
//! processes of both can run on one database while one is replaced by the other.

use sha2::{Digest as _, Sha256};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

use crate::database::{Database, DatabaseError};
use crate::errors::told;
use crate::session::Session;

/// The migrations of a schema.
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    /// What the tables are for, as in "the schema has none of its migrations of ...".
    pub of: &'static str,
    /// The text of each, the oldest first.
    pub steps: &'static [&'static str],
}

/// Number and checksum of a migration that was applied.
type Applied = (i32, Vec<u8>);

/// The table of what was applied; who may see the schema may see it.
const APPLIED: &str = "CREATE TABLE IF NOT EXISTS migrations (
      number     integer PRIMARY KEY,
      checksum   bytea NOT NULL, -- SHA-256 of the migration's text
      applied_at timestamptz NOT NULL DEFAULT now()
    );
    GRANT SELECT ON migrations TO PUBLIC";

/// What applying migrations did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// Migrations that were applied now.
    pub applied: usize,
    /// All that this program knows.
    pub known: usize,
}

impl Migrations {
    /// Brings the tables of a schema up to date, and makes the schema when there is none.
    ///
    /// Needs a role that owns the schema, or may make it. Several may run at once: the later ones find nothing to do.
    pub async fn apply(&self, database: &Database) -> Result<Migrated, DatabaseError> {
        let mut session = connect(database).await?;
        self.apply_in(&mut session.client, &database.schema).await
    }

    pub(crate) async fn apply_in(
        &self,
        client: &mut Client,
        schema: &str,
    ) -> Result<Migrated, DatabaseError> {
        prepare(client, schema).await.map_err(|error| refused(&error))?;
        let found = applied(client).await.map_err(|error| refused(&error))?;
        self.ensure_known(schema, &found)?;
        let missing = self.steps.get(found.len()..).unwrap_or_default();
        for (sql, number) in missing.iter().zip(found.len() + 1..) {
            let number = i32::try_from(number).unwrap_or(i32::MAX);
            apply(client, number, sql).await.map_err(|error| refused(&error))?;
        }
        Ok(Migrated { applied: missing.len(), known: self.steps.len() })
    }

    /// Whether the tables of a database are those that this program needs. Newer ones are fine: see the head of this file.
    pub async fn check_in(&self, database: &Database) -> Result<(), DatabaseError> {
        self.check(&connect(database).await?.client, &database.schema).await
    }

    pub(crate) async fn check(&self, client: &Client, schema: &str) -> Result<(), DatabaseError> {
        // a schema that may not be seen is as good as none
        let unseen = [SqlState::UNDEFINED_TABLE, SqlState::INSUFFICIENT_PRIVILEGE];
        let found = match applied(client).await {
            Err(error) if error.code().is_some_and(|code| unseen.contains(code)) => Vec::new(),
            found => found.map_err(|error| refused(&error))?,
        };
        self.ensure_known(schema, &found)?;
        let (of, found, known) = (self.of, found.len(), self.steps.len());
        if found < known {
            return Err(DatabaseError::NotMigrated { schema: schema.to_owned(), of, found, known });
        }
        Ok(())
    }

    /// Refuses a schema that was migrated by something else.
    fn ensure_known(&self, schema: &str, found: &[Applied]) -> Result<(), DatabaseError> {
        let mut both = (1..).zip(self.steps).zip(found);
        let foreign = both.find(|((known, sql), (number, checksum))| {
            known != number || checksum_of(sql) != *checksum
        });
        match foreign {
            None => Ok(()),
            Some((_, (number, _))) => {
                Err(DatabaseError::ForeignMigration { schema: schema.to_owned(), number: *number })
            }
        }
    }
}

fn checksum_of(sql: &str) -> Vec<u8> {
    Sha256::digest(sql).to_vec()
}

pub(crate) async fn connect(database: &Database) -> Result<Session, DatabaseError> {
    let opened = Session::open(database).await;
    opened.map_err(|error| DatabaseError::Unreachable(told(&error)))
}

pub(crate) fn refused(error: &Error) -> DatabaseError {
    DatabaseError::Refused(told(error))
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

async fn apply(client: &mut Client, number: i32, text: &str) -> Result<(), Error> {
    let change = client.transaction().await?;
    change.batch_execute(text).await?;
    let sql = "INSERT INTO migrations (number, checksum) VALUES ($1, $2)";
    change.execute(sql, &[&number, &checksum_of(text)]).await?;
    change.commit().await
}

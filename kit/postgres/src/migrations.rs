//! The tables of a schema: which migrations there are, how they are applied, and whether they were.
//!
//! A migration is never changed once it is released. It takes nothing away that the release before it uses, so that the
//! processes of both can run on one database while one is replaced by the other. One that takes away what older releases use
//! says so, and they refuse to start on it.

use sha2::{Digest as _, Sha256};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error, Row};

use crate::database::{Database, DatabaseError};
use crate::errors::told;
use crate::session::Session;

/// The migrations of a schema.
#[derive(Clone, Copy, Debug)]
pub struct Migrations {
    /// What the tables are for, as in "the schema has none of its migrations of ...".
    pub of: &'static str,
    /// The oldest first.
    pub steps: &'static [Migration],
}

/// A step of a schema.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    sql: &'static str,
    /// How many migrations a program must know, at least, that runs on the tables after it.
    needs: usize,
}

/// A migration that was applied.
struct Applied {
    number: i32,
    checksum: Vec<u8>,
    needs: i32,
}

/// The table of what was applied; who may see the schema may see it.
const APPLIED: &str = "CREATE TABLE IF NOT EXISTS migrations (
      number     integer PRIMARY KEY,
      checksum   bytea NOT NULL, -- SHA-256 of the migration's text
      applied_at timestamptz NOT NULL DEFAULT now()
    );
    -- how many migrations a program must know, at least, that runs on the tables after it
    ALTER TABLE migrations ADD COLUMN IF NOT EXISTS needs integer NOT NULL DEFAULT 0;
    GRANT SELECT ON migrations TO PUBLIC";

/// What applying migrations did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// Migrations that were applied now.
    pub applied: usize,
    /// All that this program knows.
    pub known: usize,
}

impl Migration {
    /// One that only adds: every older program can go on.
    #[must_use]
    pub const fn expand(sql: &'static str) -> Self {
        Self { sql, needs: 0 }
    }

    /// One that takes away what programs use that know fewer than so many migrations.
    #[must_use]
    pub const fn contract(sql: &'static str, needs: usize) -> Self {
        Self { sql, needs }
    }

    fn checksum(&self) -> Vec<u8> {
        Sha256::digest(self.sql).to_vec()
    }
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
        self.ensure_usable(schema, &found)?;
        let missing = self.steps.get(found.len()..).unwrap_or_default();
        for (migration, number) in missing.iter().zip(found.len() + 1..) {
            apply(client, number, migration).await.map_err(|error| refused(&error))?;
        }
        Ok(Migrated { applied: missing.len(), known: self.steps.len() })
    }

    /// Whether the tables of a database are those that this program needs. Newer ones are fine, unless they lack what it uses:
    /// see the head of this file.
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
        self.ensure_usable(schema, &found)?;
        let (of, found, known) = (self.of, found.len(), self.steps.len());
        if found < known {
            return Err(DatabaseError::NotMigrated { schema: schema.to_owned(), of, found, known });
        }
        Ok(())
    }

    /// Refuses a schema that was migrated by something else, or beyond what this program can run on.
    fn ensure_usable(&self, schema: &str, found: &[Applied]) -> Result<(), DatabaseError> {
        let schema = || schema.to_owned();
        for ((known, migration), found) in (1..).zip(self.steps).zip(found) {
            if known != found.number || migration.checksum() != found.checksum {
                let number = found.number;
                return Err(DatabaseError::ForeignMigration { schema: schema(), number });
            }
        }
        let known = self.steps.len();
        let needs = |found: &Applied| usize::try_from(found.needs).unwrap_or(0);
        match found.iter().find(|found| needs(found) > known) {
            Some(found) => Err(DatabaseError::TakenAway {
                schema: schema(),
                of: self.of,
                number: found.number,
                needs: needs(found),
                known,
            }),
            None => Ok(()),
        }
    }
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
    // the column is younger than the table, and this may be asked before anybody has migrated
    let sql = "SELECT number, checksum, coalesce((to_jsonb(m) ->> 'needs')::integer, 0) FROM migrations m ORDER BY number";
    let rows = client.query(sql, &[]).await?;
    let applied = |row: &Row| {
        Ok(Applied { number: row.try_get(0)?, checksum: row.try_get(1)?, needs: row.try_get(2)? })
    };
    rows.iter().map(applied).collect()
}

async fn apply(client: &mut Client, number: usize, migration: &Migration) -> Result<(), Error> {
    let [number, needs] =
        [number, migration.needs].map(|count| i32::try_from(count).unwrap_or(i32::MAX));
    let change = client.transaction().await?;
    change.batch_execute(migration.sql).await?;
    let sql = "INSERT INTO migrations (number, checksum, needs) VALUES ($1, $2, $3)";
    change.execute(sql, &[&number, &migration.checksum(), &needs]).await?;
    change.commit().await
}

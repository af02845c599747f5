//! The tables of the log: which migrations there are, how they are applied, and whether they were.
//!
//! A migration is never changed once it is released. It takes nothing away that the release before it uses, so that the
//! processes of both can run on one database while one is replaced by the other; one that takes away what older releases use
//! says so, and they refuse to start on it. The database commits after each of its
//! statements: all of them may be applied a second time.

use kit_core::Position;
use kit_event_store::{Incarnation, LogMark};
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Error};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::database::{Database, DatabaseError};
use crate::errors::told;
use crate::session;
use crate::sql::{bytes, id, text};

/// One step of the schema.
struct Migration {
    number: u32,
    sql: &'static str,
    /// How many migrations a program must know, at least, that runs on the tables after it: 0 for one that only adds.
    needs: u32,
}

/// Number and checksum of a migration that was applied, and how many a program must know at least.
type Applied = (u32, Vec<u8>, u32);

/// All of them, oldest first.
const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, sql: include_str!("../migrations/0001_event_store.sql"), needs: 0 },
    Migration { number: 2, sql: include_str!("../migrations/0002_subject_keys.sql"), needs: 0 },
];

/// The table of what was applied.
const APPLIED: &str = "CREATE TABLE IF NOT EXISTS migrations (
      number     int        NOT NULL PRIMARY KEY,
      checksum   binary(32) NOT NULL, -- SHA-256 of the migration's text
      applied_at timestamp  NOT NULL DEFAULT CURRENT_TIMESTAMP
    ) ENGINE = InnoDB";

/// Seconds to wait for another that migrates.
const OTHER_WAIT_MAX: u32 = 600;

/// There is no such table or database, or none that this user may see.
const UNSEEN: [u16; 4] = [1146, 1142, 1049, 1044];

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

/// Brings the tables of a database up to date, makes the database when there is none, and names a new log `new_id`.
///
/// Needs a user who may make tables, and the database if there is none. Several may run at once: the later ones find nothing
/// to do.
pub async fn migrate(database: &Database, new_id: Uuid) -> Result<Migrated, DatabaseError> {
    let mut conn = session::connect(database.server()).await.map_err(unreachable)?;
    prepare(&mut conn, &database.name).await.map_err(|error| refused(&error))?;
    let found = applied(&mut conn).await.map_err(|error| refused(&error))?;
    ensure_usable(&database.name, &found)?;
    let missing = MIGRATIONS.get(found.len()..).unwrap_or_default();
    for migration in missing {
        apply(&mut conn, migration).await.map_err(|error| refused(&error))?;
    }
    let sql = format!("INSERT IGNORE INTO log (incarnation) VALUES ({})", id(new_id));
    conn.query_drop(sql).await.map_err(|error| refused(&error))?;
    conn.disconnect().await.map_err(|error| refused(&error))?;
    Ok(Migrated { applied: missing.len(), known: MIGRATIONS.len() })
}

/// Which log it is, without opening it.
pub async fn incarnation(database: &Database) -> Result<Incarnation, DatabaseError> {
    let mut conn = connect(database).await?;
    let found = conn.query_first("SELECT incarnation FROM log").await;
    found_incarnation(found.map_err(|error| refused(&error))?)
}

/// Makes it another log from here on: nothing that was made from it before belongs to it any more.
pub async fn accept_older_log(database: &Database, new_id: Uuid) -> Result<LogMark, DatabaseError> {
    let mut conn = connect(database).await?;
    let sql = format!("UPDATE log SET incarnation = {}", id(new_id));
    conn.query_drop(sql).await.map_err(|error| refused(&error))?;
    let end = conn.query_first("SELECT position FROM log").await;
    let end: Option<u64> = end.map_err(|error| refused(&error))?;
    let position = Position::new(end.unwrap_or_default());
    Ok(LogMark { incarnation: Incarnation::new(new_id), position })
}

/// Opens a connection to a database that has the tables.
pub(crate) async fn connect(database: &Database) -> Result<Conn, DatabaseError> {
    let mut conn = match session::connect(database.opts()).await {
        Err(Error::Server(refused)) if UNSEEN.contains(&refused.code) => {
            return Err(not_migrated(&database.name, 0));
        }
        connected => connected.map_err(unreachable)?,
    };
    check(&mut conn, &database.name).await?;
    Ok(conn)
}

/// The incarnation as the log's row has it.
pub(crate) fn found_incarnation(found: Option<Vec<u8>>) -> Result<Incarnation, DatabaseError> {
    let id = Uuid::from_slice(&found.unwrap_or_default());
    id.map(Incarnation::new).map_err(|error| DatabaseError::Refused(error.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn unreachable(error: Error) -> DatabaseError {
    DatabaseError::Unreachable(told(&error))
}

pub(crate) fn refused(error: &Error) -> DatabaseError {
    DatabaseError::Refused(told(error))
}

/// Whether the tables are those that this program needs. Newer ones are fine, unless they lack what it uses: see the head of
/// this file.
async fn check(conn: &mut Conn, database: &str) -> Result<(), DatabaseError> {
    let found = match applied(conn).await {
        Err(Error::Server(refused)) if UNSEEN.contains(&refused.code) => Vec::new(),
        found => found.map_err(|error| refused(&error))?,
    };
    ensure_usable(database, &found)?;
    if found.len() < MIGRATIONS.len() {
        return Err(not_migrated(database, found.len()));
    }
    Ok(())
}

fn not_migrated(database: &str, found: usize) -> DatabaseError {
    DatabaseError::NotMigrated { database: database.to_owned(), found, known: MIGRATIONS.len() }
}

/// The database and the table of migrations, for this process alone until its connection ends.
async fn prepare(conn: &mut Conn, database: &str) -> Result<(), Error> {
    // the new tables may be large one day
    conn.query_drop(
        "SET SESSION innodb_lock_wait_timeout = 600 /*M!100400 , max_statement_time = 0 */",
    )
    .await?;
    let name = Uuid::new_v5(&Uuid::NAMESPACE_OID, database.as_bytes());
    let lock = format!("SELECT GET_LOCK('gondola-migrate-{}', {OTHER_WAIT_MAX})", name.simple());
    conn.query_drop(lock).await?;
    let there =
        format!("SELECT 1 FROM information_schema.schemata WHERE schema_name = {}", text(database));
    if conn.query_first::<u8, _>(there).await?.is_none() {
        conn.query_drop(format!("CREATE DATABASE `{database}` CHARACTER SET utf8mb4")).await?;
    }
    conn.query_drop(format!("USE `{database}`")).await?;
    conn.query_drop(APPLIED).await?;
    let there = "SELECT 1 FROM information_schema.columns \
        WHERE table_schema = DATABASE() AND table_name = 'migrations' AND column_name = 'needs'";
    if conn.query_first::<u8, _>(there).await?.is_none() {
        conn.query_drop("ALTER TABLE migrations ADD COLUMN needs int NOT NULL DEFAULT 0").await?;
    }
    Ok(())
}

/// What was applied, oldest first.
async fn applied(conn: &mut Conn) -> Result<Vec<Applied>, Error> {
    // the column is younger than the table, and this may be asked before anybody has migrated: the name in the inner query is
    // then that of the outer one
    let sql = "SELECT number, checksum, (SELECT needs FROM migrations i WHERE i.number = o.number) \
        FROM (SELECT 0 AS needs) none CROSS JOIN migrations o ORDER BY number";
    conn.query(sql).await
}

/// Refuses a database that was migrated by something else, or beyond what this program can run on.
fn ensure_usable(database: &str, found: &[Applied]) -> Result<(), DatabaseError> {
    let foreign = MIGRATIONS.iter().zip(found).find(|(known, (number, checksum, _))| {
        known.number != *number || known.checksum() != *checksum
    });
    let database = || database.to_owned();
    if let Some((_, &(number, ..))) = foreign {
        return Err(DatabaseError::ForeignMigration { database: database(), number });
    }
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    match found.iter().find(|(.., needs)| *needs > known) {
        Some(&(number, _, needs)) => {
            Err(DatabaseError::TakenAway { database: database(), number, needs, known })
        }
        None => Ok(()),
    }
}

async fn apply(conn: &mut Conn, migration: &Migration) -> Result<(), Error> {
    conn.query_drop(migration.sql).await?;
    let Migration { number, needs, .. } = migration;
    let checksum = bytes(&migration.checksum());
    let sql = format!(
        "INSERT INTO migrations (number, checksum, needs) VALUES ({number}, {checksum}, {needs})"
    );
    conn.query_drop(sql).await
}

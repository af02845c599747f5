//! The tables of the log: made, checked, and given to another log.

use kit_core::Position;
use kit_event_store::{Incarnation, LogMark};
use uuid::Uuid;

use crate::database::{Database, DatabaseError};
use crate::migrations::{Migrated, Migration, Migrations, connect, refused};

/// All of them, oldest first.
pub(crate) const MIGRATIONS: Migrations = Migrations {
    of: "the event store",
    steps: &[
        Migration::expand(include_str!("../migrations/0001_event_store.sql")),
        Migration::expand(include_str!("../migrations/0002_leases.sql")),
        Migration::expand(include_str!("../migrations/0003_subject_keys.sql")),
    ],
};

/// Brings the tables of a log up to date, makes the schema when there is none, and names a new log `new_id`.
///
/// Needs a role that owns the schema, or may make it. Several may run at once: the later ones find nothing to do.
pub async fn migrate(database: &Database, new_id: Uuid) -> Result<Migrated, DatabaseError> {
    let mut session = connect(database).await?;
    let migrated = MIGRATIONS.apply_in(&mut session.client, &database.schema).await?;
    let sql = "INSERT INTO log (incarnation) VALUES ($1) ON CONFLICT DO NOTHING";
    session.client.execute(sql, &[&new_id]).await.map_err(|error| refused(&error))?;
    Ok(migrated)
}

/// Which log it is, without opening it.
pub async fn incarnation(database: &Database) -> Result<Incarnation, DatabaseError> {
    let session = connect(database).await?;
    MIGRATIONS.check(&session.client, &database.schema).await?;
    let found = session.client.query_one("SELECT incarnation FROM log", &[]).await;
    let id = found.and_then(|row| row.try_get(0)).map_err(|error| refused(&error))?;
    Ok(Incarnation::new(id))
}

/// Makes it another log from here on: nothing that was made from it before belongs to it any more.
pub async fn accept_older_log(database: &Database, new_id: Uuid) -> Result<LogMark, DatabaseError> {
    let session = connect(database).await?;
    MIGRATIONS.check(&session.client, &database.schema).await?;
    let sql = "UPDATE log SET incarnation = $1 \
        RETURNING (SELECT coalesce(max(position), 0) FROM events)";
    let accepted = session.client.query_one(sql, &[&new_id]).await;
    let position: i64 = accepted.and_then(|row| row.try_get(0)).map_err(|error| refused(&error))?;
    let position = Position::new(u64::try_from(position).unwrap_or_default());
    Ok(LogMark { incarnation: Incarnation::new(new_id), position })
}

//! Leases in the database of a log: rows, by the clock of the server.

use std::time::Duration;

use async_trait::async_trait;
use kit_core::Epoch;
use kit_lease::{Lease, LeaseError, Leases};
use uuid::Uuid;

use crate::connections::{Arguments, Connections};
use crate::database::{Database, DatabaseError};
use crate::rows;

/// Leases of the singletons that work on a log, in the schema of the log.
pub struct PostgresLeases {
    /// Of their own: a renewal must not wait for those who read the log.
    connections: Connections,
}

impl PostgresLeases {
    /// The leases in a schema whose tables are there. Connects when they are asked for.
    pub fn new(database: &Database) -> Result<Self, DatabaseError> {
        Ok(Self { connections: Connections::new(database, 1)? })
    }

    /// Runs a statement that changes a lease where it is still its holder's; whether it was.
    async fn change(&self, sql: &str, arguments: Arguments<'_>) -> Result<bool, LeaseError> {
        let changed = self.connections.query(sql, arguments).await;
        changed.map(|rows| !rows.is_empty()).map_err(|error| unknown(&error))
    }
}

fn unknown(error: &impl ToString) -> LeaseError {
    LeaseError(error.to_string())
}

fn seconds(time: Duration) -> f64 {
    time.as_secs_f64()
}

#[async_trait]
impl Leases for PostgresLeases {
    async fn acquire(
        &self,
        name: &str,
        holder: Uuid,
        time_to_live: Duration,
        above: Epoch,
    ) -> Result<Option<Lease>, LeaseError> {
        let sql = "INSERT INTO leases AS lease (name, holder, epoch, expires_at) \
            VALUES ($1, $2, $3::bigint + 1, clock_timestamp() + make_interval(secs => $4)) \
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at, \
                epoch = greatest(lease.epoch, $3) + 1 \
              WHERE lease.holder = excluded.holder OR lease.expires_at <= clock_timestamp() \
            RETURNING epoch";
        let (above, seconds) = (rows::number(above.get()), seconds(time_to_live));
        let rows = self.connections.query(sql, &[&name, &holder, &above, &seconds]).await;
        let rows = rows.map_err(|error| unknown(&error))?;
        let epoch = rows.first().map(|row| rows::epoch(row, 0)).transpose();
        let lease = |epoch| Lease { name: name.to_owned(), holder, epoch };
        Ok(epoch.map_err(|error| unknown(&error))?.map(lease))
    }

    async fn renew(&self, lease: &Lease, time_to_live: Duration) -> Result<bool, LeaseError> {
        let sql = "UPDATE leases SET expires_at = clock_timestamp() + make_interval(secs => $4) \
            WHERE name = $1 AND holder = $2 AND epoch = $3 AND expires_at > clock_timestamp() RETURNING 1";
        let (epoch, seconds) = (rows::number(lease.epoch.get()), seconds(time_to_live));
        self.change(sql, &[&lease.name, &lease.holder, &epoch, &seconds]).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), LeaseError> {
        let sql = "UPDATE leases SET expires_at = '-infinity' \
            WHERE name = $1 AND holder = $2 AND epoch = $3 RETURNING 1";
        let epoch = rows::number(lease.epoch.get());
        self.change(sql, &[&lease.name, &lease.holder, &epoch]).await.map(drop)
    }
}

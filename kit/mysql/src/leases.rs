//! Leases in the database of a log: rows, by the clock of the server.

use std::time::Duration;

use async_trait::async_trait;
use kit_core::Epoch;
use kit_event_store::EventStoreError;
use kit_lease::{Lease, LeaseError, Leases};
use uuid::Uuid;

use crate::database::Database;
use crate::pool::{Answer, Pool};
use crate::rows::number;
use crate::sql::{bytes, id};

/// Leases of the singletons that work on a log, in the database of the log.
pub struct MysqlLeases {
    /// Of their own: a renewal must not wait for those who read the log.
    pool: Pool,
}

impl MysqlLeases {
    /// The leases in a database whose tables are there. Connects when they are asked for.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        Self { pool: Pool::new(database, 1) }
    }

    async fn run(&self, sql: &str) -> Result<Answer, LeaseError> {
        let told = |error: EventStoreError| LeaseError(error.to_string());
        self.pool.run(sql).await.map_err(told)
    }
}

/// The moment at which a lease that is given now ends. The server looks at its clock when it has the row.
fn end(time_to_live: Duration) -> String {
    format!("SYSDATE(6) + INTERVAL {} MICROSECOND", time_to_live.as_micros())
}

/// Where a lease is still its holder's.
fn is(lease: &Lease) -> String {
    let (name, holder) = (bytes(lease.name.as_bytes()), id(lease.holder));
    format!("name = {name} AND holder = {holder} AND epoch = {}", number(lease.epoch.get()))
}

#[async_trait]
impl Leases for MysqlLeases {
    async fn acquire(
        &self,
        name: &str,
        holder: Uuid,
        time_to_live: Duration,
        above: Epoch,
    ) -> Result<Option<Lease>, LeaseError> {
        let lease = |epoch| Lease { name: name.to_owned(), holder, epoch: Epoch::new(epoch) };
        let (key, by) = (bytes(name.as_bytes()), id(holder));
        let (above, end) = (number(above.get()), end(time_to_live));
        let take = format!(
            "UPDATE leases SET epoch = LAST_INSERT_ID(GREATEST(epoch, {above}) + 1), expires_at = {end}, holder = {by} \
             WHERE name = {key} AND (holder = {by} OR expires_at <= SYSDATE(6))"
        );
        let taken = self.run(&take).await?;
        if taken.changed > 0 {
            return Ok(Some(lease(taken.last_id)));
        }
        // there is none yet, or it is another's
        let begin = format!(
            "INSERT IGNORE INTO leases (name, holder, epoch, expires_at) VALUES ({key}, {by}, {above} + 1, {end})"
        );
        let is_new = self.run(&begin).await?.changed > 0;
        Ok(is_new.then(|| lease(above.unsigned_abs() + 1)))
    }

    async fn renew(&self, lease: &Lease, time_to_live: Duration) -> Result<bool, LeaseError> {
        let sql = format!(
            "UPDATE leases SET expires_at = {} WHERE {} AND expires_at > SYSDATE(6)",
            end(time_to_live),
            is(lease)
        );
        Ok(self.run(&sql).await?.changed > 0)
    }

    async fn release(&self, lease: &Lease) -> Result<(), LeaseError> {
        let sql = format!("UPDATE leases SET expires_at = '1970-01-01' WHERE {}", is(lease));
        self.run(&sql).await.map(drop)
    }
}

//! Leases by the shared contract, each test in a database of its own.

use std::time::Duration;

use async_trait::async_trait;
use kit_core::Epoch;
use kit_lease::{Lease, LeaseError, Leases};
use kit_mysql::MysqlLeases;
use uuid::Uuid;

use crate::scratch::Scratch;

/// Leases with the database that they are in.
struct InScratch {
    leases: MysqlLeases,
    _scratch: Scratch,
}

impl InScratch {
    async fn new() -> Self {
        let scratch = Scratch::new();
        drop(scratch.open().await);
        Self { leases: MysqlLeases::new(&scratch.database()), _scratch: scratch }
    }
}

#[async_trait]
impl Leases for InScratch {
    async fn acquire(
        &self,
        name: &str,
        holder: Uuid,
        time_to_live: Duration,
        above: Epoch,
    ) -> Result<Option<Lease>, LeaseError> {
        self.leases.acquire(name, holder, time_to_live, above).await
    }

    async fn renew(&self, lease: &Lease, time_to_live: Duration) -> Result<bool, LeaseError> {
        self.leases.renew(lease, time_to_live).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), LeaseError> {
        self.leases.release(lease).await
    }
}

kit_testkit::lease_contract!(
    mysql,
    InScratch::new().await,
    #[ignore = "needs MariaDB: make test-services"]
);

//! Leases by the shared contract, each test in a schema of its own.

use std::time::Duration;

use async_trait::async_trait;
use kit_core::Epoch;
use kit_lease::{Lease, LeaseError, Leases};
use kit_postgres::PostgresLeases;
use uuid::Uuid;

use crate::scratch::Scratch;

/// Leases with the schema that they are in.
struct InScratch {
    leases: PostgresLeases,
    _scratch: Scratch,
}

impl InScratch {
    async fn new() -> Self {
        let scratch = Scratch::new();
        drop(scratch.open().await);
        Self { leases: PostgresLeases::new(&scratch.database()).unwrap(), _scratch: scratch }
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
    postgres,
    InScratch::new().await,
    #[ignore = "needs PostgreSQL: make test-services"]
);

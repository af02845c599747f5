//! Leases that can be made to fail or to hang.

use std::future;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use kit_core::Epoch;
use kit_lease::memory::MemoryLeases;
use kit_lease::{Lease, LeaseError, Leases};
use uuid::Uuid;

/// What becomes of calls.
#[derive(Clone, Copy)]
pub(crate) enum Mood {
    Well,
    Fails,
    Hangs,
}

/// Passes calls on to leases in memory, or not.
#[derive(Default)]
pub(crate) struct MoodyLeases {
    inner: MemoryLeases,
    mood: AtomicU8,
}

impl MoodyLeases {
    pub(crate) fn become_one_that(&self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::SeqCst);
    }

    async fn pass(&self) -> Result<(), LeaseError> {
        match self.mood.load(Ordering::SeqCst) {
            mood if mood == Mood::Fails as u8 => Err(LeaseError("it fails".to_owned())),
            mood if mood == Mood::Hangs as u8 => future::pending().await,
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Leases for MoodyLeases {
    async fn acquire(
        &self,
        name: &str,
        holder: Uuid,
        time_to_live: Duration,
        above: Epoch,
    ) -> Result<Option<Lease>, LeaseError> {
        self.pass().await?;
        self.inner.acquire(name, holder, time_to_live, above).await
    }

    async fn renew(&self, lease: &Lease, time_to_live: Duration) -> Result<bool, LeaseError> {
        self.pass().await?;
        self.inner.renew(lease, time_to_live).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), LeaseError> {
        self.pass().await?;
        self.inner.release(lease).await
    }
}

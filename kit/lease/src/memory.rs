//! The reference adapter: leases within one process, for tests and simulations.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kit_core::Epoch;
use tokio::time::Instant;
use uuid::Uuid;

use crate::port::{Lease, LeaseError, Leases};

/// Leases that end with the process; by the clock of its runtime.
#[derive(Debug, Default)]
pub struct MemoryLeases(Mutex<HashMap<String, Entry>>);

#[derive(Debug)]
struct Entry {
    holder: Uuid,
    epoch: Epoch,
    ends_at: Instant,
}

impl MemoryLeases {
    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the end of a lease that is the caller's.
    fn end(&self, lease: &Lease, ends_at: Instant) -> bool {
        let mut entries = self.entries();
        let own = entries.get_mut(&lease.name).filter(|entry| {
            let is_own = (entry.holder, entry.epoch) == (lease.holder, lease.epoch);
            is_own && Instant::now() < entry.ends_at
        });
        let is_own = own.is_some();
        if let Some(entry) = own {
            entry.ends_at = ends_at;
        }
        is_own
    }
}

#[async_trait]
impl Leases for MemoryLeases {
    async fn acquire(
        &self,
        name: &str,
        holder: Uuid,
        time_to_live: Duration,
        above: Epoch,
    ) -> Result<Option<Lease>, LeaseError> {
        let (mut entries, now) = (self.entries(), Instant::now());
        let present = entries.get(name);
        if present.is_some_and(|entry| entry.holder != holder && now < entry.ends_at) {
            return Ok(None);
        }
        let last = present.map_or(Epoch::ZERO, |entry| entry.epoch);
        let epoch = last.max(above).next();
        entries.insert(name.to_owned(), Entry { holder, epoch, ends_at: now + time_to_live });
        Ok(Some(Lease { name: name.to_owned(), holder, epoch }))
    }

    async fn renew(&self, lease: &Lease, time_to_live: Duration) -> Result<bool, LeaseError> {
        Ok(self.end(lease, Instant::now() + time_to_live))
    }

    async fn release(&self, lease: &Lease) -> Result<(), LeaseError> {
        self.end(lease, Instant::now());
        Ok(())
    }
}

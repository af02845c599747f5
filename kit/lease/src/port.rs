//! The lease port: what every adapter must do.
//!
//! A lease is somebody's until it runs out by the clock of the server that keeps it. Its holder counts by its own clock, from
//! the moment before it asked, and so stops no later than the server. Nothing here keeps a holder that was paused from acting
//! afterwards: whatever a holder writes must carry its epoch, and the store that is written must refuse a smaller one.

use std::time::Duration;

use async_trait::async_trait;
use kit_core::Epoch;
use uuid::Uuid;

/// What a holder has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// What it is about.
    pub name: String,
    /// Who has it.
    pub holder: Uuid,
    /// Greater than the epoch of every holder before.
    pub epoch: Epoch,
}

/// The keeper of the leases cannot be asked now.
#[derive(Clone, Debug, thiserror::Error)]
#[error("leases cannot be asked for now: {0}")]
pub struct LeaseError(pub String);

/// Keeps leases.
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes a lease for `time_to_live` when nobody else has it; `None` when somebody has.
    ///
    /// Who has it already gets it again with a new epoch: the answer to an earlier call may have been lost. The epoch MUST be
    /// greater than every one that was given for this name, as far as the keeper remembers, and greater than `above`, which
    /// is the greatest that the caller knows of: a keeper may forget, the stores that were written do not.
    async fn acquire(
        &self,
        name: &str,
        holder: Uuid,
        time_to_live: Duration,
        above: Epoch,
    ) -> Result<Option<Lease>, LeaseError>;

    /// Has a lease end `time_to_live` from now. False when it is the caller's no more: it has run out, or is another's.
    async fn renew(&self, lease: &Lease, time_to_live: Duration) -> Result<bool, LeaseError>;

    /// Ends a lease, if it is still the caller's.
    async fn release(&self, lease: &Lease) -> Result<(), LeaseError>;
}

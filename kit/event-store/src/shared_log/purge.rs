//! Deletes claims that ended long ago.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Clock, Timestamp};

use crate::port::EventStoreError;

/// Pause between two looks.
const INTERVAL: Duration = Duration::from_mins(1);

/// Claims deleted by one statement.
const AT_ONCE: u32 = 1_000;

/// Milliseconds after its end for which a claim is kept: by the clock of another process, which may be behind, it holds.
const KEPT_AFTER_END: i64 = 60 * 60 * 1_000;

/// A log whose claims stay until they are deleted.
#[async_trait]
pub trait ClaimPurge: Send + Sync {
    /// Deletes some of the claims that ended before a moment; the answer is how many.
    async fn purge_some(
        &self,
        ended_before: Timestamp,
        at_most: u32,
    ) -> Result<u64, EventStoreError>;
}

/// Deletes them now and then; runs until it is aborted.
pub async fn purge_claims(log: impl ClaimPurge, clock: Arc<dyn Clock>) {
    loop {
        let ended_before = Timestamp::from_millis(clock.now().as_millis() - KEPT_AFTER_END);
        if let Err(error) = purge_before(&log, ended_before).await {
            tracing::warn!(%error, "claims_not_purged");
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

async fn purge_before(log: &impl ClaimPurge, moment: Timestamp) -> Result<(), EventStoreError> {
    while log.purge_some(moment, AT_ONCE).await? >= u64::from(AT_ONCE) {}
    Ok(())
}

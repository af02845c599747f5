//! How long the server waits for a peer: to send more of a body, or to take more of an answer.

use std::pin::Pin;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

pub(crate) type Timer = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How long one may wait for a peer.
#[derive(Clone, Debug)]
pub(crate) struct Patience {
    /// Without progress.
    pub(crate) without_progress: Duration,
    /// From the beginning of the drain on.
    pub(crate) in_drain: Duration,
    /// Cancelled when the drain begins.
    pub(crate) drain: CancellationToken,
}

impl Patience {
    /// Ends when a peer has made no progress for too long.
    pub(crate) fn stall(&self) -> Timer {
        Box::pin(tokio::time::sleep(self.without_progress))
    }

    /// Ends when the drain waits no longer.
    pub(crate) fn end_of_drain(&self) -> Timer {
        let Self { drain, in_drain, .. } = self.clone();
        Box::pin(async move {
            drain.cancelled().await;
            tokio::time::sleep(in_drain).await;
        })
    }
}

//! How long the server waits for a peer: to send more of a body, or to take more of an answer.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep};
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

/// Parts in which a peer's silence is counted.
const PARTS: u32 = 10;

/// How long a peer has been silent while somebody waited for it.
///
/// The reader may turn to something else in between, such as the requests that have arrived, for longer than the peer
/// may be silent. So the time is counted in parts, and a part whose end nobody looked at in time does not count.
pub(crate) struct Silence {
    part: Duration,
    /// Ends with the present part.
    end: Pin<Box<Sleep>>,
    parts_left: u32,
}

impl Silence {
    /// A silence that begins now and is too long after `at_most`.
    pub(crate) fn begin(at_most: Duration) -> Self {
        let part = at_most / PARTS;
        Self { part, end: Box::pin(tokio::time::sleep(part)), parts_left: PARTS }
    }

    /// Ready when the peer has been silent for too long.
    pub(crate) fn poll_too_long(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while self.parts_left > 0 {
            ready!(self.end.as_mut().poll(context));
            let now = Instant::now();
            if now.duration_since(self.end.deadline()) < self.part {
                self.parts_left -= 1;
            }
            self.end.as_mut().reset(now + self.part);
        }
        Poll::Ready(())
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn wait(silence: &mut Silence, at_most: Duration) -> bool {
        let too_long = poll_fn(|context| silence.poll_too_long(context));
        tokio::time::timeout(at_most, too_long).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_time_in_which_somebody_waits_counts() {
        let mut silence = Silence::begin(20 * SECOND);
        assert!(!wait(&mut silence, 5 * SECOND).await);
        tokio::time::sleep(60 * SECOND).await;
        assert!(!wait(&mut silence, 13 * SECOND).await, "18 s of waiting");
        assert!(wait(&mut silence, 5 * SECOND).await, "and no more than 20, but for one part");
    }
}

//! How long is waited for names that are not known: they may have been registered just before.

use std::time::Duration;

use tokio::time::{Instant, timeout};

/// Longest wait for unknown names.
const LONGEST: Duration = Duration::from_millis(150);

/// Of the time that a sender of many groups takes, the part that it waits beyond that: one in so many.
const SHARE: u32 = 10;

/// The wait of one sender, however many groups of requests it sends: 150 ms in all, and a tenth of its time.
///
/// What was registered before its first request has arrived by then. Without a bound for all groups together, a batch of
/// unknown names in small pieces would wait for each piece.
#[derive(Debug)]
pub struct ArrivalWait {
    begun: Instant,
    waited: Duration,
}

impl Default for ArrivalWait {
    fn default() -> Self {
        Self { begun: Instant::now(), waited: Duration::ZERO }
    }
}

impl ArrivalWait {
    /// Waits until something is there, while there is time left.
    pub(super) async fn wait_for(&mut self, arrival: impl Future<Output = ()>) {
        let now = Instant::now();
        let earned = now.duration_since(self.begun) / SHARE;
        let left = (LONGEST + earned).saturating_sub(self.waited).min(LONGEST);
        // what has not arrived by then is unknown
        drop(timeout(left, arrival).await);
        self.waited += now.elapsed();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_does_not_arrive_is_waited_for_once_and_then_a_tenth_of_the_time() {
        let mut wait = ArrivalWait::default();
        let mut waited = async || {
            let begun = Instant::now();
            wait.wait_for(std::future::pending()).await;
            begun.elapsed().as_millis()
        };
        let millis =
            |range: std::ops::Range<u128>, waited| assert!(range.contains(&waited), "{waited}");
        millis(150..155, waited().await);
        millis(0..20, waited().await);
        tokio::time::sleep(Duration::from_secs(1)).await;
        millis(95..120, waited().await);
        tokio::time::sleep(Duration::from_mins(1)).await;
        millis(150..155, waited().await);
    }

    #[tokio::test(start_paused = true)]
    async fn what_arrives_takes_only_its_own_time() {
        let mut wait = ArrivalWait::default();
        for _ in 0..10 {
            let begun = Instant::now();
            wait.wait_for(tokio::time::sleep(Duration::from_millis(10))).await;
            assert!(begun.elapsed() < Duration::from_millis(13));
        }
    }
}

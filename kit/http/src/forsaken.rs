//! When the peer of a connection with many requests has done nothing for too long.

use std::time::Duration;

use crate::in_flight::InFlight;

/// Parts in which the time is counted, so that a machine that stood still is not the peer's fault.
const PARTS: u32 = 10;

/// Why a peer is waited for no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forsaken {
    /// It has nothing in flight and takes nothing.
    Idle,
    /// It takes nothing of an answer that it asked for.
    Unread,
}

impl Forsaken {
    /// Ends when nothing was in flight, and nothing left for the peer, for as long as `idle`; or when there is an answer of
    /// which nothing could leave for as long as `unread`, since the peer grants no window for it.
    pub(crate) async fn by_peer(in_flight: &InFlight, idle: Duration, unread: Duration) -> Self {
        let part = idle.min(unread) / PARTS;
        let (mut seen, mut quiet) = (in_flight.events(), Duration::ZERO);
        loop {
            tokio::time::sleep(part).await;
            let events = in_flight.events();
            if events != seen {
                (seen, quiet) = (events, Duration::ZERO);
                continue;
            }
            quiet += part;
            if quiet >= idle && in_flight.is_none() {
                return Self::Idle;
            }
            if quiet >= unread && in_flight.has_unread() {
                return Self::Unread;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn within(in_flight: &InFlight, time: Duration) -> Option<Forsaken> {
        let forsaken = Forsaken::by_peer(in_flight, 10 * SECOND, 20 * SECOND);
        tokio::time::timeout(time, forsaken).await.ok()
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_in_flight_is_idle_and_an_answer_that_is_made_is_not() {
        let in_flight = InFlight::default();
        assert_eq!(within(&in_flight, 9 * SECOND).await, None);
        assert_eq!(within(&in_flight, 11 * SECOND).await, Some(Forsaken::Idle));
        let part = in_flight.begin();
        assert_eq!(
            within(&in_flight, 600 * SECOND).await,
            None,
            "a stream of events that are rare"
        );
        drop(part);
        assert_eq!(within(&in_flight, 11 * SECOND).await, Some(Forsaken::Idle));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_of_which_nothing_leaves_is_unread() {
        let in_flight = InFlight::default();
        let _part = in_flight.begin();
        let _unread = in_flight.hand_out();
        let leaves = in_flight.clone();
        let writing = async {
            for _ in 0..5 {
                tokio::time::sleep(15 * SECOND).await;
                leaves.note_written();
            }
        };
        let (forsaken, ()) = tokio::join!(within(&in_flight, 80 * SECOND), writing);
        assert_eq!(forsaken, None, "something leaves now and then");
        assert_eq!(within(&in_flight, 21 * SECOND).await, Some(Forsaken::Unread));
    }
}

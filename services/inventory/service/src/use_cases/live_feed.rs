//! One reader of the log for all who follow what happens: it reads each event once, and hands it to everybody who listens.

use std::sync::Arc;
use std::time::Duration;

use kit_core::{Position, RecordedEvent};
use kit_event_store::EventStore;
use parking_lot::Mutex;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

/// Events that are kept for listeners that have not taken them yet. Who is further behind has lost its place.
pub(super) const KEPT_EVENTS: usize = 4_096;

/// Events that the reader takes from the log at once.
const READ_EVENTS: usize = 1_000;

/// How long the reader waits before it asks a log again that has failed.
const AGAIN_AFTER: Duration = Duration::from_millis(500);

/// What has been handed out, and to whom the next event goes.
pub(super) struct LiveFeed {
    log: Arc<dyn EventStore>,
    /// Locked while events are handed out, so that nobody joins in between.
    state: Mutex<State>,
}

struct State {
    /// The last position that was handed out.
    handed_out: Position,
    /// `None` once the feed has ended.
    listeners: Option<broadcast::Sender<Arc<RecordedEvent>>>,
}

/// Events as they are handed out, from a position on.
pub(super) struct Listener {
    /// What comes after [`Self::since`], without gaps, as long as the listener keeps up.
    pub(super) events: broadcast::Receiver<Arc<RecordedEvent>>,
    /// What was handed out before the listener came; the log has it.
    pub(super) since: Position,
}

impl LiveFeed {
    /// A feed that hands out nothing yet.
    pub(super) fn new(log: Arc<dyn EventStore>) -> Self {
        let listeners = Some(broadcast::Sender::new(KEPT_EVENTS));
        let handed_out = *log.head().borrow();
        Self { log, state: Mutex::new(State { handed_out, listeners }) }
    }

    /// Gets everything from here on; `None` once the feed has ended.
    pub(super) fn join(&self) -> Option<Listener> {
        let state = self.state.lock();
        let events = state.listeners.as_ref()?.subscribe();
        Some(Listener { events, since: state.handed_out })
    }

    /// Hands out what comes, until told to stop or the log closes; then all listeners are told of the end.
    pub(super) async fn run(&self, stop: CancellationToken) {
        stop.run_until_cancelled(self.read_on()).await;
        self.state.lock().listeners = None;
    }

    async fn read_on(&self) {
        let mut head = self.log.head();
        loop {
            let after = self.state.lock().handed_out;
            let news = head.wait_for(|head| *head > after).await;
            let Ok(end) = news.map(|head| *head) else { return };
            if self.skips_to(end) {
                continue;
            }
            match self.log.read_all(after, READ_EVENTS).await {
                Ok(events) => self.hand_out(&events),
                Err(error) => {
                    tracing::warn!(%error, "live_feed_cannot_read_the_log");
                    tokio::time::sleep(AGAIN_AFTER).await;
                }
            }
        }
    }

    /// Passes over what nobody listens to.
    fn skips_to(&self, end: Position) -> bool {
        let mut state = self.state.lock();
        let nobody = state.listeners.as_ref().is_none_or(|all| all.receiver_count() == 0);
        if nobody {
            state.handed_out = end;
        }
        nobody
    }

    fn hand_out(&self, events: &[Arc<RecordedEvent>]) {
        let mut state = self.state.lock();
        for event in events {
            state.handed_out = event.position;
            if let Some(listeners) = &state.listeners {
                // without listeners nobody misses it
                let _ = listeners.send(Arc::clone(event));
            }
        }
    }
}

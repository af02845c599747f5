//! Everything that happened, in order: a page of it, or one event after the other as they come.

use std::sync::Arc;
use std::time::Duration;

use kit_core::{Position, RecordedEvent};
use kit_event_store::{EventStore, EventStoreError, Incarnation, LogMark};
use kit_service::ReadError;
use tokio::sync::watch;

use super::queries::Queries;

/// Events that a stream reads ahead, at most. Each of many streams has its own.
const READ_AHEAD_EVENTS: usize = 250;

/// A part of the log.
#[derive(Clone, Debug)]
pub struct EventPage {
    /// The events, in commit order, without gaps.
    pub events: Vec<Arc<RecordedEvent>>,
    /// Begin after it to go on.
    pub next: Position,
    /// The last position of the log.
    pub head: Position,
    /// Which log it is: positions of another one mean nothing in it.
    pub incarnation: Incarnation,
}

impl Queries {
    /// Waits until there is an event after a position, at most for so long.
    pub async fn await_event(&self, after: Position, at_most: Duration) {
        let mut head = self.log.head();
        let more = head.wait_for(|head| *head > after);
        // without news until then the next page is empty
        let _ = tokio::time::timeout(at_most, more).await;
    }

    /// At most `limit` events after a position.
    pub async fn events(&self, after: Position, limit: usize) -> Result<EventPage, ReadError> {
        let events = self.log.read_all(after, limit).await?;
        let next = events.last().map_or(after, |last| last.position);
        let LogMark { incarnation, position: head } = self.log.end();
        Ok(EventPage { events, next, head, incarnation })
    }

    /// All events after a position, those to come as well.
    #[must_use]
    pub fn event_stream(&self, after: Position) -> EventStream {
        let log = Arc::clone(&self.log);
        EventStream { head: log.head(), log, after, ready: Vec::new().into_iter() }
    }
}

/// Where a reader of the log is.
pub struct EventStream {
    log: Arc<dyn EventStore>,
    head: watch::Receiver<Position>,
    after: Position,
    ready: std::vec::IntoIter<Arc<RecordedEvent>>,
}

impl EventStream {
    /// Which log it is.
    #[must_use]
    pub fn incarnation(&self) -> Incarnation {
        self.log.incarnation()
    }

    /// The next event, as soon as there is one; `None` when the log has closed. Loses nothing when it is given up.
    pub async fn next(&mut self) -> Result<Option<Arc<RecordedEvent>>, EventStoreError> {
        loop {
            if let Some(event) = self.ready.next() {
                self.after = event.position;
                return Ok(Some(event));
            }
            let after = self.after;
            if self.head.wait_for(|head| *head > after).await.is_err() {
                return Ok(None);
            }
            self.ready = self.log.read_all(after, READ_AHEAD_EVENTS).await?.into_iter();
        }
    }
}

//! Everything that happened, in order: a page of it, or one event after the other as they come.

use std::sync::Arc;
use std::time::Duration;

use kit_core::{Position, RecordedEvent};
use kit_event_store::{EventStore, EventStoreError, Incarnation, LogMark};
use kit_service::ReadError;
use tokio::sync::watch;

use super::event_filter::EventFilter;
use super::queries::Queries;

/// Events that one page looks through for those that are wanted, at most.
const SCAN_EVENTS_MAX: usize = 10_000;

/// Events read at once while looking for those that are wanted.
const SCAN_EVENTS: usize = 1_000;

/// Events that a stream reads ahead, at most. Each of many streams has its own.
const READ_AHEAD_EVENTS: usize = 250;

/// A part of the log.
#[derive(Clone, Debug)]
pub struct EventPage {
    /// The wanted events, in commit order, none left out.
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

    /// At most `limit` wanted events after a position, of some thousands that follow it.
    pub async fn events(
        &self,
        after: Position,
        filter: &EventFilter,
        limit: usize,
    ) -> Result<EventPage, ReadError> {
        let at_once = if filter.wants_all() { limit } else { SCAN_EVENTS };
        let (mut events, mut next, mut scanned) = (Vec::new(), after, 0);
        while events.len() < limit && scanned < SCAN_EVENTS_MAX {
            let some = self.log.read_all(next, at_once).await?;
            if some.is_empty() {
                break;
            }
            scanned += some.len();
            for event in some {
                if events.len() == limit {
                    break;
                }
                next = event.position;
                if filter.wants(&event) {
                    events.push(event);
                }
            }
        }
        let LogMark { incarnation, position: head } = self.log.end();
        Ok(EventPage { events, next, head, incarnation })
    }

    /// A position beyond the end is an error where this process is the only writer: no client can have seen it.
    pub fn check_end(&self, after: Position) -> Result<(), ReadError> {
        let end = self.head();
        if after > end && self.log.is_exclusive() {
            return Err(ReadError::BeyondEnd { wanted: after, end });
        }
        Ok(())
    }

    /// All wanted events after a position, those to come as well.
    #[must_use]
    pub fn event_stream(&self, after: Position, filter: EventFilter) -> EventStream {
        let log = Arc::clone(&self.log);
        EventStream { head: log.head(), log, filter, after, ready: Vec::new().into_iter() }
    }
}

/// Where a reader of the log is.
pub struct EventStream {
    log: Arc<dyn EventStore>,
    head: watch::Receiver<Position>,
    filter: EventFilter,
    after: Position,
    ready: std::vec::IntoIter<Arc<RecordedEvent>>,
}

impl EventStream {
    /// Which log it is.
    #[must_use]
    pub fn incarnation(&self) -> Incarnation {
        self.log.incarnation()
    }

    /// The next wanted event, as soon as there is one; `None` when the log has closed. Loses nothing when it is given up.
    pub async fn next(&mut self) -> Result<Option<Arc<RecordedEvent>>, EventStoreError> {
        loop {
            for event in self.ready.by_ref() {
                self.after = event.position;
                if self.filter.wants(&event) {
                    return Ok(Some(event));
                }
            }
            // many events that nobody wants would keep the thread from others
            tokio::task::consume_budget().await;
            let after = self.after;
            if self.head.wait_for(|head| *head > after).await.is_err() {
                return Ok(None);
            }
            self.ready = self.log.read_all(after, READ_AHEAD_EVENTS).await?.into_iter();
        }
    }
}

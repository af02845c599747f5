//! Everything that happened, in order: a page of it, or one event after the other as they come.

use std::sync::Arc;
use std::time::Duration;

use kit_core::{Position, RecordedEvent};
use kit_event_store::{EventStore, EventStoreError, Incarnation, LogMark};
use kit_service::ReadError;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::event_filter::EventFilter;
use super::live_feed::{Listener, LiveFeed};
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
        let (log, feed) = (Arc::clone(&self.log), Arc::clone(&self.live_feed));
        EventStream { log, feed, filter, after, ready: Vec::new().into_iter(), listener: None }
    }

    /// Hands events to all streams as they come, until told to stop; to be run once, or streams stand still.
    pub async fn run_live_feed(&self, stop: CancellationToken) {
        self.live_feed.run(stop).await;
    }
}

/// Where a reader of the log is. It reads the past by itself, and listens to what all listen to from then on.
pub struct EventStream {
    log: Arc<dyn EventStore>,
    feed: Arc<LiveFeed>,
    filter: EventFilter,
    after: Position,
    /// Of the past.
    ready: std::vec::IntoIter<Arc<RecordedEvent>>,
    /// Present once the end of the log is near.
    listener: Option<Listener>,
}

/// What comes next in a stream.
#[derive(Clone, Debug)]
pub enum Streamed {
    /// A wanted event.
    Event(Arc<RecordedEvent>),
    /// The reader took events more slowly than they came, for so long that they are no longer kept for it. One that goes on reads
    /// them from the log, and misses none.
    Behind,
    /// The log has closed.
    Closed,
}

impl EventStream {
    /// Which log it is.
    #[must_use]
    pub fn incarnation(&self) -> Incarnation {
        self.log.incarnation()
    }

    /// Every wanted event up to here has been given.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.after
    }

    /// What comes next, as soon as there is something. Loses nothing when it is given up.
    pub async fn next(&mut self) -> Result<Streamed, EventStoreError> {
        loop {
            while let Some(event) = self.ready.next() {
                if let Some(event) = self.take(event) {
                    return Ok(Streamed::Event(event));
                }
            }
            // many events that nobody wants would keep the thread from others
            tokio::task::consume_budget().await;
            match &mut self.listener {
                Some(listener) if listener.since <= self.after => {
                    match listener.events.recv().await {
                        Ok(event) => self.ready = vec![event].into_iter(),
                        Err(RecvError::Closed) => return Ok(Streamed::Closed),
                        Err(RecvError::Lagged(_)) => {
                            self.listener = None;
                            return Ok(Streamed::Behind);
                        }
                    }
                }
                _ => {
                    if !self.read_past().await? {
                        return Ok(Streamed::Closed);
                    }
                }
            }
        }
    }

    /// Reads more of the past, and near its end joins those who listen; false when there is nobody to join any more.
    async fn read_past(&mut self) -> Result<bool, EventStoreError> {
        let past = self.log.read_all(self.after, READ_AHEAD_EVENTS).await?;
        if self.listener.is_none() && past.len() < READ_AHEAD_EVENTS {
            self.listener = self.feed.join();
            if self.listener.is_none() && past.is_empty() {
                return Ok(false);
            }
        }
        self.ready = past.into_iter();
        Ok(true)
    }

    /// The event, if it is wanted and new.
    fn take(&mut self, event: Arc<RecordedEvent>) -> Option<Arc<RecordedEvent>> {
        if event.position <= self.after {
            return None;
        }
        self.after = event.position;
        self.filter.wants(&event).then_some(event)
    }
}

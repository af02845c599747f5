//! Reads a stream event by event, in pages: however long it is, only a page of it is in memory.

use std::sync::Arc;
use std::vec;

use kit_core::{RecordedEvent, StreamId, Timestamp, Version};

use crate::port::{EventStoreError, LOAD_PAGE_EVENTS, Loaded, Streams};

/// The events of a stream after a version, oldest first.
///
/// Events never change and versions only grow, so the pages fit together whatever is appended meanwhile. What is
/// appended before the last page was read is read, too.
pub struct StreamReader<'a> {
    log: &'a dyn Streams,
    stream: &'a StreamId,
    /// Events recorded later are not wanted, nor what comes after them.
    until: Timestamp,
    page: vec::IntoIter<Arc<RecordedEvent>>,
    after: Version,
    /// Whether the stream may go on after the page.
    goes_on: bool,
}

impl<'a> StreamReader<'a> {
    /// Begins after a version.
    #[must_use]
    pub fn after(log: &'a dyn Streams, stream: &'a StreamId, version: Version) -> Self {
        let page = Vec::new().into_iter();
        Self { log, stream, until: Timestamp::MAX, page, after: version, goes_on: true }
    }

    /// Begins with the events that were loaded, and goes on after them.
    #[must_use]
    pub fn of(log: &'a dyn Streams, stream: &'a StreamId, loaded: Loaded) -> Self {
        let mut reader = Self::after(log, stream, loaded.version());
        reader.turn_to(loaded.events);
        reader
    }

    /// Ends before the first event that was recorded after a moment.
    #[must_use]
    pub const fn until(mut self, at: Timestamp) -> Self {
        self.until = at;
        self
    }

    /// The next event; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Arc<RecordedEvent>>, EventStoreError> {
        // to fold a page takes milliseconds, in which the thread would do nothing for others
        tokio::task::consume_budget().await;
        if self.page.as_slice().is_empty() && self.goes_on {
            let page = self.log.read_stream(self.stream, self.after, LOAD_PAGE_EVENTS).await?;
            self.turn_to(page);
        }
        let next = self.page.next().filter(|event| event.metadata.recorded_at <= self.until);
        if next.is_none() {
            self.end();
        }
        Ok(next)
    }

    fn turn_to(&mut self, page: Vec<Arc<RecordedEvent>>) {
        self.goes_on = page.len() >= LOAD_PAGE_EVENTS;
        self.after = page.last().map_or(self.after, |last| last.version);
        self.page = page.into_iter();
    }

    fn end(&mut self) {
        self.goes_on = false;
        self.page = Vec::new().into_iter();
    }
}

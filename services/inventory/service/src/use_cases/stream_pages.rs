//! A stream from its beginning to its present end, in pages: it may be read again and again, and is never in memory whole.

use std::sync::Arc;

use kit_core::{Position, RecordedEvent, StreamId, Version};
use kit_event_store::{EventStore, EventStoreError};

/// Events of a page.
const PAGE: usize = 1_000;

/// Version of a stream's first event.
const BEGINNING: Version = Version::new(1);

/// The pages of a stream as it was when they were opened. Takes the memory of two pages, and 8 bytes for each page.
///
/// Event stores lead from the end of a stream to its beginning. So the pages are found in one pass from there, which
/// keeps the newest one; the others are read again when they are asked for.
pub(super) struct StreamPages<'a> {
    log: &'a dyn EventStore,
    stream: StreamId,
    /// Each older page ends before the event at this position; the newest of them comes first.
    ends: Vec<Position>,
    /// The newest page, oldest event first.
    newest: Vec<Arc<RecordedEvent>>,
}

impl<'a> StreamPages<'a> {
    /// Finds the pages of a stream.
    pub(super) async fn open(
        log: &'a dyn EventStore,
        stream: StreamId,
    ) -> Result<Self, EventStoreError> {
        let mut newest = log.read_back(&stream, None, PAGE).await?;
        let mut ends = Vec::new();
        let mut first = newest.last().filter(|first| first.version > BEGINNING).cloned();
        while let Some(event) = first {
            ends.push(event.position);
            let older = log.read_back(&stream, Some(event.position), PAGE).await?;
            first = older.last().filter(|first| first.version > BEGINNING).cloned();
        }
        newest.reverse();
        Ok(Self { log, stream, ends, newest })
    }

    /// Version of the stream at its end.
    pub(super) fn version(&self) -> Version {
        self.newest.last().map_or(Version::ZERO, |last| last.version)
    }

    /// How many pages there are.
    pub(super) fn count(&self) -> usize {
        self.ends.len() + 1
    }

    /// A page, by its place from the beginning of the stream; oldest event first.
    pub(super) async fn page(
        &self,
        place: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let Some(end) = self.ends.iter().rev().nth(place) else { return Ok(self.newest.clone()) };
        let mut page = self.log.read_back(&self.stream, Some(*end), PAGE).await?;
        page.reverse();
        Ok(page)
    }
}

//! Reading streams: from memory while it has them, else along the chain of positions in the log file.

use std::sync::Arc;

use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{LOAD_PAGE_EVENTS, Loaded};
use rusqlite::Connection;

use crate::connection::ReadPool;
use crate::index;
use crate::log::{self, Chained, unreadable};
use crate::shared::Shared;
use crate::stream_head::StreamHead;

/// Everything a reader needs; cheap to clone into a blocking task.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) shared: Arc<Shared>,
    pub(crate) log: Arc<ReadPool>,
    pub(crate) index: Arc<ReadPool>,
}

impl Reader {
    /// A stream's head, from the memtables or the index.
    pub(crate) fn head(&self, stream: &StreamId) -> rusqlite::Result<Option<StreamHead>> {
        let unflushed = self.shared.memtables().head(stream);
        match unflushed {
            Some(head) => Ok(Some(head)),
            None => self.index.with(|index| index::head(index, stream)),
        }
    }

    /// The newest snapshot of a stream that was made of events up to a moment, and the first page of the events after it
    /// up to there.
    pub(crate) fn load(
        &self,
        stream: &StreamId,
        schema: u16,
        until: Timestamp,
    ) -> rusqlite::Result<Loaded> {
        let snapshot = self.index.with(|index| index::snapshot(index, stream, schema, until))?;
        let after = snapshot.as_ref().map_or(Version::ZERO, |one| one.version);
        let events = self.read_stream(stream, after, LOAD_PAGE_EVENTS)?;
        Ok(Loaded { snapshot, events }.until(until))
    }

    /// Events of a stream after a version, oldest first.
    ///
    /// The chain leads backwards: it is entered at the mark behind the page, and left at the beginning of the page.
    pub(crate) fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: usize,
    ) -> rusqlite::Result<Vec<Arc<RecordedEvent>>> {
        let Some(head) = self.head(stream)? else { return Ok(Vec::new()) };
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let last = Version::new(after.get().saturating_add(limit)).min(head.version);
        let mut events = Vec::new();
        if last <= after {
            return Ok(events);
        }
        let first = after.next();
        self.walk(stream, self.place_of(stream, last, head)?, |event| {
            let version = event.version;
            if version <= last {
                events.push(event);
            }
            version > first
        })?;
        // were it shorter, it would pass for the last one
        if events.len() as u64 != last.get() - after.get() {
            return Err(unreadable(MisleadingIndex { stream: stream.to_string(), first, last }));
        }
        events.reverse();
        Ok(events)
    }

    /// The position of an event of a stream, or of one behind it that is not far.
    fn place_of(
        &self,
        stream: &StreamId,
        version: Version,
        head: StreamHead,
    ) -> rusqlite::Result<Position> {
        if version == head.version {
            return Ok(head.position);
        }
        // in this order: a mark leaves the memtables when it is in the index, and the index has the earlier ones
        let unflushed = self.shared.memtables().mark(stream, version);
        let indexed = self.index.with(|index| index::mark(index, stream, version))?;
        Ok(indexed.or(unflushed).unwrap_or(head.position))
    }

    /// Events of a stream, newest first.
    pub(crate) fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        limit: usize,
    ) -> rusqlite::Result<Vec<Arc<RecordedEvent>>> {
        let Some(head) = self.head(stream)? else { return Ok(Vec::new()) };
        let from = match before {
            None => head.position,
            Some(before) => match self.log.with(|log| log::link_at(log, head, before))? {
                Some(previous) => previous,
                None => return Ok(Vec::new()),
            },
        };
        let mut events = Vec::new();
        if limit > 0 {
            self.walk(stream, from, |event| {
                events.push(event);
                events.len() < limit
            })?;
        }
        Ok(events)
    }

    /// Follows a stream's chain from a position towards its beginning while `keep_going` says so.
    fn walk(
        &self,
        stream: &StreamId,
        from: Position,
        mut keep_going: impl FnMut(Arc<RecordedEvent>) -> bool,
    ) -> rusqlite::Result<()> {
        let mut at = from;
        while at > Position::ZERO {
            let recent = self.shared.recent().at(stream, at);
            let Some(Chained { event, previous }) = recent else {
                return self.log.with(|log| walk_file(log, stream, at, &mut keep_going));
            };
            if !keep_going(event) {
                return Ok(());
            }
            at = previous;
        }
        Ok(())
    }
}

/// The index leads to another place of a stream than the one it names.
#[derive(Debug, thiserror::Error)]
#[error(
    "the events {first} to {last} of the stream {stream} are not where index.db says; stop the server and remove index.db, \
     which is built anew from the log"
)]
struct MisleadingIndex {
    stream: String,
    first: Version,
    last: Version,
}

fn walk_file(
    log: &Connection,
    stream: &StreamId,
    from: Position,
    keep_going: &mut impl FnMut(Arc<RecordedEvent>) -> bool,
) -> rusqlite::Result<()> {
    let mut at = from;
    while at > Position::ZERO {
        let Chained { event, previous } = log::event_at(log, stream, at)?;
        if !keep_going(event) {
            return Ok(());
        }
        at = previous;
    }
    Ok(())
}

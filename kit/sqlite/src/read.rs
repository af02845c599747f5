//! Reading streams: from memory while it has them, else along the chain of positions in the log file.

use std::collections::VecDeque;
use std::sync::Arc;

use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{Loaded, Snapshot};
use rusqlite::Connection;

use crate::connection::ReadPool;
use crate::index::{self, Pick};
use crate::log::{self, Chained};
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

    /// The newest snapshot of a stream and all events after it.
    pub(crate) fn load(&self, stream: &StreamId, schema: u16) -> rusqlite::Result<Loaded> {
        let Some(head) = self.head(stream)? else { return Ok(Loaded::default()) };
        let snapshot =
            self.snapshot(stream, schema, Pick::NewestAt(Timestamp::from_millis(i64::MAX)))?;
        let down_to = snapshot.as_ref().map_or(Version::ZERO, |one| one.version);
        let mut events = Vec::new();
        self.walk(stream, head.position, |event| {
            let wanted = event.version > down_to;
            if wanted {
                events.push(event);
            }
            wanted
        })?;
        events.reverse();
        Ok(Loaded { snapshot, events })
    }

    /// The same for a past moment: the walk begins at the first snapshot after it, not at the end of the stream.
    pub(crate) fn load_at(
        &self,
        stream: &StreamId,
        at: Timestamp,
        schema: u16,
    ) -> rusqlite::Result<Loaded> {
        let Some(head) = self.head(stream)? else { return Ok(Loaded::default()) };
        let snapshot = self.snapshot(stream, schema, Pick::NewestAt(at))?;
        let later = self.snapshot(stream, schema, Pick::OldestAfter(at))?;
        let down_to = snapshot.as_ref().map_or(Version::ZERO, |one| one.version);
        let mut events = Vec::new();
        self.walk(stream, later.map_or(head.position, |one| one.position), |event| {
            let wanted = event.version > down_to;
            if wanted && event.metadata.recorded_at <= at {
                events.push(event);
            }
            wanted
        })?;
        events.reverse();
        Ok(Loaded { snapshot, events })
    }

    /// Events of a stream after a version, oldest first. The chain leads from the end of the stream to its beginning, so
    /// all events after that version are passed, whatever the limit.
    pub(crate) fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: usize,
    ) -> rusqlite::Result<Vec<Arc<RecordedEvent>>> {
        let Some(head) = self.head(stream)? else { return Ok(Vec::new()) };
        let mut events = VecDeque::new();
        self.walk(stream, head.position, |event| {
            let wanted = event.version > after;
            if wanted {
                events.push_front(event);
                events.truncate(limit);
            }
            wanted
        })?;
        Ok(events.into())
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

    fn snapshot(
        &self,
        stream: &StreamId,
        schema: u16,
        pick: Pick,
    ) -> rusqlite::Result<Option<Snapshot>> {
        self.index.with(|index| index::snapshot(index, stream, schema, pick))
    }
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

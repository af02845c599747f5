//! The event store port: what every adapter must do.
//!
//! The log is the truth. An adapter MUST make a group of transactions durable before it answers, MUST apply each
//! transaction whole or not at all, and MUST hand out positions in commit order, so that no reader that
//! has seen position `n` ever meets a new event at or below `n`.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Epoch, Position, RecordedEvent, StreamId, Timestamp, Version};
use tokio::sync::watch;
use uuid::Uuid;

use crate::incarnation::{Incarnation, LogMark};
use crate::transaction::{ClaimKey, FoundClaim, Outcome, Transaction};

/// Most events of a stream that a load hands out; those after them are read in further pages.
///
/// A stream may have hundreds of thousands of events: in memory at once they would take hundreds of megabytes.
pub const LOAD_PAGE_EVENTS: usize = 1_000;

/// Most streams that one load should be asked for, so that it is bounded as a whole.
pub const LOAD_STREAMS: usize = 64;

/// Events read at a time in search of appends whose outcome is unknown.
const FIND_APPENDS_PAGE: usize = 1_000;

/// The folded state of a stream at some version, kept to shorten replays. Derived: it may be lost at any time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The stream.
    pub stream: StreamId,
    /// Version of the last event folded in.
    pub version: Version,
    /// Position of that event.
    pub position: Position,
    /// When that event was recorded.
    pub recorded_at: Timestamp,
    /// Version of the shape of `state`; a snapshot of another schema is never returned.
    pub schema_version: u16,
    /// The state as JSON.
    pub state: Box<str>,
}

/// How to begin rebuilding a stream's state: a snapshot, and the first page of the events after it.
///
/// [`crate::StreamReader`] goes on after the page.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The newest usable snapshot, if any.
    pub snapshot: Option<Snapshot>,
    /// The first [`LOAD_PAGE_EVENTS`] events after it, oldest first. When there are fewer, they are all there are.
    pub events: Vec<Arc<RecordedEvent>>,
}

impl Loaded {
    /// Leaves out the events from the first one that was recorded after a moment.
    #[must_use]
    pub fn until(mut self, at: Timestamp) -> Self {
        let later = self.events.iter().position(|event| event.metadata.recorded_at > at);
        self.events.truncate(later.unwrap_or(self.events.len()));
        self
    }

    /// The version of the stream after everything loaded.
    pub fn version(&self) -> Version {
        match (self.events.last(), &self.snapshot) {
            (Some(event), _) => event.version,
            (None, Some(snapshot)) => snapshot.version,
            (None, None) => Version::ZERO,
        }
    }
}

/// The store failed; a refused transaction is not an error but an [`Outcome`].
#[derive(Clone, Debug, thiserror::Error)]
pub enum EventStoreError {
    /// Nothing was written; the same call may succeed later (disk full, database busy).
    #[error("the event store cannot take this now: {0}")]
    Unavailable(String),
    /// The write may or may not have happened: ask [`EventLog::find_appends`], never retry blindly.
    #[error("the event store failed while committing, the outcome is unknown: {reason}")]
    Unknown {
        /// The error, as text.
        reason: String,
        /// A position that was in the log before the write began: its events, if any, come later.
        after: Position,
    },
    /// The store stopped after an input/output error of its log; only a restart recovers from disk.
    #[error("the event store has stopped after a write error and needs a restart: {0}")]
    Stopped(String),
    /// What is stored cannot be read back.
    #[error("the event store holds data that cannot be read: {0}")]
    Corrupt(String),
}

/// The log: appends, the global order, and unique keys.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// Appends a group of independent transactions in one durable write, one outcome for each in order.
    ///
    /// A later transaction of the group sees the earlier ones as done. A refused one never fails its neighbours on other
    /// streams; later ones on its own streams are refused with it ([`Outcome::Superseded`]), so a whole group may be
    /// decided ahead. Groups are applied in the order in which their appends were begun, which is the order of the first
    /// polls: a caller may begin a second one before the first is answered.
    ///
    /// Must survive the caller being dropped: either all admitted transactions are written or none.
    async fn append(&self, transactions: Vec<Transaction>)
    -> Result<Vec<Outcome>, EventStoreError>;

    /// Up to `limit` events after a position, in commit order, without gaps or late arrivals.
    async fn read_all(
        &self,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError>;

    /// The holders of some keys at `now`, in the order asked.
    async fn find_claims(
        &self,
        keys: &[ClaimKey],
        now: Timestamp,
    ) -> Result<Vec<Option<FoundClaim>>, EventStoreError>;

    /// What became of appends whose outcome was [`EventStoreError::Unknown`]: for each append id, in the order asked, the
    /// events it wrote, none when it wrote nothing and never will.
    ///
    /// `after` is the position in the error. An adapter whose failed write may still be under way must wait for its end
    /// before it answers, and one that has stopped does not answer: whether the disk has the write shows at the next start.
    async fn find_appends(
        &self,
        after: Position,
        append_ids: &[Uuid],
    ) -> Result<Vec<Vec<Arc<RecordedEvent>>>, EventStoreError> {
        self.refuse_when_stopped()?;
        let mut found: Vec<Vec<Arc<RecordedEvent>>> = vec![Vec::new(); append_ids.len()];
        let mut at = after;
        loop {
            let events = self.read_all(at, FIND_APPENDS_PAGE).await?;
            let Some(last) = events.last() else { return Ok(found) };
            at = last.position;
            for event in events {
                let id = event.metadata.causation_id;
                if let Some(index) = append_ids.iter().position(|asked| *asked == id) {
                    found[index].push(event);
                }
            }
        }
    }

    /// [`EventStoreError::Stopped`] once a failed write has stopped the log until the next start.
    fn refuse_when_stopped(&self) -> Result<(), EventStoreError> {
        Ok(())
    }

    /// The present versions of some streams, in the order asked.
    async fn versions(&self, streams: &[StreamId]) -> Result<Vec<Version>, EventStoreError>;

    /// Which log this is; it does not change while the log is open.
    fn incarnation(&self) -> Incarnation;

    /// The end of the log as far as this process knows.
    fn end(&self) -> LogMark {
        LogMark { incarnation: self.incarnation(), position: *self.head().borrow() }
    }

    /// Whether the log can be relied on now; an error says what fails, for the people who run it.
    fn health(&self) -> Result<(), String> {
        Ok(())
    }

    /// The position of the last durable event as far as this process knows; changes wake the subscribers.
    ///
    /// It may lag behind the log where other processes write or a replica is read, by the time that the adapter takes
    /// to learn of a change, but it never decreases. What [`EventLog::read_all`] shows may briefly end before it, and
    /// never after it: nobody sees an event that the head does not cover.
    fn head(&self) -> watch::Receiver<Position>;

    /// The latest `recorded_at` in the log when it was opened, so that a clock set back cannot undo time.
    fn last_recorded_at(&self) -> Timestamp;

    /// Whether this process is the only writer, so that the versions it remembers are known to be current.
    fn is_exclusive(&self) -> bool;
}

/// Streams: loading, looking back, snapshots.
#[async_trait]
pub trait Streams: Send + Sync {
    /// What rebuilding some streams begins with, in the order asked: of each at most [`LOAD_PAGE_EVENTS`] events.
    async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
    ) -> Result<Vec<Loaded>, EventStoreError>;

    /// What rebuilding a stream as it was at `at` begins with: a snapshot of that moment or before, and at most
    /// [`LOAD_PAGE_EVENTS`] events, none of them recorded later.
    async fn load_at(
        &self,
        stream: &StreamId,
        at: Timestamp,
        schema_version: u16,
    ) -> Result<Loaded, EventStoreError>;

    /// Up to `limit` events of a stream after a version, oldest first; what a state of that version lacks.
    ///
    /// Must cost what the page costs, wherever in the stream it is: long streams are read page by page.
    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError>;

    /// Up to `limit` events of a stream, newest first, beginning below the event at position `before`.
    ///
    /// `before` must be the position of an event of this stream, else the answer is empty; `None` begins at the end.
    async fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError>;

    /// Keeps snapshots. Failing to is not an error of the product: they are derived.
    async fn save_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), EventStoreError>;
}

/// What became of a checkpoint.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SavedCheckpoint {
    /// It is durable.
    Saved,
    /// It was refused and nothing was changed: a later holder of the subscriber's lease has written.
    Superseded {
        /// The epoch of that holder.
        by: Epoch,
    },
}

/// Where named subscribers without a view of their own stopped reading.
#[async_trait]
pub trait Checkpoints: Send + Sync {
    /// The position a subscriber has dealt with; zero for a new one.
    async fn load_checkpoint(&self, subscriber: &str) -> Result<Position, EventStoreError>;

    /// Notes the position that a subscriber has dealt with, unless one with a greater epoch has noted one before: which
    /// of them is the later one MUST be decided with the write, in one transaction.
    async fn save_checkpoint(
        &self,
        subscriber: &str,
        at: Position,
        epoch: Epoch,
    ) -> Result<SavedCheckpoint, EventStoreError>;
}

/// A whole event store.
pub trait EventStore: EventLog + Streams + Checkpoints {}

impl<T: EventLog + Streams + Checkpoints> EventStore for T {}

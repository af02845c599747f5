//! The event store port: what every adapter must do.
//!
//! The log is the truth. An adapter MUST make a group of transactions durable before it answers, MUST apply each
//! transaction whole or not at all, and MUST hand out positions in commit order, so that no reader that
//! has seen position `n` ever meets a new event at or below `n`.

use std::borrow::Cow;
use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{EncodedEvent, Metadata, Position, RecordedEvent, StreamId, Timestamp, Version};
use tokio::sync::watch;
use uuid::Uuid;

use crate::incarnation::{Incarnation, LogMark};

/// Most events of a stream that a load hands out; those after them are read in further pages.
///
/// A stream may have hundreds of thousands of events: in memory at once they would take hundreds of megabytes.
pub const LOAD_PAGE_EVENTS: usize = 1_000;

/// Most streams that one load should be asked for, so that it is bounded as a whole.
pub const LOAD_STREAMS: usize = 64;

/// Events read at a time in search of appends whose outcome is unknown.
const FIND_APPENDS_PAGE: usize = 1_000;

/// A change of one or more streams that happens whole or not at all.
///
/// A transaction without appends writes nothing: it asks whether its guards hold and its keys are free, in the order of
/// the group. That is how a refusal is made final where several processes write.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// Caller, time and correlation of the command. Its causation id names the append: see [`Transaction::append_id`].
    pub metadata: Metadata,
    /// What orders it and what an adapter may partition the log by: all transactions of a store have the same one.
    pub partition: u64,
    /// The events, by stream; each stream at most once.
    pub appends: Vec<Append>,
    /// Streams that were only read, and must not have changed.
    pub guards: Vec<Guard>,
    /// Unique keys to take; only beside appends.
    pub claims: Vec<Claim>,
    /// Claims that an earlier transaction has taken, with the same value and a new end; only beside appends. A key that
    /// is held under another value is taken, one that is free is claimed anew.
    pub renewals: Vec<Claim>,
    /// Keys that must be free; they are checked, not taken.
    pub unclaimed: Vec<ClaimKey>,
}

impl Transaction {
    /// Begins a transaction without contents.
    #[must_use]
    pub fn new(metadata: Metadata, partition: u64) -> Self {
        let (appends, guards, unclaimed) = (Vec::new(), Vec::new(), Vec::new());
        let (claims, renewals) = (Vec::new(), Vec::new());
        Self { metadata, partition, appends, guards, claims, renewals, unclaimed }
    }

    /// Names this append for ever: the id of the command behind it, recorded as the causation of its events.
    ///
    /// When the outcome of an append is unknown, [`EventLog::find_appends`] looks it up by this id.
    #[must_use]
    pub const fn append_id(&self) -> Uuid {
        self.metadata.causation_id
    }

    /// The streams it writes or guards, each with the version it names.
    pub fn expectations(&self) -> impl Iterator<Item = (&StreamId, Version)> {
        let appends = self.appends.iter().map(|append| (&append.stream, append.expected));
        appends.chain(self.guards.iter().map(|guard| (&guard.stream, guard.version)))
    }
}

/// New events of one stream.
#[derive(Clone, Debug)]
pub struct Append {
    /// The stream.
    pub stream: StreamId,
    /// The version the decision was based on.
    pub expected: Version,
    /// At least one event.
    pub events: Vec<EncodedEvent>,
}

/// A stream that must still have the version it was read at.
#[derive(Clone, Debug)]
pub struct Guard {
    /// The stream.
    pub stream: StreamId,
    /// The version it was read at.
    pub version: Version,
}

/// The name of a claim: unique within its namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClaimKey {
    /// Kind of key, such as `reservation` or `sku`.
    pub namespace: Cow<'static, str>,
    /// The key, compared byte by byte.
    pub key: Arc<str>,
}

impl ClaimKey {
    /// A key of a namespace.
    pub fn new(namespace: &'static str, key: impl Into<Arc<str>>) -> Self {
        Self { namespace: Cow::Borrowed(namespace), key: key.into() }
    }
}

/// A unique key that a transaction takes; the transaction is refused when it is held already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The key.
    pub key: ClaimKey,
    /// The value stored under the key, opaque to the adapter.
    pub value: Arc<str>,
    /// The key is free again at and after this time; `None` keeps it for ever.
    pub expires_at: Option<Timestamp>,
}

/// A claim that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundClaim {
    /// The value stored under the key.
    pub value: Arc<str>,
    /// When the key becomes free again.
    pub expires_at: Option<Timestamp>,
    /// Position of the last event of the transaction that took or last renewed it.
    pub position: Position,
}

impl FoundClaim {
    /// Whether the claim still holds at `now`; its life is half-open, `[taken, expires_at)`.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// What became of one transaction of a group.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Durable. The events as recorded, in the order of the transaction's appends; none when it had none.
    Committed(Vec<Arc<RecordedEvent>>),
    /// Refused, nothing written: a stream had another version than expected.
    Conflict {
        /// The stream.
        stream: StreamId,
        /// The version the transaction named.
        expected: Version,
        /// The version it has.
        actual: Version,
    },
    /// Refused, nothing written: a key is taken. Told in preference to a conflict.
    ClaimTaken {
        /// The key.
        key: ClaimKey,
        /// The claim that holds the key.
        found: FoundClaim,
    },
    /// Refused, nothing written: an earlier transaction of the group on this stream was refused, and this one may have
    /// been decided on what that one would have done.
    Superseded {
        /// The stream.
        stream: StreamId,
    },
}

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
    /// before it answers.
    async fn find_appends(
        &self,
        after: Position,
        append_ids: &[Uuid],
    ) -> Result<Vec<Vec<Arc<RecordedEvent>>>, EventStoreError> {
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

/// Where named subscribers without a view of their own stopped reading.
#[async_trait]
pub trait Checkpoints: Send + Sync {
    /// The position a subscriber has dealt with; zero for a new one.
    async fn load_checkpoint(&self, subscriber: &str) -> Result<Position, EventStoreError>;

    /// Notes the position that a subscriber has dealt with.
    async fn save_checkpoint(&self, subscriber: &str, at: Position) -> Result<(), EventStoreError>;
}

/// A whole event store.
pub trait EventStore: EventLog + Streams + Checkpoints {}

impl<T: EventLog + Streams + Checkpoints> EventStore for T {}

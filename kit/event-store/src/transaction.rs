//! What is appended, and what becomes of it.

use std::borrow::Cow;
use std::sync::Arc;

use kit_core::{EncodedEvent, Metadata, Position, RecordedEvent, StreamId, Timestamp, Version};
use uuid::Uuid;

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
    /// When the outcome of an append is unknown, [`find_appends`](crate::EventLog::find_appends) looks it up by this id.
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

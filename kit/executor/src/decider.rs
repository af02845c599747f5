//! What the executor runs: the rules of one bounded context, and how its data is stored.

use kit_core::{EncodedEvent, Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{Claim, ClaimKey, EventStoreError, FoundClaim};
use uuid::Uuid;

/// The rules of one bounded context, without input or output.
pub trait Decider: Send + Sync + 'static {
    /// A request to change state.
    type Command: Send + Sync + 'static;
    /// Something that happened.
    type Event: Send + 'static;
    /// The state of one stream.
    type State: Clone + Default + Send + Sync + 'static;
    /// The answer to a command after success.
    type Answer: Send + 'static;
    /// Why a command was refused by the rules.
    type Refusal: Send + 'static;

    /// Commands of one route are executed by one shard, in order.
    fn route(&self, command: &Self::Command) -> u64;

    /// The streams that the command reads and writes, each once.
    fn streams(&self, command: &Self::Command) -> Vec<StreamId>;

    /// The unique keys that the command may claim and others may hold. They are looked up before it is decided, so that
    /// a taken one costs no more than a refusal; one that is not named here is only found taken by the log.
    fn unique_keys(&self, command: &Self::Command) -> Vec<ClaimKey>;

    /// Decides. Pure: the same command, states and time give the same decision.
    fn decide(
        &self,
        command: &Self::Command,
        streams: &[Versioned<'_, Self::State>],
        now: Timestamp,
    ) -> Result<Decision<Self::Event>, Self::Refusal>;

    /// Folds an event into a state. Total: history never fails.
    fn evolve(&self, state: Self::State, event: &Self::Event) -> Self::State;

    /// The answer after success, from the events of the command and the states after them.
    fn answer(
        &self,
        command: &Self::Command,
        events: &[(usize, Self::Event)],
        streams: &[Versioned<'_, Self::State>],
        now: Timestamp,
    ) -> Self::Answer;

    /// The refusal when a claim of the decision is held already.
    fn claim_taken(
        &self,
        command: &Self::Command,
        claim: &Claim,
        found: &FoundClaim,
    ) -> Self::Refusal;
}

/// How the events, states and answers of a [`Decider`] are stored.
pub trait Codec: Decider {
    /// Version of the shape of snapshots; raised when [`Codec::encode_state`] changes. 0: streams stay so short that no
    /// snapshots are made of them.
    const SNAPSHOT_SCHEMA: u16 = 0;

    /// Writes an event for the log.
    fn encode(
        &self,
        command: &Self::Command,
        event: &Self::Event,
        event_id: Uuid,
        now: Timestamp,
    ) -> EncodedEvent;

    /// Reads an event of the log, whatever its schema version.
    fn decode(&self, event: &RecordedEvent) -> Result<Self::Event, EventStoreError>;

    /// Writes a state for a snapshot.
    fn encode_state(&self, _state: &Self::State) -> Box<str> {
        "".into()
    }

    /// Reads a state from a snapshot of the present schema; `None` when it is not readable.
    fn decode_state(&self, _snapshot: &str) -> Option<Self::State> {
        None
    }

    /// Writes an answer, so that a repeated command can be given the same one.
    fn encode_answer(&self, answer: &Self::Answer) -> Box<str>;

    /// Until when a repeated command must be given this answer, where that is later than [`crate::IDEMPOTENCY_KEPT`] after
    /// it was executed.
    fn answer_needed_until(&self, _answer: &Self::Answer) -> Option<Timestamp> {
        None
    }

    /// Reads an answer back; `None` when it is not readable.
    fn decode_answer(&self, answer: &str) -> Option<Self::Answer>;
}

/// The state of one stream at a version.
#[derive(Debug)]
pub struct Versioned<'a, S> {
    /// The state.
    pub state: &'a S,
    /// The version of that state.
    pub version: Version,
    /// Position of the stream's last durable event, zero when it has none; a view there shows at least that event.
    pub position: Position,
}

/// The decision on a command: events to append and claims to take.
#[derive(Debug)]
pub struct Decision<E> {
    /// The events, each with the index of its stream in [`Decider::streams`]. None: nothing changes.
    pub events: Vec<(usize, E)>,
    /// Unique keys to take.
    pub claims: Vec<Claim>,
    /// Claims that an earlier command has taken, with the same value and a new end.
    pub renewals: Vec<Claim>,
}

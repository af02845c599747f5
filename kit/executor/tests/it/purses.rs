//! A bounded context in miniature for the tests: purses with money in them.

use kit_core::{Actor, EncodedEvent, Metadata, RecordedEvent, StreamId, Timestamp};
use kit_event_store::{
    Append, Claim, ClaimKey, EventStore, EventStoreError, FoundClaim, Outcome, Transaction,
};
use kit_executor::{Codec, Decider, Decision, Request, Versioned};
use kit_testkit::caller::{caller, new_id};
use uuid::Uuid;

/// An amount that the decider panics at, as a faulty one might.
pub(crate) const FAULT: i64 = i64::MIN;

/// A purse: money goes in, and out as long as there is enough.
pub(crate) struct Purses;

/// Units that go into a purse, or out of it when negative.
#[derive(Clone, Copy)]
pub(crate) struct Put(pub(crate) &'static str, pub(crate) i64);

impl Decider for Purses {
    type Command = Put;
    type Event = i64;
    type State = i64;
    type Answer = i64;
    type Refusal = i64;

    fn route(&self, _: &Put) -> u64 {
        0
    }

    fn streams(&self, Put(name, _): &Put) -> Vec<StreamId> {
        vec![stream(name)]
    }

    fn unique_keys(&self, _: &Put) -> Vec<ClaimKey> {
        Vec::new()
    }

    fn decide(
        &self,
        Put(_, amount): &Put,
        streams: &[Versioned<'_, i64>],
        _: Timestamp,
    ) -> Result<Decision<i64>, i64> {
        assert_ne!(*amount, FAULT, "a fault of the decider");
        let there = *streams[0].state;
        if there + amount < 0 {
            return Err(there);
        }
        Ok(Decision { events: vec![(0, *amount)], claims: Vec::new(), renewals: Vec::new() })
    }

    fn evolve(&self, state: i64, event: &i64) -> i64 {
        state + event
    }

    fn answer(
        &self,
        _: &Put,
        _: &[(usize, i64)],
        streams: &[Versioned<'_, i64>],
        _: Timestamp,
    ) -> i64 {
        *streams[0].state
    }

    fn claim_taken(&self, _: &Put, _: &Claim, _: &FoundClaim) -> i64 {
        unreachable!("a purse takes no claims")
    }
}

impl Codec for Purses {
    const SNAPSHOT_SCHEMA: u16 = 1;

    fn encode(&self, _: &Put, event: &i64, event_id: Uuid, now: Timestamp) -> EncodedEvent {
        EncodedEvent {
            event_id,
            event_type: "Put".into(),
            schema_version: 1,
            occurred_at: now,
            data: event.to_string().into(),
            personal: None,
        }
    }

    fn decode(&self, event: &RecordedEvent) -> Result<i64, EventStoreError> {
        event.event.data.parse().map_err(|_| EventStoreError::Corrupt("no number".into()))
    }

    fn encode_state(&self, state: &i64) -> Box<str> {
        state.to_string().into()
    }

    fn decode_state(&self, snapshot: &str) -> Option<i64> {
        snapshot.parse().ok()
    }

    fn encode_answer(&self, answer: &i64) -> Box<str> {
        answer.to_string().into()
    }

    fn decode_answer(&self, answer: &str) -> Option<i64> {
        answer.parse().ok()
    }
}

/// The stream of a purse.
pub(crate) fn stream(name: &str) -> StreamId {
    StreamId::new(name).unwrap()
}

/// A command, under an idempotency key if there is one.
pub(crate) fn request(command: Put, key: Option<&str>) -> Request<Put> {
    Request { command, command_id: new_id(), caller: caller(key) }
}

/// The event of units that go into a purse at a time.
pub(crate) fn event(amount: i64, at: Timestamp) -> EncodedEvent {
    Purses.encode(&Put("any", amount), &amount, new_id(), at)
}

/// Writes an event of a purse behind the executors' backs, as another process does.
pub(crate) async fn write_by_another(store: &dyn EventStore, name: &str, event: EncodedEvent) {
    let metadata = Metadata {
        correlation_id: event.event_id,
        causation_id: event.event_id,
        actor: Actor::system("another"),
        recorded_at: event.occurred_at,
    };
    let stream = stream(name);
    let expected = store.versions(std::slice::from_ref(&stream)).await.unwrap()[0];
    let appends = vec![Append { stream, expected, events: vec![event] }];
    let transaction = Transaction { appends, ..Transaction::new(metadata, 0) };
    let outcomes = store.append(vec![transaction]).await.unwrap();
    assert!(matches!(outcomes[..], [Outcome::Committed(_)]), "{outcomes:?}");
}

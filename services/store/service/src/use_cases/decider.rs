//! The rules of the catalogue as the executor runs them: the domain's decisions, unique codes, expected versions.

use std::marker::PhantomData;

use gondola_store_domain::Refusal;
use kit_core::{EncodedEvent, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{Claim, ClaimKey, EventStoreError, FoundClaim};
use kit_executor::{Codec, Decider, Decision, Versioned};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::aggregate::Aggregate;
use super::event_codec;

/// All commands of one kind of aggregate go one route: there are few, and so a bulk of them is one append.
pub(super) const ROUTE: u64 = 0;

/// A command with the version that the caller has seen.
#[derive(Debug)]
pub struct CatalogueCommand<A: Aggregate> {
    /// The command.
    pub command: A::Command,
    /// Refuse it when the aggregate is at another version; `None` takes any.
    pub expected: Option<Version>,
}

/// The refusal of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogueRefusal {
    /// A rule of the domain.
    Rule(Refusal),
    /// It has changed since the caller saw it.
    Changed {
        /// The version that the caller has seen.
        expected: Version,
        /// The version it has.
        actual: Version,
    },
}

/// A store or product at a version.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<A> {
    /// As it is at that version.
    pub state: A,
    /// How many events it has had.
    pub version: Version,
}

/// The decider of one kind of aggregate.
#[derive(Clone, Copy, Debug)]
pub struct CatalogueDecider<A>(PhantomData<A>);

impl<A> Default for CatalogueDecider<A> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

/// An answer as it is kept under its idempotency key; its shape only ever grows.
#[derive(Serialize, Deserialize)]
struct KeptAnswer<'a> {
    version: Version,
    #[serde(borrow)]
    state: &'a RawValue,
}

impl<A: Aggregate> Decider for CatalogueDecider<A> {
    type Command = CatalogueCommand<A>;
    type Event = A::Event;
    type State = Option<A>;
    type Answer = Entry<A>;
    type Refusal = CatalogueRefusal;

    fn route(&self, _: &CatalogueCommand<A>) -> u64 {
        ROUTE
    }

    fn streams(&self, command: &CatalogueCommand<A>) -> Vec<StreamId> {
        vec![A::stream(A::target(&command.command))]
    }

    fn unique_keys(&self, command: &CatalogueCommand<A>) -> Vec<ClaimKey> {
        let code = A::registers(&command.command).map(A::code_claim);
        code.map(|claim| claim.key).into_iter().collect()
    }

    fn decide(
        &self,
        command: &CatalogueCommand<A>,
        streams: &[Versioned<'_, Option<A>>],
        _: Timestamp,
    ) -> Result<Decision<A::Event>, CatalogueRefusal> {
        let current = &streams[0];
        let events =
            A::decide(current.state.as_ref(), &command.command).map_err(CatalogueRefusal::Rule)?;
        if let Some(expected) = command.expected
            && expected != current.version
        {
            let actual = current.version;
            return Err(CatalogueRefusal::Changed { expected, actual });
        }
        let claims = A::registers(&command.command).map(A::code_claim).into_iter().collect();
        let events = events.into_iter().map(|event| (0, event)).collect();
        Ok(Decision { events, claims, renewals: Vec::new() })
    }

    fn evolve(&self, state: Option<A>, event: &A::Event) -> Option<A> {
        A::evolve(state, event)
    }

    fn answer(
        &self,
        _: &CatalogueCommand<A>,
        _: &[(usize, A::Event)],
        streams: &[Versioned<'_, Option<A>>],
        _: Timestamp,
    ) -> Entry<A> {
        let Versioned { state, version, .. } = &streams[0];
        let state = Option::clone(state).expect("a command that is not refused leaves an entry");
        Entry { state, version: *version }
    }

    fn claim_taken(
        &self,
        command: &CatalogueCommand<A>,
        _: &Claim,
        found: &FoundClaim,
    ) -> CatalogueRefusal {
        let wanted = A::registers(&command.command).expect("only registrations claim codes");
        let holder = found.value.parse().unwrap_or_else(|_| A::id_from(Uuid::nil()));
        CatalogueRefusal::Rule(wanted.code_taken(holder))
    }
}

impl<A: Aggregate> Codec for CatalogueDecider<A> {
    const SNAPSHOT_SCHEMA: u16 = event_codec::SCHEMA_VERSION;

    fn encode(
        &self,
        _: &CatalogueCommand<A>,
        event: &A::Event,
        event_id: Uuid,
        now: Timestamp,
    ) -> EncodedEvent {
        event_codec::encode_event::<A>(event, event_id, now)
    }

    fn decode(&self, event: &RecordedEvent) -> Result<A::Event, EventStoreError> {
        event_codec::decode::<A>(event)
    }

    fn encode_state(&self, state: &Option<A>) -> Box<str> {
        state.as_ref().map_or_else(|| "null".into(), A::write)
    }

    fn decode_state(&self, snapshot: &str) -> Option<Option<A>> {
        match snapshot {
            "null" => Some(None),
            json => A::read(json).ok().map(Some),
        }
    }

    fn encode_answer(&self, answer: &Entry<A>) -> Box<str> {
        let state = answer.state.write();
        let kept = serde_json::from_str(&state).and_then(|state| {
            serde_json::to_string(&KeptAnswer { version: answer.version, state })
        });
        kept.unwrap_or_default().into()
    }

    fn decode_answer(&self, answer: &str) -> Option<Entry<A>> {
        let kept: KeptAnswer<'_> = serde_json::from_str(answer).ok()?;
        let state = A::read(kept.state.get()).ok()?;
        Some(Entry { state, version: kept.version })
    }
}

//! The rules of the catalogue as the executor runs them: the domain's decisions, unique codes, expected versions.

use std::marker::PhantomData;

use gondola_store_domain::{self as domain, Aggregate, Command, Event, Refusal};
use kit_core::{EncodedEvent, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{Claim, ClaimKey, EventStoreError, FoundClaim};
use kit_executor::{Codec, Decider, Decision, Versioned};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::event_codec;
use super::stored::Stored;

/// All commands of one kind of aggregate go one route: there are few, and so a bulk of them is one append.
pub(super) const ROUTE: u64 = 0;

/// A command with the version that the caller has seen.
#[derive(Debug)]
pub struct CatalogueCommand<A: Aggregate> {
    /// The command.
    pub command: Command<A>,
    /// Refuse it when the aggregate is at another version; `None` takes any.
    pub expected: Option<Version>,
}

/// The refusal of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogueRefusal<A: Aggregate> {
    /// A rule of the domain.
    Rule(Refusal<A>),
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

impl<A: Stored> Decider for CatalogueDecider<A> {
    type Command = CatalogueCommand<A>;
    type Event = Event<A>;
    type State = Option<A>;
    type Answer = Entry<A>;
    type Refusal = CatalogueRefusal<A>;

    fn route(&self, _: &CatalogueCommand<A>) -> u64 {
        ROUTE
    }

    fn streams(&self, command: &CatalogueCommand<A>) -> Vec<StreamId> {
        vec![A::stream(command.command.target())]
    }

    fn unique_keys(&self, command: &CatalogueCommand<A>) -> Vec<ClaimKey> {
        let code = command.command.registers().map(A::code_claim);
        code.map(|claim| claim.key).into_iter().collect()
    }

    fn decide(
        &self,
        command: &CatalogueCommand<A>,
        streams: &[Versioned<'_, Option<A>>],
        _: Timestamp,
    ) -> Result<Decision<Event<A>>, CatalogueRefusal<A>> {
        let current = &streams[0];
        let events = domain::decide(current.state.as_ref(), &command.command)
            .map_err(CatalogueRefusal::Rule)?;
        if let Some(expected) = command.expected
            && expected != current.version
        {
            let actual = current.version;
            return Err(CatalogueRefusal::Changed { expected, actual });
        }
        let claims = command.command.registers().map(A::code_claim).into_iter().collect();
        let events = events.into_iter().map(|event| (0, event)).collect();
        Ok(Decision { events, claims, renewals: Vec::new() })
    }

    fn evolve(&self, state: Option<A>, event: &Event<A>) -> Option<A> {
        domain::evolve(state, event)
    }

    fn answer(
        &self,
        _: &CatalogueCommand<A>,
        _: &[(usize, Event<A>)],
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
    ) -> CatalogueRefusal<A> {
        let wanted = command.command.registers().expect("only registrations claim codes");
        let id = found.value.parse().unwrap_or_else(|_| Uuid::nil().into());
        CatalogueRefusal::Rule(Refusal::AlreadyRegistered { id, code: wanted.code().clone() })
    }
}

impl<A: Stored> Codec for CatalogueDecider<A> {
    const SNAPSHOT_SCHEMA: u16 = event_codec::SCHEMA_VERSION;

    fn encode(
        &self,
        _: &CatalogueCommand<A>,
        event: &Event<A>,
        event_id: Uuid,
        now: Timestamp,
    ) -> EncodedEvent {
        event_codec::encode_event(event, event_id, now)
    }

    fn decode(&self, event: &RecordedEvent) -> Result<Event<A>, EventStoreError> {
        event_codec::decode(event)
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

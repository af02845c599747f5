//! The rules of the catalogue as the executor runs them: the domain's decisions, unique codes, expected versions.

use std::marker::PhantomData;

use gondola_store_domain::{self as domain, Aggregate, Command, Event, Gtin, Refusal};
use kit_core::{EncodedEvent, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{Claim, ClaimKey, EventStoreError, FoundClaim};
use kit_executor::{Codec, Decider, Decision, Versioned};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::event_codec;
use super::stored::{Stored, gtin_claim, is_gtin, is_preferred};
use super::tree;

/// All commands of one kind of aggregate go one route: there are few, and so a bulk of them is one append.
pub(super) const ROUTE: u64 = 0;

/// A command with the version that the caller has seen.
#[derive(Debug)]
pub struct CatalogueCommand<A: Aggregate> {
    /// The command.
    pub command: Command<A>,
    /// Refuse it when the aggregate is at another version; `None` takes any.
    pub expected: Option<Version>,
    /// Another entry that has the code or the barcode, as the view knew it: claims alone do not tell of those that were
    /// registered before there were claims on them.
    pub known: Option<Refusal<A>>,
    /// What the entry stands below after the command, the next one first, of a kind that is a tree.
    pub above: Vec<A::Id>,
}

impl<A: Stored> CatalogueCommand<A> {
    /// The barcode that it gives an entry.
    pub(super) fn gtin(&self) -> Option<&Gtin> {
        gtin_of(&self.command)
    }
}

/// The refusal of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogueRefusal<A: Aggregate> {
    /// A rule of the domain.
    Rule(Refusal<A>),
    /// Another entry has the barcode; the claim does not tell which.
    GtinTaken,
    /// What it is to stand below was moved meanwhile.
    Moved,
    /// It has changed since the caller saw it.
    Changed {
        /// The version that the caller has seen.
        expected: Version,
        /// The version it has.
        actual: Version,
    },
}

/// An entry of the catalogue at a version.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<A> {
    /// As it is at that version.
    pub state: A,
    /// How many events it has had.
    pub version: Version,
}

/// The barcode that a command gives an entry.
pub(super) fn gtin_of<A: Aggregate>(command: &Command<A>) -> Option<&Gtin> {
    match command {
        Command::Register(new) => new.gtin(),
        Command::Update(_, changes) => A::new_gtin(changes),
    }
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
        let above = command.above.iter().copied();
        [command.command.target()].into_iter().chain(above).map(A::stream).collect()
    }

    fn unique_keys(&self, command: &CatalogueCommand<A>) -> Vec<ClaimKey> {
        let new = command.command.registers();
        let codes = new.map(A::code_claims).into_iter().flatten();
        let exclusive = match new {
            Some(new) => new.exclusive_claim(),
            // of what else an update takes, only the entry tells; the log finds it taken
            None => command.gtin().map(|gtin| gtin_claim(&gtin.number())),
        };
        codes.chain(exclusive).map(|claim| claim.key).collect()
    }

    fn decide(
        &self,
        command: &CatalogueCommand<A>,
        streams: &[Versioned<'_, Option<A>>],
        now: Timestamp,
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
        if let Some(known) = &command.known
            && !events.is_empty()
        {
            return Err(CatalogueRefusal::Rule(known.clone()));
        }
        if let Some(after) = events.last() {
            tree::check(command, after.state(), &streams[1..])?;
        }
        let mut claims: Vec<Claim> =
            command.command.registers().map(A::code_claims).into_iter().flatten().collect();
        let before = current.state.as_ref().and_then(A::exclusive_claim);
        let after = events.last().map(Event::state);
        let after = after.map_or_else(|| before.clone(), A::exclusive_claim);
        let mut renewals = Vec::new();
        if before != after {
            claims.extend(after);
            // free for others from now on
            renewals.extend(before.map(|claim| Claim { expires_at: Some(now), ..claim }));
        }
        let events = events.into_iter().map(|event| (0, event)).collect();
        Ok(Decision { events, claims, renewals })
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
        claim: &Claim,
        found: &FoundClaim,
    ) -> CatalogueRefusal<A> {
        if is_gtin(&claim.key) {
            return CatalogueRefusal::GtinTaken;
        }
        if is_preferred(&claim.key) {
            let supplier = found.value.to_string();
            return CatalogueRefusal::Rule(Refusal::PreferredTaken { supplier });
        }
        let wanted = command.command.registers().expect("only registrations claim codes");
        let (id, code) = found.value.split_once(' ').unwrap_or((&found.value, ""));
        let id = id.parse().unwrap_or_else(|_| Uuid::nil().into());
        let code = code.parse().unwrap_or_else(|_| wanted.code().clone());
        CatalogueRefusal::Rule(Refusal::AlreadyRegistered { id, code })
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

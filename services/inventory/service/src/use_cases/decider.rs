//! The rules of a store's stock as the executor runs them: the domain's decisions, line by line, all or nothing.

use gondola_inventory_domain::{
    Command, Event, Inventory, ProductId, Refusal, ReservationId, decide, evolve, stream_id,
};
use kit_core::{EncodedEvent, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{Claim, EventStoreError, FoundClaim};
use kit_executor::{Codec, Decider, Decision, Versioned};
use uuid::Uuid;

use super::answer::{Answer, LineAnswer};
use super::command::StoreCommand;
use super::stock_level::StockLevel;
use super::{answer_codec, claims, event_codec, snapshot_codec};

/// Why a store command was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreRefusal {
    /// Every line that cannot be done; nothing was changed for the others either.
    Lines(Vec<LineRefusal>),
    /// Another reservation has this id.
    ReservationIdTaken(ReservationId),
}

/// Why one line of a store command was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRefusal {
    /// Place of the line in the command.
    pub line: usize,
    /// The product.
    pub product: ProductId,
    /// Why.
    pub refusal: Refusal,
    /// The stock level's version when it was decided.
    pub version: Version,
}

/// The decider of the inventory context.
#[derive(Clone, Copy, Debug, Default)]
pub struct InventoryDecider;

impl Decider for InventoryDecider {
    type Command = StoreCommand;
    type Event = Event;
    type State = Inventory;
    type Answer = Answer;
    type Refusal = StoreRefusal;

    fn route(&self, command: &StoreCommand) -> u64 {
        route(command.store.as_uuid())
    }

    fn streams(&self, command: &StoreCommand) -> Vec<StreamId> {
        command.lines.iter().map(|line| stream_id(line.product, command.store)).collect()
    }

    fn decide(
        &self,
        command: &StoreCommand,
        levels: &[Versioned<'_, Inventory>],
        now: Timestamp,
    ) -> Result<Decision<Event>, StoreRefusal> {
        let mut events = Vec::with_capacity(command.lines.len());
        let mut refused = Vec::new();
        for (place, (line, level)) in command.lines.iter().zip(levels).enumerate() {
            match decide(level.state, &line.command, now) {
                Ok(decided) => events.extend(decided.into_iter().map(|event| (place, event))),
                Err(Refusal::ReservationNotActive { .. }) if line.optional => {}
                Err(refusal) => {
                    let (product, version) = (line.product, level.version);
                    refused.push(LineRefusal { line: place, product, refusal, version });
                }
            }
        }
        if !refused.is_empty() {
            return Err(StoreRefusal::Lines(refused));
        }
        let claims = command.makes.map(|id| claims::claim(id, command, now)).into_iter().collect();
        Ok(Decision { events, claims })
    }

    fn evolve(&self, state: Inventory, event: &Event) -> Inventory {
        evolve(state, event)
    }

    fn answer(
        &self,
        command: &StoreCommand,
        events: &[(usize, Event)],
        levels: &[Versioned<'_, Inventory>],
        now: Timestamp,
    ) -> Answer {
        let reservation = command.lines.first().and_then(|line| reservation_of(&line.command));
        let mut expires_at = None;
        let mut lines = Vec::with_capacity(levels.len());
        for (place, (line, level)) in command.lines.iter().zip(levels).enumerate() {
            let own = events.iter().filter(|(at, _)| *at == place).map(|(_, event)| event);
            let quantity = own.filter_map(moved).next_back().unwrap_or(0);
            let after = StockLevel::of(command.store, line.product, level, now);
            lines.push(LineAnswer { level: after, quantity });
            let hold = reservation.and_then(|id| level.state.hold(id));
            expires_at = expires_at.or(hold.map(|hold| hold.expires_at));
        }
        Answer { store: command.store, as_of: now, reservation, expires_at, lines }
    }

    fn claim_taken(&self, command: &StoreCommand, _: &Claim, _: &FoundClaim) -> StoreRefusal {
        let id = command.makes.unwrap_or(ReservationId::from_uuid(Uuid::nil()));
        StoreRefusal::ReservationIdTaken(id)
    }
}

impl Codec for InventoryDecider {
    const SNAPSHOT_SCHEMA: u16 = snapshot_codec::SCHEMA;

    fn encode(
        &self,
        command: &StoreCommand,
        event: &Event,
        event_id: Uuid,
        now: Timestamp,
    ) -> EncodedEvent {
        // only commands to a single level carry a business time of their own
        let occurred_at = command.lines.first().and_then(|line| line.command.occurred_at());
        event_codec::encode_event(event, event_id, occurred_at.unwrap_or(now))
    }

    fn decode(&self, event: &RecordedEvent) -> Result<Event, EventStoreError> {
        event_codec::decode_event(event)
    }

    fn encode_state(&self, state: &Inventory) -> Box<str> {
        snapshot_codec::encode(state)
    }

    fn decode_state(&self, snapshot: &str) -> Option<Inventory> {
        snapshot_codec::decode(snapshot)
    }

    fn encode_answer(&self, answer: &Answer) -> Box<str> {
        answer_codec::encode(answer)
    }

    fn decode_answer(&self, answer: &str) -> Option<Answer> {
        answer_codec::decode(answer)
    }
}

/// Spreads stores over shards by the random part of their ids.
pub(super) fn route(store: Uuid) -> u64 {
    let (high, low) = store.as_u64_pair();
    (high ^ low.rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32
}

fn reservation_of(command: &Command) -> Option<ReservationId> {
    match command {
        Command::ReserveStock(command) => Some(command.reservation_id),
        Command::CommitReservation(command) => Some(command.reservation_id),
        Command::ReleaseReservation(command) => Some(command.reservation_id),
        Command::ExtendReservation(command) => Some(command.reservation_id),
        Command::AddStock(_)
        | Command::AdjustStock(_)
        | Command::CountStock(_)
        | Command::SetStockPolicy(_)
        | Command::ExpireReservations(_) => None,
    }
}

/// The units that an event promised, sold or released.
fn moved(event: &Event) -> Option<u32> {
    match event {
        Event::StockAdded { quantity, .. }
        | Event::StockReserved { quantity, .. }
        | Event::StockCommitted { quantity, .. }
        | Event::StockReleased { quantity, .. } => Some(quantity.get()),
        Event::ReservationExtended { .. }
        | Event::StockAdjusted { .. }
        | Event::StockPolicyChanged { .. } => None,
    }
}

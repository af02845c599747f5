//! The rules of a store's stock as the executor runs them: the domain's decisions, line by line, all or nothing.

use std::sync::Arc;

use gondola_inventory_domain::{
    Event, Inventory, ProductId, Refusal, ReservationId, decide_all, evolve, stream_id,
};
use kit_core::{EncodedEvent, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{Claim, ClaimKey, EventStoreError, FoundClaim};
use kit_executor::{Codec, Decider, Decision, Versioned};
use uuid::Uuid;

use super::answer::{LineAnswer, StoreAnswer};
use super::command::{StoreCommand, Subject};
use super::conditions::Unmet;
use super::stock_level::StockLevel;
use super::{answer_codec, claims, event_codec, snapshot_codec};

/// The refusals of a store command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreRefusal {
    /// Every line that cannot be done; nothing was changed for the others either.
    Lines(Vec<LineRefusal>),
    /// Another reservation has this id.
    ReservationIdTaken(Arc<str>),
    /// The transaction of a partial sale is recorded for this reservation.
    SaleRecorded,
    /// This step of a process was done before.
    StepDone,
    /// A condition of the caller or the catalogue does not hold.
    Unmet(Unmet),
}

impl StoreRefusal {
    /// The lines whose stock levels ask for history, each with the moment that it is to look back to; `None` when the
    /// refusal is one.
    pub(super) fn history_needed(&self) -> Option<Vec<(usize, Timestamp)>> {
        let Self::Lines(lines) = self else { return None };
        let needed = lines.iter().map(|line| match line.refusal {
            Refusal::HistoryNeeded { before } => Some((line.line, before)),
            _ => None,
        });
        needed.collect()
    }

    /// Whether the only thing wrong is that a reservation is not active, or not any more.
    pub(super) fn is_only_ended(&self) -> bool {
        let ended = |line: &LineRefusal| {
            let refusal = line.refusal;
            matches!(
                refusal,
                Refusal::ReservationNotActive { .. } | Refusal::ReservationExpired { .. }
            )
        };
        matches!(self, Self::Lines(lines) if lines.iter().all(ended))
    }
}

/// The refusal of one line of a store command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRefusal {
    /// Place of the line in the command.
    pub line: usize,
    /// The product.
    pub product: ProductId,
    /// The refusal of the domain.
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
    type Answer = StoreAnswer;
    type Refusal = StoreRefusal;

    fn route(&self, command: &StoreCommand) -> u64 {
        route(command.store.as_uuid())
    }

    fn streams(&self, command: &StoreCommand) -> Vec<StreamId> {
        command.lines.iter().map(|line| stream_id(line.product, command.store)).collect()
    }

    fn unique_keys(&self, command: &StoreCommand) -> Vec<ClaimKey> {
        let own = match command.subject {
            Subject::NewReservation { id, chosen: true } => Some(claims::key(id)),
            _ => command.sale.as_ref().map(|sale| sale.key.clone()),
        };
        own.into_iter().chain(command.step.map(claims::step_key)).collect()
    }

    fn decide(
        &self,
        command: &StoreCommand,
        levels: &[Versioned<'_, Inventory>],
        now: Timestamp,
    ) -> Result<Decision<Event>, StoreRefusal> {
        let present = levels.first().map_or(Version::ZERO, |level| level.version);
        command.conditions.check(present).map_err(StoreRefusal::Unmet)?;
        let lines = command.lines.iter().zip(levels.iter().map(|level| level.state));
        let events = decide_all(lines, now).map_err(|mut refused| {
            // what is refused whatever the history says need not be asked for
            let asks = |(_, refusal): &(_, _)| matches!(refusal, Refusal::HistoryNeeded { .. });
            if !refused.iter().all(asks) {
                refused.retain(|line| !asks(line));
            }
            let refused = refused.into_iter().map(|(line, refusal)| LineRefusal {
                line,
                product: command.lines[line].product,
                refusal,
                version: levels[line].version,
            });
            StoreRefusal::Lines(refused.collect())
        })?;
        let (mut claims, renewals) = match command.subject {
            Subject::NewReservation { id, .. } => {
                (claim(id, command, &events), order_claim(&events))
            }
            Subject::Reservation(id) if command.extends() => {
                (Vec::new(), claim(id, command, &events))
            }
            Subject::Levels | Subject::Reservation(_) => (Vec::new(), Vec::new()),
        };
        claims.extend(sale_claim(command, levels));
        let step = command.step.filter(|_| !events.is_empty());
        claims.extend(step.map(|step| claims::step_claim(step, missing(&events))));
        Ok(Decision { events, claims, renewals })
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
    ) -> StoreAnswer {
        let reservation = command.reservation_id();
        let mut expires_at = None;
        let mut lines = Vec::with_capacity(levels.len());
        for (index, (line, level)) in command.lines.iter().zip(levels).enumerate() {
            let own = events.iter().filter(|(at, _)| *at == index).map(|(_, event)| event);
            let quantity = own.filter_map(moved).next_back().unwrap_or(0);
            let after = StockLevel::of(command.store, line.product, level, now);
            lines.push(LineAnswer { level: after, quantity });
            let hold = reservation.and_then(|id| level.state.hold(id));
            expires_at = expires_at.or(hold.map(|hold| hold.expires_at));
        }
        StoreAnswer { store: command.store, as_of: now, reservation, expires_at, lines }
    }

    fn claim_taken(&self, _: &StoreCommand, claim: &Claim, _: &FoundClaim) -> StoreRefusal {
        if claims::is_step(claim) {
            StoreRefusal::StepDone
        } else if claims::is_partial_sale(claim) {
            StoreRefusal::SaleRecorded
        } else {
            StoreRefusal::ReservationIdTaken(Arc::clone(&claim.key.key))
        }
    }
}

impl Codec for InventoryDecider {
    const SNAPSHOT_SCHEMA: u16 = snapshot_codec::SCHEMA;

    fn encode(
        &self,
        _: &StoreCommand,
        event: &Event,
        event_id: Uuid,
        now: Timestamp,
    ) -> EncodedEvent {
        event_codec::encode_event(event, event_id, now)
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

    fn encode_answer(&self, answer: &StoreAnswer) -> Box<str> {
        answer_codec::encode(answer)
    }

    /// A reservation that is still held can be asked for again.
    fn answer_needed_until(&self, answer: &StoreAnswer) -> Option<Timestamp> {
        answer.expires_at
    }

    fn decode_answer(&self, answer: &str) -> Option<StoreAnswer> {
        answer_codec::decode(answer)
    }
}

/// Spreads stores over shards by the random part of their ids.
pub(crate) fn route(store: Uuid) -> u64 {
    let (high, low) = store.as_u64_pair();
    (high ^ low.rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32
}

/// The claim of a reservation until the latest deadline that these events give it, if they give it one.
fn claim(id: ReservationId, command: &StoreCommand, events: &[(usize, Event)]) -> Vec<Claim> {
    let deadline = |(_, event): &(usize, Event)| match event {
        Event::StockReserved { expires_at, .. } | Event::ReservationExtended { expires_at, .. } => {
            Some(*expires_at)
        }
        _ => None,
    };
    let latest = events.iter().filter_map(deadline).max();
    latest.map(|deadline| claims::claim(id, command, deadline)).into_iter().collect()
}

/// The claim of the order that these events reserve for, if they do.
fn order_claim(events: &[(usize, Event)]) -> Vec<Claim> {
    let order = |(_, event): &(usize, Event)| match event {
        Event::StockReserved { order: Some(order), expires_at, .. } => {
            Some(claims::order_claim(order, *expires_at))
        }
        _ => None,
    };
    // all lines are for the same one, until the same deadline
    events.iter().find_map(order).into_iter().collect()
}

/// The claim of a partial sale until the latest deadline of what its reservation holds.
fn sale_claim(command: &StoreCommand, levels: &[Versioned<'_, Inventory>]) -> Option<Claim> {
    let (sale, id) = (command.sale.as_ref()?, command.reservation_id()?);
    let holds = levels.iter().filter_map(|level| level.state.hold(id));
    holds.map(|hold| hold.expires_at).max().map(|deadline| sale.claim(deadline))
}

/// The units that these events took beyond what the books had.
fn missing(events: &[(usize, Event)]) -> u32 {
    let beyond = events.iter().filter_map(|(_, event)| Some(event.physical()?.1.shortfall.get()));
    // each is within the bounds of a stock level
    u32::try_from(beyond.filter(|units| *units > 0).sum::<i64>()).unwrap_or(u32::MAX)
}

/// The units that an event reserved, sold or released.
fn moved(event: &Event) -> Option<u32> {
    match event {
        Event::StockAdded { quantity, .. }
        | Event::StockReserved { quantity, .. }
        | Event::StockCommitted { quantity, .. }
        | Event::StockReleased { quantity, .. }
        | Event::StockTransferredOut { quantity, .. }
        | Event::StockTransferredIn { quantity, .. } => Some(quantity.get()),
        Event::ReservationExtended { .. }
        | Event::StockAdjusted { .. }
        | Event::StockPolicyChanged { .. } => None,
    }
}

//! Given/when/then for one stock level, and short names for commands and events.
//!
//! Ids are small numbers, times are milliseconds after [`now`], time to live is in seconds. After every event of
//! every test the invariant 0 <= reserved <= on hand is checked.

use kit_core::Timestamp;
use uuid::Uuid;

use crate::{
    AddStock, AdjustStock, Command, CommitReservation, CountStock, Customer, CustomerRef,
    DispatchTransfer, Event, ExpireReservations, ExtendReservation, Inventory, OnShortage,
    OrderRef, PositiveQuantity, Posting, Reason, ReceiveTransfer, Reference, Refusal, ReleaseCause,
    ReleaseReservation, ReservationId, ReserveStock, SetStockPolicy, StockDelta, StockQuantity,
    StoreId, TimeToLive, TransactionRef, TransferId, decide, evolve,
};

/// A stock level with a history.
pub(crate) struct Given {
    inventory: Inventory,
    now: Timestamp,
}

/// The result of a command.
pub(crate) struct Outcome {
    before: Inventory,
    command: Command,
    now: Timestamp,
    answer: Result<Vec<Event>, Refusal>,
}

/// A stock level after a granted command.
pub(crate) struct After {
    inventory: Inventory,
    now: Timestamp,
}

/// A stock level to which this happened.
#[track_caller]
pub(crate) fn given(history: impl IntoIterator<Item = Event>) -> Given {
    Given { inventory: happen(Inventory::default(), history), now: now() }
}

impl Given {
    /// Sets the time of the command, in milliseconds after [`now`].
    pub(crate) fn at(self, millis: i64) -> Self {
        Self { now: at(millis), ..self }
    }

    pub(crate) fn when(self, command: Command) -> Outcome {
        let answer = decide(&self.inventory, &command, self.now);
        Outcome { before: self.inventory, command, now: self.now, answer }
    }

    pub(crate) fn inventory(self) -> Inventory {
        self.inventory
    }
}

impl Outcome {
    /// What happens as it is told happens at the time of the command.
    #[track_caller]
    pub(crate) fn then<const N: usize>(self, mut expected: [Event; N]) -> After {
        for event in &mut expected {
            if let Some(posting) = posting_mut(event).filter(|posting| !posting.is_late) {
                posting.occurred_at = self.now;
            }
        }
        assert_eq!(self.answer, Ok(Vec::from(expected)), "{:?}", self.command);
        self.granted()
    }

    #[track_caller]
    pub(crate) fn granted(self) -> After {
        let Self { command, answer, .. } = self;
        let events = answer.unwrap_or_else(|refusal| panic!("{command:?} was refused: {refusal}"));
        After { inventory: happen(self.before, events), now: self.now }
    }

    #[track_caller]
    pub(crate) fn refused(self, expected: Refusal) {
        assert_eq!(self.answer, Err(expected), "{:?}", self.command);
    }

    #[track_caller]
    pub(crate) fn refused_as(self, code: &str) {
        let refusal = self.answer.expect_err("the command should have been refused");
        assert_eq!(refusal.code(), code);
    }
}

impl After {
    #[track_caller]
    pub(crate) fn shortfall(self, units: i64) -> Self {
        assert_eq!(self.inventory.shortfall(), quantity(units), "shortfall");
        self
    }

    #[track_caller]
    pub(crate) fn on_hand(self, units: i64) -> Self {
        assert_eq!(self.inventory.on_hand(), quantity(units), "on hand");
        self
    }

    #[track_caller]
    pub(crate) fn reserved(self, units: i64) -> Self {
        assert_eq!(self.inventory.reserved(), quantity(units), "reserved");
        self
    }

    #[track_caller]
    pub(crate) fn available(self, units: i64) -> Self {
        assert_eq!(self.inventory.available_at(self.now), quantity(units), "available");
        self
    }

    pub(crate) fn inventory(self) -> Inventory {
        self.inventory
    }
}

fn posting_mut(event: &mut Event) -> Option<&mut Posting> {
    match event {
        Event::StockAdded { posting, .. }
        | Event::StockCommitted { posting, .. }
        | Event::StockAdjusted { posting, .. }
        | Event::StockTransferredOut { posting, .. }
        | Event::StockTransferredIn { posting, .. } => Some(posting),
        _ => None,
    }
}

#[track_caller]
fn happen(inventory: Inventory, events: impl IntoIterator<Item = Event>) -> Inventory {
    events.into_iter().fold(inventory, |before, event| {
        let after = evolve(before, &event);
        assert!(after.reserved() <= after.on_hand(), "{event:?} breaks the invariant: {after:?}");
        after
    })
}

// values

/// The time of every test that does not set another.
pub(crate) fn now() -> Timestamp {
    at(0)
}

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_795_000_000_000 + millis)
}

pub(crate) fn reservation(id: u128) -> ReservationId {
    ReservationId::from_uuid(Uuid::from_u128(id))
}

fn transfer() -> TransferId {
    TransferId::from_uuid(Uuid::from_u128(7))
}

fn other_store() -> StoreId {
    StoreId::from_uuid(Uuid::from_u128(8))
}

pub(crate) fn quantity(units: i64) -> StockQuantity {
    StockQuantity::new(units).unwrap()
}

pub(crate) fn positive(units: i64) -> PositiveQuantity {
    PositiveQuantity::new(units).unwrap()
}

pub(crate) fn delta(units: i64) -> StockDelta {
    StockDelta::new(units).unwrap()
}

pub(crate) fn reason(text: &str) -> Reason {
    Reason::new(text).unwrap()
}

pub(crate) fn reference(text: &str) -> Reference {
    Reference::new(text).unwrap()
}

pub(crate) fn order(text: &str) -> OrderRef {
    OrderRef::new(text).unwrap()
}

pub(crate) fn customer(text: &str) -> Customer {
    Customer::InClear(CustomerRef::new(text).unwrap())
}

pub(crate) fn transaction(text: &str) -> TransactionRef {
    TransactionRef::new(text).unwrap()
}

// commands

pub(crate) fn add(units: i64) -> Command {
    let quantity = positive(units);
    Command::AddStock(AddStock { quantity, reason: None, reference: None, occurred_at: None })
}

pub(crate) fn reserve(id: u128, units: i64) -> Command {
    Command::ReserveStock(ReserveStock {
        reservation_id: reservation(id),
        quantity: positive(units),
        ttl: TimeToLive::default(),
        reason: None,
        order: None,
        customer: None,
        sold_at: None,
    })
}

pub(crate) fn commit(id: u128) -> Command {
    commit_with(id, None)
}

pub(crate) fn commit_some(id: u128, units: i64) -> Command {
    commit_with(id, Some(quantity(units)))
}

/// The same sale, which leaves the rest held.
pub(crate) fn keeping_rest(command: Command) -> Command {
    let Command::CommitReservation(commit) = command else { panic!("{command:?} is no sale") };
    Command::CommitReservation(CommitReservation { keep_remainder: true, ..commit })
}

fn commit_with(id: u128, quantity: Option<StockQuantity>) -> Command {
    Command::CommitReservation(CommitReservation {
        reservation_id: reservation(id),
        quantity,
        keep_remainder: false,
        transaction: transaction("sale"),
        customer: None,
        occurred_at: None,
    })
}

pub(crate) fn release(id: u128) -> Command {
    release_with(id, None)
}

pub(crate) fn release_some(id: u128, units: i64) -> Command {
    release_with(id, Some(quantity(units)))
}

fn release_with(id: u128, quantity: Option<StockQuantity>) -> Command {
    let reservation_id = reservation(id);
    Command::ReleaseReservation(ReleaseReservation { reservation_id, quantity, reason: None })
}

pub(crate) fn extend(id: u128, seconds: i64) -> Command {
    let ttl = TimeToLive::from_seconds(seconds).unwrap();
    Command::ExtendReservation(ExtendReservation { reservation_id: reservation(id), ttl })
}

pub(crate) fn expire(limit: usize) -> Command {
    Command::ExpireReservations(ExpireReservations { limit })
}

pub(crate) fn adjust(units: i64) -> Command {
    adjust_with(units, OnShortage::Refuse)
}

pub(crate) fn adjust_or_revoke(units: i64) -> Command {
    adjust_with(units, OnShortage::RevokeNewest)
}

fn adjust_with(units: i64, on_shortage: OnShortage) -> Command {
    Command::AdjustStock(AdjustStock {
        delta: delta(units),
        reason: Reason::new("correction").unwrap(),
        reference: None,
        occurred_at: None,
        on_shortage,
        already_left: false,
    })
}

pub(crate) fn count(units: i64) -> Command {
    Command::CountStock(CountStock {
        counted: quantity(units),
        reason: None,
        reference: None,
        occurred_at: None,
        on_shortage: OnShortage::Refuse,
    })
}

/// What a hold has leaves for another store.
pub(crate) fn dispatch(id: u128) -> Command {
    Command::DispatchTransfer(DispatchTransfer {
        transfer_id: transfer(),
        reservation_id: reservation(id),
        destination: other_store(),
        occurred_at: None,
    })
}

/// Units of a transfer arrive from another store.
pub(crate) fn receive(units: i64) -> Command {
    Command::ReceiveTransfer(ReceiveTransfer {
        transfer_id: transfer(),
        from: other_store(),
        quantity: positive(units),
        occurred_at: None,
    })
}

/// The same fact, told later: it happened `millis` after [`now`].
pub(crate) fn happened(command: Command, millis: i64) -> Command {
    let occurred_at = Some(at(millis));
    match command {
        Command::AddStock(add) => Command::AddStock(AddStock { occurred_at, ..add }),
        Command::AdjustStock(adjust) => Command::AdjustStock(AdjustStock { occurred_at, ..adjust }),
        Command::CountStock(count) => Command::CountStock(CountStock { occurred_at, ..count }),
        Command::CommitReservation(commit) => {
            Command::CommitReservation(CommitReservation { occurred_at, ..commit })
        }
        Command::ReserveStock(reserve) => {
            Command::ReserveStock(ReserveStock { sold_at: occurred_at, ..reserve })
        }
        Command::DispatchTransfer(dispatch) => {
            Command::DispatchTransfer(DispatchTransfer { occurred_at, ..dispatch })
        }
        Command::ReceiveTransfer(receive) => {
            Command::ReceiveTransfer(ReceiveTransfer { occurred_at, ..receive })
        }
        other => other,
    }
}

/// The same adjustment of units that have left whether or not the books have them.
pub(crate) fn already_left(command: Command) -> Command {
    let Command::AdjustStock(adjust) = command else { panic!("{command:?} is no adjustment") };
    Command::AdjustStock(AdjustStock { already_left: true, ..adjust })
}

pub(crate) fn set_policy(safety_stock: Option<i64>, reorder_point: Option<i64>) -> Command {
    Command::SetStockPolicy(SetStockPolicy {
        safety_stock: safety_stock.map(quantity),
        reorder_point: reorder_point.map(quantity),
    })
}

// events

pub(crate) fn added(units: i64) -> Event {
    let posting = Posting::plain(now(), delta(units));
    Event::StockAdded { quantity: positive(units), reason: None, reference: None, posting }
}

pub(crate) fn reserved(id: u128, units: i64, seconds: i64) -> Event {
    reserved_at(id, units, 0, seconds)
}

pub(crate) fn reserved_at(id: u128, units: i64, millis: i64, seconds: i64) -> Event {
    Event::StockReserved {
        reservation_id: reservation(id),
        quantity: positive(units),
        created_at: at(millis),
        expires_at: at(millis + seconds * 1_000),
        reason: None,
        order: None,
        customer: None,
    }
}

pub(crate) fn committed(id: u128, units: i64, returned: i64) -> Event {
    sold(id, units, returned, 0)
}

/// A sale that left the rest held.
pub(crate) fn sold_some(id: u128, units: i64, kept: i64) -> Event {
    sold(id, units, 0, kept)
}

fn sold(id: u128, units: i64, returned: i64, kept: i64) -> Event {
    Event::StockCommitted {
        reservation_id: reservation(id),
        quantity: positive(units),
        returned: quantity(returned),
        kept: quantity(kept),
        transaction: transaction("sale"),
        customer: None,
        posting: Posting::plain(now(), delta(-units)),
    }
}

pub(crate) fn released(id: u128, units: i64, cause: ReleaseCause) -> Event {
    released_with(id, units, cause, None)
}

pub(crate) fn expired_event(id: u128, units: i64) -> Event {
    released(id, units, ReleaseCause::Expired)
}

pub(crate) fn revoked(id: u128, units: i64) -> Event {
    released_with(id, units, ReleaseCause::Shortage, Some(reason("correction")))
}

fn released_with(id: u128, units: i64, cause: ReleaseCause, reason: Option<Reason>) -> Event {
    let (reservation_id, quantity) = (reservation(id), positive(units));
    Event::StockReleased { reservation_id, quantity, kept: StockQuantity::ZERO, cause, reason }
}

/// A release that left the rest held.
pub(crate) fn released_some(id: u128, units: i64, kept: i64) -> Event {
    let (reservation_id, units, kept) = (reservation(id), positive(units), quantity(kept));
    let cause = ReleaseCause::Cancelled;
    Event::StockReleased { reservation_id, quantity: units, kept, cause, reason: None }
}

pub(crate) fn extended(id: u128, millis: i64) -> Event {
    Event::ReservationExtended { reservation_id: reservation(id), expires_at: at(millis) }
}

pub(crate) fn adjusted(units: i64) -> Event {
    let (delta, reason) = (delta(units), Some(reason("correction")));
    let posting = Posting::plain(now(), delta);
    Event::StockAdjusted { delta, counted: None, reason, reference: None, posting }
}

pub(crate) fn counted(units: i64, counted: i64) -> Event {
    let (delta, counted) = (delta(units), Some(quantity(counted)));
    let posting = Posting::plain(now(), delta);
    Event::StockAdjusted { delta, counted, reason: None, reference: None, posting }
}

/// The same event of a fact that was told late, with the effect that it had.
pub(crate) fn late(event: Event, millis: i64, on_hand: i64, shortfall: i64) -> Event {
    let (on_hand, shortfall) = (delta(on_hand), delta(shortfall));
    let occurred_at = at(millis);
    let posting =
        Posting { occurred_at, is_late: true, on_hand, shortfall, included_in_count_of: None };
    with_posting(event, posting)
}

/// The same event of a fact that a count includes.
pub(crate) fn included(event: Event, millis: i64, count: i64) -> Event {
    with_posting(event, Posting::included(at(millis), true, at(count)))
}

/// The same event with the effect that it had.
pub(crate) fn with_effect(event: Event, on_hand: i64, shortfall: i64) -> Event {
    let (on_hand, shortfall) = (delta(on_hand), delta(shortfall));
    with_posting(event, Posting { shortfall, ..Posting::plain(now(), on_hand) })
}

fn with_posting(mut event: Event, posting: Posting) -> Event {
    *posting_mut(&mut event).expect("a physical fact") = posting;
    event
}

pub(crate) fn transferred_out(id: u128, units: i64) -> Event {
    Event::StockTransferredOut {
        transfer_id: transfer(),
        reservation_id: reservation(id),
        quantity: positive(units),
        destination: other_store(),
        posting: Posting::plain(now(), delta(-units)),
    }
}

pub(crate) fn transferred_in(units: i64) -> Event {
    Event::StockTransferredIn {
        transfer_id: transfer(),
        quantity: positive(units),
        from: other_store(),
        posting: Posting::plain(now(), delta(units)),
    }
}

pub(crate) fn policy(safety_stock: i64, reorder_point: i64) -> Event {
    let (safety_stock, reorder_point) = (quantity(safety_stock), quantity(reorder_point));
    Event::StockPolicyChanged { safety_stock, reorder_point }
}

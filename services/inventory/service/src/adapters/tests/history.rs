//! A log to which events are appended one by one, in short words.

use std::collections::HashMap;
use std::sync::Arc;

use gondola_inventory_domain::{
    Event, OrderRef, PositiveQuantity, Posting, ProductId, Reason, ReleaseCause, ReservationId,
    StockDelta, StockQuantity, StoreId, TransactionRef, stream_id,
};
use kit_core::{Actor, EncodedEvent, Metadata, Position, StreamId, Timestamp, Version};
use kit_event_store::memory::MemoryStore;
use kit_event_store::{Append, EventStore, Outcome, Transaction};
use uuid::Uuid;

use crate::use_cases::encode_event;

/// The log and how many events each of its streams has.
pub(super) struct History {
    pub(super) log: Arc<dyn EventStore>,
    versions: HashMap<StreamId, Version>,
}

pub(super) fn store(number: u128) -> StoreId {
    StoreId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn product(number: u128) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(number))
}

pub(super) fn reservation(number: u128) -> ReservationId {
    ReservationId::from_uuid(Uuid::from_u128(number))
}

/// The time `seconds` after the beginning.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_000_000_000 + seconds * 1_000)
}

fn positive(units: i64) -> PositiveQuantity {
    PositiveQuantity::new(units).unwrap()
}

fn quantity(units: i64) -> StockQuantity {
    StockQuantity::new(units).unwrap()
}

pub(super) fn added(units: i64) -> Event {
    let quantity = positive(units);
    let posting = Posting::plain(at(1), quantity.into());
    Event::StockAdded { quantity, reason: None, reference: None, posting }
}

pub(super) fn policy(safety_stock: i64, reorder_point: i64) -> Event {
    let (safety_stock, reorder_point) = (quantity(safety_stock), quantity(reorder_point));
    Event::StockPolicyChanged { safety_stock, reorder_point }
}

/// A reservation whose deadline is the given number of seconds after the beginning.
pub(super) fn reserved(id: u128, units: i64, ends: i64) -> Event {
    Event::StockReserved {
        reservation_id: reservation(id),
        quantity: positive(units),
        created_at: at(0),
        expires_at: at(ends),
        reason: None,
        order: Some(OrderRef::new("order").unwrap()),
        customer: None,
    }
}

pub(super) fn committed(id: u128, units: i64, returned: i64) -> Event {
    Event::StockCommitted {
        reservation_id: reservation(id),
        quantity: positive(units),
        returned: quantity(returned),
        kept: quantity(0),
        transaction: TransactionRef::new("sale").unwrap(),
        customer: None,
        posting: Posting::plain(at(1), StockDelta::new(-units).unwrap()),
    }
}

/// A count that happened before it was recorded, with what it changed of on hand and shortfall.
pub(super) fn counted(units: i64, seconds: i64, on_hand: i64, shortfall: i64) -> Event {
    let [on_hand, shortfall] = [on_hand, shortfall].map(|change| StockDelta::new(change).unwrap());
    let occurred_at = at(seconds);
    let posting =
        Posting { occurred_at, is_late: true, on_hand, shortfall, included_in_count_of: None };
    let (counted, reason) = (Some(quantity(units)), Some(Reason::new("stocktake").unwrap()));
    Event::StockAdjusted { delta: on_hand, counted, reason, reference: None, posting }
}

/// Units that have left, more of them than there were.
pub(super) fn left(units: i64, missing: i64) -> Event {
    let [delta, on_hand, shortfall] =
        [-units, missing - units, missing].map(|change| StockDelta::new(change).unwrap());
    let posting = Posting { shortfall, ..Posting::plain(at(1), on_hand) };
    let reason = Some(Reason::new("offline sale").unwrap());
    Event::StockAdjusted { delta, counted: None, reason, reference: None, posting }
}

pub(super) fn released(id: u128, units: i64, cause: ReleaseCause) -> Event {
    let (reservation_id, quantity) = (reservation(id), positive(units));
    Event::StockReleased {
        reservation_id,
        quantity,
        kept: StockQuantity::ZERO,
        cause,
        reason: None,
    }
}

/// The same sale or release, which leaves units held.
pub(super) fn keeping(mut event: Event, units: i64) -> Event {
    match &mut event {
        Event::StockCommitted { kept, .. } | Event::StockReleased { kept, .. } => {
            *kept = quantity(units);
        }
        other => panic!("{other:?} ends no hold"),
    }
    event
}

pub(super) fn extended(id: u128, ends: i64) -> Event {
    Event::ReservationExtended { reservation_id: reservation(id), expires_at: at(ends) }
}

impl History {
    pub(super) fn new() -> Self {
        Self { log: Arc::new(MemoryStore::new()), versions: HashMap::new() }
    }

    /// Records one event and returns its position.
    pub(super) async fn record(&mut self, level: (u128, u128), event: Event) -> Position {
        let event = encode_event(&event, self.next_id(), at(1));
        self.record_encoded(level, event).await
    }

    /// Records an event that a newer version has written.
    pub(super) async fn record_unreadable(&mut self, level: (u128, u128)) -> Position {
        let event = encode_event(&added(1), self.next_id(), at(1));
        self.record_encoded(level, EncodedEvent { schema_version: u16::MAX, ..event }).await
    }

    fn next_id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.log.head().borrow().get()) + 1)
    }

    async fn record_encoded(&mut self, level: (u128, u128), event: EncodedEvent) -> Position {
        let stream = stream_id(product(level.1), store(level.0));
        let version = self.versions.entry(stream.clone()).or_insert(Version::ZERO);
        let events = vec![event];
        let append = Append { stream, expected: *version, events };
        *version = version.next();
        let metadata = Metadata {
            correlation_id: Uuid::nil(),
            causation_id: Uuid::nil(),
            actor: Actor::system("system:test"),
            recorded_at: at(1),
        };
        let transaction = Transaction { appends: vec![append], ..Transaction::new(metadata, 0) };
        match &self.log.append(vec![transaction]).await.unwrap()[..] {
            [Outcome::Committed(recorded)] => recorded[0].position,
            other => panic!("{other:?}"),
        }
    }
}

//! One product in one store: what a command leaves behind and what a read finds.

use gondola_inventory_domain::{Inventory, ProductId, StoreId};
use kit_core::{Position, Timestamp, Version};
use kit_executor::Versioned;

/// The stock of one product in one store at a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockLevel {
    /// The store.
    pub store: StoreId,
    /// The product.
    pub product: ProductId,
    /// Units physically in the store.
    pub on_hand: u32,
    /// Units that were taken beyond what the books had, since the latest count.
    pub shortfall: u32,
    /// Business time of the latest count.
    pub counted_at: Option<Timestamp>,
    /// Units held by reservations whose deadline lies after `as_of`.
    pub reserved: u32,
    /// Units of reservations that have run out by `as_of`, though no event has ended them yet. They are free.
    pub lapsed: u32,
    /// The earliest deadline of what is reserved: until then the numbers hold unless an event changes them.
    pub next_deadline: Option<Timestamp>,
    /// Units that are not offered.
    pub safety_stock: u32,
    /// Reorder when at most this many units are available.
    pub reorder_point: u32,
    /// How many events the stock level has.
    pub version: Version,
    /// Position of its last event, or a later one up to which nothing else happened to it.
    pub position: Position,
    /// The time for which the numbers hold.
    pub as_of: Timestamp,
}

impl StockLevel {
    /// The stock level before its first event.
    #[must_use]
    pub fn unrecorded(store: StoreId, product: ProductId) -> Self {
        Self {
            store,
            product,
            on_hand: 0,
            shortfall: 0,
            counted_at: None,
            reserved: 0,
            lapsed: 0,
            next_deadline: None,
            safety_stock: 0,
            reorder_point: 0,
            version: Version::ZERO,
            position: Position::ZERO,
            as_of: Timestamp::default(),
        }
    }

    /// The numbers of a state at a given time: reservations overdue by then hold nothing.
    #[must_use]
    pub fn of(
        store: StoreId,
        product: ProductId,
        level: &Versioned<'_, Inventory>,
        as_of: Timestamp,
    ) -> Self {
        let Versioned { state, version, position } = *level;
        let reserved = state.reserved_at(as_of);
        Self {
            store,
            product,
            on_hand: state.on_hand().get(),
            shortfall: state.shortfall().get(),
            counted_at: state.counted_at(),
            reserved: reserved.get(),
            lapsed: state.reserved().saturating_sub(reserved).get(),
            next_deadline: state.next_deadline_after(as_of),
            safety_stock: state.policy().safety_stock.get(),
            reorder_point: state.policy().reorder_point.get(),
            version,
            position,
            as_of,
        }
    }

    /// The same level at a later moment, as long as no deadline has passed since.
    #[must_use]
    pub fn still_at(self, now: Timestamp) -> Option<Self> {
        let passed = self.next_deadline.is_some_and(|deadline| deadline <= now);
        (!passed).then_some(Self { as_of: now, ..self })
    }

    /// On hand less reserved.
    #[must_use]
    pub const fn available(&self) -> u32 {
        self.on_hand.saturating_sub(self.reserved)
    }

    /// Available less safety stock: what a new reservation may hold.
    #[must_use]
    pub const fn offered(&self) -> u32 {
        self.available().saturating_sub(self.safety_stock)
    }
}

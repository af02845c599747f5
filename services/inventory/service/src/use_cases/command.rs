//! What the executor of this context runs: requests to stock levels of ONE store, all or nothing.

use gondola_inventory_domain::{Command, ProductId, ReservationId, StoreId};

/// A change of one or more stock levels of one store, as one transaction.
#[derive(Clone, Debug)]
pub struct StoreCommand {
    /// The store: the boundary of consistency, and what routes the command to its shard.
    pub store: StoreId,
    /// One line per product.
    pub lines: Vec<Line>,
    /// The promise that this command makes, if it makes one: claimed, so that the id is unique and found again.
    pub makes: Option<ReservationId>,
}

/// The part of a command that concerns one product.
#[derive(Clone, Debug)]
pub struct Line {
    /// The product.
    pub product: ProductId,
    /// What its stock level is asked.
    pub command: Command,
    /// A line left out of a sale: it is passed over when its promise has ended already.
    pub optional: bool,
}

impl StoreCommand {
    /// A command to a single stock level.
    #[must_use]
    pub fn single(store: StoreId, product: ProductId, command: Command) -> Self {
        Self { store, lines: vec![Line { product, command, optional: false }], makes: None }
    }
}

//! The services that an import writes to and reads from, and in whose name.

use std::sync::Arc;

use gondola_inventory::process_managers::transfers::Transfers;
use gondola_inventory::use_cases::StockCommands;
use gondola_store::use_cases::{CatalogueReadModel, CatalogueWrites};
use kit_core::{Actor, Caller, Clock, IdSource, RandomIds, Scope, SystemClock, Timestamp};
use kit_event_store::EventStore;

/// The services that an import writes to and reads from.
#[derive(Clone)]
pub struct Services {
    /// Commands of the inventory.
    pub stock: Arc<StockCommands>,
    /// Transfers between stores.
    pub transfers: Arc<Transfers>,
    /// The inventory's log: what an earlier run did is found in it.
    pub log: Arc<dyn EventStore>,
    /// Registrations of stores and products.
    pub catalogue: Arc<CatalogueWrites>,
    /// The stores and products that are registered.
    pub listings: Arc<dyn CatalogueReadModel>,
}

/// The actor of imported changes.
pub(super) fn actor() -> Actor {
    Actor::system("system:import")
}

/// The caller that registers stores and products.
pub(super) fn registrar() -> Caller {
    Caller {
        actor: actor(),
        correlation_id: RandomIds.next_id(now()),
        idempotency: None,
        scope: Scope::All,
    }
}

/// The time of day.
pub(super) fn now() -> Timestamp {
    SystemClock.now()
}

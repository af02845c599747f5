//! The services that an import writes to and reads from, and in whose name.

use std::sync::Arc;

use anyhow::Context;
use gondola_inventory::process_managers::transfers::Transfers;
use gondola_inventory::use_cases::StockCommands;
use gondola_store::use_cases::{CatalogueReadModel, CatalogueWrites};
use kit_core::{Actor, Caller, Clock, IdSource, RandomIds, Scope, SystemClock, Timestamp};
use kit_event_store::EventStore;
use kit_service::ReadError;

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
    /// In whose name.
    pub author: Author,
}

/// In whose name an import writes, and in which stores.
#[derive(Clone, Debug)]
pub struct Author {
    /// The actor of its changes.
    pub actor: Actor,
    /// The stores that exist for it.
    pub scope: Scope,
}

impl Default for Author {
    /// The importing system, for an operator at the data folder.
    fn default() -> Self {
        Self { actor: Actor::system("system:import"), scope: Scope::All }
    }
}

impl Services {
    /// The caller that registers stores and products, and asks for transfers.
    pub(super) fn registrar(&self) -> Caller {
        let Author { actor, scope } = self.author.clone();
        Caller { actor, correlation_id: RandomIds.next_id(now()), idempotency: None, scope }
    }

    /// Waits until the lists of the catalogue have what was registered before now.
    pub(super) async fn see_catalogue(&self) -> anyhow::Result<()> {
        let freshness = self.listings.freshness();
        let end = freshness.end();
        let mut before = None;
        loop {
            let at = match freshness.reach(end).await {
                Ok(()) => return Ok(()),
                // as long as they move
                Err(ReadError::Behind { at, .. }) if before < Some(at) => at,
                Err(error) => {
                    return Err(error).context("the lists of the catalogue are behind its log");
                }
            };
            before = Some(at);
        }
    }
}

/// The time of day.
pub(super) fn now() -> Timestamp {
    SystemClock.now()
}

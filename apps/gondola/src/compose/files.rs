//! Files through this process: it imports and exports where it serves both inventory and catalogue.

use std::sync::Arc;

use anyhow::Context;
use gondola_files::{Config, Deps, Source};
use gondola_import::{Author, CheckpointFolder, Services};
use kit_event_store::EventStore;
use kit_service::Module;

use super::event_store::{DataArgs, EventStoreUrl};
use super::{Gondola, Process};

/// Where imports write, in the name of the importing system.
pub(crate) fn services(gondola: &Gondola) -> Services {
    services_of(&gondola.inventory, &gondola.store, Arc::clone(&gondola.inventory_log))
}

/// Where exports are read from.
pub(crate) fn source(gondola: &Gondola) -> Source {
    source_of(&gondola.inventory, &gondola.store)
}

fn services_of(
    inventory: &gondola_inventory::InventoryContext,
    store: &gondola_store::StoreContext,
    log: Arc<dyn EventStore>,
) -> Services {
    Services {
        stock: Arc::clone(&inventory.commands),
        transfers: Arc::clone(&inventory.transfers),
        log,
        catalogue: Arc::clone(&store.catalogue),
        listings: Arc::clone(&store.listings),
        author: Author::default(),
    }
}

fn source_of(
    inventory: &gondola_inventory::InventoryContext,
    store: &gondola_store::StoreContext,
) -> Source {
    Source {
        listings: Arc::clone(&store.listings),
        queries: Arc::clone(&inventory.queries),
        transfers: Arc::clone(&inventory.transfers),
        replenishment: Arc::clone(&inventory.replenishment),
    }
}

impl Process {
    /// Imports and exports through this process. What was sent is kept beside the views, which are locked: no other process
    /// takes it up.
    pub(super) fn files(
        &self,
        data: &DataArgs,
        (inventory, store): (&gondola_inventory::InventoryContext, &gondola_store::StoreContext),
        log: Arc<dyn EventStore>,
    ) -> anyhow::Result<Module> {
        let folder = if data.event_store == EventStoreUrl::Memory {
            self.views.of("imports")
        } else {
            data.log_root().join("imports")
        };
        let kept = CheckpointFolder {
            folder,
            log: data.event_store.name().to_lowercase(),
            incarnation: Some(log.incarnation()),
        };
        let config = Config { folder: self.views.of("import-jobs"), kept };
        let deps = Deps {
            services: services_of(inventory, store, log),
            source: source_of(inventory, store),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
            tasks: self.tasks.clone(),
            drain: self.drain.clone(),
        };
        gondola_files::module(config, deps).context("cannot take up the files that were sent")
    }
}

//! Feeds this context's replica of the catalogue from the bus.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use gondola_contracts::{CloudEvent, IntegrationEvent, ProductStatus, StoreStatus, topics};
use gondola_inventory_domain::{ProductId, StoreId, TimeToLive};
use kit_core::Version;
use kit_event_bus::{BusError, Consumer, EventBus, HandleError, Handler, Message};
use uuid::Uuid;

use crate::use_cases::{Catalogue, Named};

/// Name of this consumer on the bus.
const GROUP: &str = "inventory.catalogue";

/// Joins the feed; from here on nothing that is published is missed.
pub(crate) async fn join(bus: Arc<dyn EventBus>) -> Result<Consumer, BusError> {
    Consumer::join(bus, GROUP, topics::CATALOGUE).await
}

/// Notes that the replica is filled, once the catalogue has `told` all that it has and the feed has taken it.
pub(crate) async fn note_filled(
    catalogue: Arc<Catalogue>,
    bus: Arc<dyn EventBus>,
    told: impl Future<Output = ()>,
) {
    told.await;
    bus.worked_off(GROUP).await;
    catalogue.note_filled();
    tracing::info!("catalogue_names_read");
}

/// Which of the catalogue's logs the replica was made from.
///
/// Versions of one log say nothing about another. When an older log was put back, what was known is thrown away, and
/// what is still on its way from the log before counts no more.
#[derive(Debug, Default)]
struct SourceLog {
    present: Option<Uuid>,
    former: HashSet<Uuid>,
}

/// What a message means for a replica, by the log that it comes from.
#[derive(Debug, PartialEq, Eq)]
enum Origin {
    Present,
    New,
    Former,
}

impl SourceLog {
    /// Where a message comes from. One that does not say is taken as from the present log.
    fn origin(&mut self, incarnation: Option<Uuid>) -> Origin {
        let Some(incarnation) = incarnation else { return Origin::Present };
        let present = *self.present.get_or_insert(incarnation);
        if present == incarnation {
            return Origin::Present;
        }
        if self.former.contains(&incarnation) {
            return Origin::Former;
        }
        self.former.insert(present);
        self.present = Some(incarnation);
        tracing::warn!(%present, new = %incarnation, "catalogue_is_read_from_another_log");
        Origin::New
    }
}

/// Notes stores and products in the replica, which drops what it has seen already.
pub(crate) struct CatalogueFeed {
    catalogue: Arc<Catalogue>,
    source: SourceLog,
}

impl CatalogueFeed {
    pub(crate) fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { catalogue, source: SourceLog::default() }
    }
}

#[async_trait]
impl Handler for CatalogueFeed {
    async fn handle(&mut self, message: &Message) -> Result<(), HandleError> {
        let told = CloudEvent::from_json(&message.payload);
        let told = told.map_err(|error| HandleError::Poison(error.to_string()))?;
        match self.source.origin(told.incarnation) {
            Origin::Present => {}
            Origin::New => self.catalogue.clear(),
            Origin::Former => return Ok(()),
        }
        note(&self.catalogue, told.event);
        Ok(())
    }
}

fn note(catalogue: &Catalogue, event: IntegrationEvent) {
    match event {
        IntegrationEvent::StoreRegistered(store) | IntegrationEvent::StoreUpdated(store) => {
            let id = StoreId::from_uuid(store.store_id);
            let named = Named {
                code: store.code.into(),
                name: store.name.into(),
                active: store.status == StoreStatus::Active,
                longest_hold: store.longest_hold_seconds.and_then(longest_hold),
            };
            catalogue.note_store(id, named, Version::new(store.version));
        }
        IntegrationEvent::ProductRegistered(product)
        | IntegrationEvent::ProductUpdated(product) => {
            let id = ProductId::from_uuid(product.product_id);
            let named = Named {
                code: product.sku.into(),
                name: product.name.into(),
                active: product.status == ProductStatus::Active,
                longest_hold: None,
            };
            catalogue.note_product(id, named, Version::new(product.version));
        }
        IntegrationEvent::InventoryUpdated(_) => {}
    }
}

/// More than this context can do is as much as it can.
fn longest_hold(seconds: u32) -> Option<TimeToLive> {
    TimeToLive::from_seconds(seconds.min(TimeToLive::SECONDS_MAX).into()).ok()
}

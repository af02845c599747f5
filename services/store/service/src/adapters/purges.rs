//! Which answers of caches in front of the servers an event of the catalogue expires.

use gondola_contracts::surrogate_keys;
use gondola_store_domain::Aggregate;
use kit_cdn::PurgerConfig;
use kit_core::RecordedEvent;

use crate::use_cases::{CatalogueEvent, decode_event};

/// The purger of the catalogue.
pub(crate) const fn purger_config() -> PurgerConfig {
    PurgerConfig { name: "catalogue-purger", everything: surrogate_keys::EVERYTHING, keys: changed }
}

/// Everything where nobody can tell what the event is about.
fn changed(event: &RecordedEvent) -> Vec<String> {
    match decode_event(event) {
        Ok(CatalogueEvent::Store(event)) => {
            surrogate_keys::store_changed(event.state().store_id.as_uuid())
        }
        Ok(CatalogueEvent::Product(event)) => {
            surrogate_keys::product_changed(event.state().product_id.as_uuid())
        }
        Ok(CatalogueEvent::Category(event)) => {
            surrogate_keys::category_changed(event.state().id().as_uuid())
        }
        // no shared cache keeps on what terms the chain buys
        Ok(CatalogueEvent::Supplier(_) | CatalogueEvent::SupplierOffer(_)) => Vec::new(),
        Err(_unreadable) => vec![surrogate_keys::EVERYTHING.to_owned()],
    }
}

//! Which events of the feed a reader wants.

use std::collections::HashSet;

use gondola_inventory_domain::{ProductId, StoreId, parse_stream_id};
use kit_core::RecordedEvent;

/// A choice of events; what is `None` is not restricted, and all conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// Only events in these stores.
    pub stores: Option<HashSet<StoreId>>,
    /// Only events of these products.
    pub products: Option<HashSet<ProductId>>,
    /// Only events of these types, by their names in the log.
    pub types: Option<HashSet<&'static str>>,
}

impl EventFilter {
    /// Whether every event is wanted.
    pub(super) const fn wants_all(&self) -> bool {
        self.stores.is_none() && self.products.is_none() && self.types.is_none()
    }

    /// Whether an event is wanted.
    pub(super) fn wants(&self, event: &RecordedEvent) -> bool {
        let wanted_type = |types: &HashSet<&str>| types.contains(&*event.event.event_type);
        if !self.types.as_ref().is_none_or(wanted_type) {
            return false;
        }
        if self.stores.is_none() && self.products.is_none() {
            return true;
        }
        parse_stream_id(&event.stream).is_some_and(|(product, store)| {
            self.stores.as_ref().is_none_or(|stores| stores.contains(&store))
                && self.products.as_ref().is_none_or(|products| products.contains(&product))
        })
    }
}

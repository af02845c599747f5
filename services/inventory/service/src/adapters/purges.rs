//! Which answers of caches in front of the servers an event of a stock level expires.

use gondola_contracts::surrogate_keys;
use gondola_inventory_domain::{is_process_stream, parse_stream_id};
use kit_cdn::PurgerConfig;
use kit_core::RecordedEvent;

/// The purger of stock.
pub(crate) const fn purger_config() -> PurgerConfig {
    PurgerConfig { name: "stock-purger", everything: surrogate_keys::EVERYTHING, keys: changed }
}

/// Everything where nobody can tell what the event is about; a process is never kept in a cache.
fn changed(event: &RecordedEvent) -> Vec<String> {
    match parse_stream_id(&event.stream) {
        Some((product, store)) => {
            surrogate_keys::stock_level_changed(store.as_uuid(), product.as_uuid())
        }
        None if is_process_stream(&event.stream) => Vec::new(),
        None => vec![surrogate_keys::EVERYTHING.to_owned()],
    }
}

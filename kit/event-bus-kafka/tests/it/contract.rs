//! The suites of the bus, on Kafka.

use std::sync::Arc;

use kit_event_bus::EventBus;
use kit_testkit::event_bus::durable::Kept;

use crate::scratch::Scratch;

impl Kept for Scratch {
    fn open(&self) -> Arc<dyn EventBus> {
        Arc::new(self.bus())
    }
}

kit_testkit::event_bus_contract!(
    Scratch::new().bus(),
    #[ignore = "needs Kafka: make test-services"]
);

kit_testkit::durable_event_bus_contract!(
    Scratch::new(),
    #[ignore = "needs Kafka: make test-services"]
);

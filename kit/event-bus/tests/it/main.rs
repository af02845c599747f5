//! The suite that every bus passes, on the memory bus, and the consumer on buses that fail.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod consumer;
mod places;

use kit_event_bus::MemoryBus;

kit_testkit::event_bus_contract!(MemoryBus::default());

//! The suite that every bus passes, on the memory bus.

use kit_event_bus::MemoryBus;

kit_testkit::event_bus_contract!(MemoryBus::default());

//! Leases in memory by the shared contract, and when singletons run.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod moody;
mod singletons;

use kit_lease::memory::MemoryLeases;

kit_testkit::lease_contract!(memory, MemoryLeases::default());

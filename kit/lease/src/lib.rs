//! Tasks that one process at a time runs: leases with fencing epochs, and what runs a task while it holds one.
//!
//! * [`port`]: what an adapter must do; the contract suite in `kit-testkit` proves that it does.
//! * [`singletons`]: runs a task, by lease or alone.
//! * [`memory`]: the reference adapter.

pub mod memory;
pub mod port;
pub mod singletons;

pub use port::{Lease, LeaseError, Leases};
pub use singletons::{Ended, LeaseTimes, Singleton, Singletons};

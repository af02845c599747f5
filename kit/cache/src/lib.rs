//! A cache that processes share, and what keeps its failures from those who use it.
//!
//! * [`port`]: what an adapter must do; the contract suite in `kit-testkit` proves that it does.
//! * [`guarded`]: a time limit and a breaker before an adapter.
//! * [`flights`]: one loader for each key.
//! * [`memory`]: the reference adapter.

pub mod flights;
pub mod guarded;
pub mod memory;
mod metrics;
pub mod port;

pub use flights::Flights;
pub use guarded::Guarded;
pub use port::{CacheError, Entry, Invalidation, SharedCache, Tell, spread};

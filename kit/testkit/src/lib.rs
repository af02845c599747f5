//! What tests share; no product code depends on it.
//!
//! * [`caches`]: the suite that every adapter of the shared cache passes.
//! * [`event_store`]: the suite that every adapter of the event store passes.
//! * [`shared_log`]: the suite beside it for adapters over a database server.
//! * [`event_bus`]: the suite that every adapter of the bus passes.
//! * [`faulty_server`]: a server that hangs, is slow, or answers what is no answer.
//! * [`flaky_bus`]: a bus that fails now and then.
//! * [`leases`]: the suite that every adapter of the lease port passes.
//! * [`subject_keys`]: the suite that every adapter of the port of subjects' keys passes.
//! * [`task_queue`]: the suite that every task queue passes.
//! * [`instrumented_store`]: an event store that counts calls, holds appends back and fails them.
//! * [`clock`], [`caller`]: time and callers as a test wants them.
//! * [`http`]: calls of a router in process.
//! * `mysql`, `postgres`: a database or a schema for one test on a real server.
//! * [`process`]: processes that must end.
//! * [`servers`]: real servers, started and killed.
//!
//! A process may be cut off at any step of a write; what is right then is proven at:
//!
//! | Cut off | Proven by |
//! |---|---|
//! | after the insert, before the commit | [`shared_log::lost`], [`shared_log::cancelled`], [`shared_log::crash`] |
//! | after the commit, before the reply | [`shared_log::lost`]; `shared::an_unknown_outcome_is_looked_up` of `kit-executor` |
//! | after the reply, before the caches know | `tests::shared_cache` of the adapters of `gondola-inventory` |
//! | after the publication, before the checkpoint | `cut_off` of `kit-relay`; `errors` and `broker` of `kit-event-bus-kafka` |
//! | after the effect, before the acknowledgement | `consumer` of `kit-event-bus`; `rebalance` of `kit-event-bus-kafka` |
//!
//! A crate whose port is described here may use it in its integration tests only: its unit tests are another build of
//! the crate, whose types are not the ones the suites know.

pub mod caches;
pub mod caller;
pub mod clock;
pub mod event_bus;
pub mod event_store;
pub mod faulty_server;
pub mod flaky_bus;
pub mod http;
pub mod instrumented_store;
pub mod leases;
#[cfg(feature = "mysql")]
pub mod mysql;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod process;
pub mod servers;
pub mod shared_log;
pub mod subject_keys;
pub mod task_queue;
mod unreadable;

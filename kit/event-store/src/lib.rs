//! The event store port, what runs on it, and its two adapters without a database.
//!
//! * [`port`]: what an adapter must do. [`contract`]: the suite that proves it does.
//! * [`admit`]: the rules of a group append, shared by all adapters that have a single writer.
//! * [`memory`]: the reference adapter.

pub mod admit;
pub mod port;

pub use port::{
    Append, Checkpoints, Claim, ClaimKey, EventLog, EventStore, FoundClaim, Guard, Loaded, Outcome,
    Snapshot, StoreError, Streams, Transaction,
};

//! The event store port, what runs on it, and its two adapters without a database.
//!
//! * [`port`]: what an adapter must do. [`contract`]: the suite that proves it does.
//! * [`admit`]: the rules of a group append, shared by all adapters that have a single writer.
//! * [`memory`]: the reference adapter. [`jsonl`]: a synced journal and one readable file per stream.

pub mod admit;
mod bookmark;
mod clock;
pub mod contract;
pub mod jsonl;
pub mod memory;
pub mod port;
pub mod projection;
mod snapshot_cache;

pub use bookmark::{Bookmark, Bookmarks};
pub use clock::MonotonicClock;
pub use port::{
    Append, Checkpoints, Claim, ClaimKey, EventLog, EventStore, FoundClaim, Guard, Loaded, Outcome,
    Snapshot, StoreError, Streams, Transaction,
};

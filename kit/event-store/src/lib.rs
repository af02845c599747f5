//! The event store port, what runs on it, and the reference adapter.
//!
//! * [`port`]: what an adapter must do; the contract suite in `kit-testkit` proves that it does.
//! * [`admit`]: the rules of a group append, shared by all adapters that have a single writer.
//! * [`group`]: what such a writer commits together.
//! * [`memory`]: the reference adapter.
//! * [`parking`]: what a follower does with a stream that it cannot read.
//! * [`shared_log`]: what adapters over a database server have in common.
//! * [`log_folder`]: the folder of a log on disk, for adapters that keep one.
//! * [`subject_keys`]: keys of data subjects that processes on one log share, with a reference adapter.

pub mod admit;
mod clock;
mod follower_metrics;
pub mod group;
mod health;
mod incarnation;
pub mod log_folder;
mod log_reader;
pub mod memory;
pub mod parking;
pub mod port;
mod progress;
pub mod projection;
pub mod shared_log;
mod snapshot_cache;
mod stream_reader;
pub mod subject_keys;
mod transaction;

pub use clock::MonotonicClock;
pub use health::LogHealth;
pub use incarnation::{Incarnation, LogMark, LostEvents};
pub use log_reader::{LogReader, LoggedEvent};
pub use port::{
    Checkpoints, EventLog, EventStore, EventStoreError, LOAD_PAGE_EVENTS, LOAD_STREAMS, Loaded,
    SavedCheckpoint, Snapshot, Streams,
};
pub use snapshot_cache::SnapshotCache;
pub use stream_reader::StreamReader;
pub use transaction::{Append, Claim, ClaimKey, FoundClaim, Guard, Outcome, Transaction};

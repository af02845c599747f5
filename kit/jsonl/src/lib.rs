//! The JSONL adapter: a synced journal that is the truth, and one readable file per stream derived from it.
//!
//! * The journal (`journal-00000001.log` and on) has one checked line per group of appends; each line names the
//!   one before it, so that a lost middle is noticed. An append is answered when its line is synced.
//! * The stream files (`inventory-….jsonl`) have one event per line, for people and tools. They are written shortly
//!   after the answer. Stream names that differ only in case need a case-sensitive file system.
//! * Heads, claims and recent events are kept in memory, older events are read from the files. Snapshots are kept
//!   in memory only, a bounded number of them.
//!
//! Opening reads the whole journal and every stream file: its cost grows with the log. So does the memory for
//! streams (some 100 bytes each) and for claims that hold. For a large chain use another adapter.
//!
//! A store belongs to one process at a time, which a lock on a file enforces. It does not work on network file systems,
//! whose locks and syncs guarantee less.

mod checkpoints;
mod frame;
mod journal;
mod journal_reader;
mod open;
mod options;
mod port;
mod read;
mod reconcile;
mod record;
mod recovery;
mod state;
mod store;
mod stream_files;
mod writer;

#[cfg(test)]
mod disk_tests;

pub use journal_reader::JournalReader;
pub use open::accept_older_log;
pub use options::{JsonlOptions, OnFatal, OpenError};
pub use store::JsonlStore;

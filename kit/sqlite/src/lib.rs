//! SQLite: the embedded event store, and what views in SQLite share.
//!
//! The event store keeps two files. `events.db` is the log and the truth: it is written in log order only, with one
//! `fsync` per group of transactions. `index.db` is derived from it: stream heads, claims and snapshots, written behind in
//! sorted batches, and rebuilt from the log when it is missing. What the index does not have yet is in memory (the
//! memtables), so a lookup asks there first.

mod background;
mod checkpoints;
mod checksum;
pub mod columns;
mod connection;
mod followed_view;
mod index;
mod indexer;
mod log;
mod log_end;
mod log_file_reader;
mod log_schema;
mod memtable;
mod open;
mod options;
mod permits;
mod port;
mod read;
mod read_failure;
mod recent_events;
mod shared;
mod state_file;
mod store;
mod stream_head;
mod view_file;
mod view_parking;
mod writer;

pub use background::{Background, yielding};
pub use connection::{ReadPool, sqlite_version};
pub use followed_view::{FollowedView, OpenViewError, WriteRows, unwritable, view_path};
pub use log_file_reader::LogFileReader;
pub use open::accept_older_log;
pub use options::{OnFatal, OpenError, SqliteOptions};
pub use state_file::{StateFileError, copy_state, open_state};
pub use store::SqliteStore;
pub use view_file::{ViewFileError, ViewSchema, checkpoint, remove_view, set_checkpoint};
pub use view_parking::{parked_streams, release_stream, set_parking};

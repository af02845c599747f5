//! Backups of embedded event stores: made while they are written, only of what is new, and checked; and what is restored.
//!
//! A backup is a place with three kinds of things. `logs/` has the events of each log in segments, with the claims that
//! were taken with them. `state/` has the newest copies of files that no log has. `manifest.json` says which of them
//! belong to the backup, with a SHA-256 of each; it is replaced last and whole, so a backup that was interrupted leaves the
//! one before it as it was. What is restored is appended anew, event by event, by the event store itself.

mod backup;
mod error;
mod folder;
mod manifest;
mod metrics;
mod place;
mod progress;
mod restore;
mod segment;
mod state_files;

pub use backup::{Backup, CHECKED, Done, Source, Watch};
pub use error::BackupError;
pub use folder::Folder;
pub use manifest::{LogEntry, MANIFEST, Manifest, SegmentEntry, StateEntry};
pub use metrics::BackupMetrics;
pub use place::Place;
pub use progress::Progress;
pub use restore::{Restored, Until, check, restore_log, restore_state};
pub use state_files::{CopyFile, StateFile, copy_whole};

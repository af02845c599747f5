//! Backups in an object store that speaks S3, over ways that break.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod bucket;
mod faults;
mod shop;
mod way;

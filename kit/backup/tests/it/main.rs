//! Backups of real logs in places that fail, and what is restored from them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod faults;
mod logs;
mod round_trip;

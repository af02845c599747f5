//! The executor against stores that wait, fail and are shared.

#![expect(clippy::unwrap_used, reason = "everything in here is a test")]

mod executor;
mod panics;
mod purses;
mod shared;
mod silent_log;

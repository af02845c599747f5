//! Errors that pass when the machine has again what it lacks.

use rusqlite::{Error, ErrorCode};

/// Whether a read failed for lack of something, such as file descriptors or memory: it may succeed when it is tried again.
#[must_use]
pub(crate) fn is_shortage(error: &Error) -> bool {
    let lacking = [
        // no descriptor for the file or one beside it
        ErrorCode::CannotOpen,
        ErrorCode::OutOfMemory,
        ErrorCode::DatabaseBusy,
        ErrorCode::DatabaseLocked,
    ];
    error.sqlite_error_code().is_some_and(|code| lacking.contains(&code))
}

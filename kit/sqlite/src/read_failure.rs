//! Why a read failed: the machine, which may be better later, or the data, which will not.

use kit_event_store::EventStoreError;
use rusqlite::{Error, ErrorCode};

/// Whether a read failed for lack of something, such as file descriptors or memory, or because the disk does not give
/// what it has. The same read may succeed later, and the next row is no better off.
#[must_use]
pub(crate) fn is_machine_fault(error: &Error) -> bool {
    let faults = [
        // no descriptor for the file or one beside it
        ErrorCode::CannotOpen,
        ErrorCode::OutOfMemory,
        ErrorCode::DatabaseBusy,
        ErrorCode::DatabaseLocked,
        ErrorCode::SystemIoFailure,
    ];
    error.sqlite_error_code().is_some_and(|code| faults.contains(&code))
}

/// A read or a look-up failed; nothing was written.
pub(crate) fn unreadable(error: &Error) -> EventStoreError {
    let reason = match error {
        error if is_machine_fault(error) => return EventStoreError::Unavailable(error.to_string()),
        // which column it was in is of no use to people
        Error::FromSqlConversionFailure(_, _, cause) => cause.to_string(),
        error => error.to_string(),
    };
    EventStoreError::Corrupt(reason)
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    fn read(code: i32) -> EventStoreError {
        unreadable(&Error::SqliteFailure(ffi::Error::new(code), None))
    }

    #[test]
    fn a_failing_disk_is_no_damaged_event() {
        for fault in [ffi::SQLITE_IOERR, ffi::SQLITE_IOERR_READ, ffi::SQLITE_IOERR_SHMMAP] {
            assert!(matches!(read(fault), EventStoreError::Unavailable(_)), "{fault}");
        }
        for damage in [ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB] {
            assert!(matches!(read(damage), EventStoreError::Corrupt(_)), "{damage}");
        }
        let missing = unreadable(&Error::QueryReturnedNoRows);
        assert!(matches!(missing, EventStoreError::Corrupt(_)), "a gap in the log");
    }
}

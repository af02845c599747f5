//! What an error of the database means: for what was to be written, and for people.

use std::io::{self, ErrorKind};
use std::time::Duration;

use kit_event_store::EventStoreError;
use kit_event_store::shared_log::{Failed, Failure};
use mysql_async::{DriverError, Error, IoError};

/// A deadlock, a lock that was waited for too long, a row that changed since it was read.
const BY_OTHERS: [u16; 3] = [1213, 1205, 1020];

/// The server has ended the connection: for its own shutdown, on demand, or since it was quiet for long.
const ENDED: [u16; 3] = [1053, 1927, 4031];

/// What became of a transaction of which a statement failed before its commit was sent.
pub(crate) fn failure(error: &Error) -> Failure {
    let became = match error {
        Error::Server(refused) if BY_OTHERS.contains(&refused.code) => Failed::ByOthers,
        error if had_ended(error) => Failed::ByOthers,
        _ => Failed::NothingWritten,
    };
    Failure { became, reason: told(error) }
}

/// The error as people read it: what the server said, else what became of the connection.
pub(crate) fn told(error: &Error) -> String {
    match error {
        Error::Server(refused) => format!("{} [{}]", refused.message, refused.code),
        Error::Io(IoError::Io(error)) => error.to_string(),
        Error::Driver(DriverError::ConnectionClosed) => "the connection ended".to_owned(),
        error => error.to_string(),
    }
}

/// A read that failed; it may work later.
pub(crate) fn unavailable(error: &Error) -> EventStoreError {
    EventStoreError::Unavailable(told(error))
}

/// The time for a step is over.
pub(crate) fn too_late(at_most: Duration) -> Error {
    let reason = format!("no answer within {} s", at_most.as_secs());
    Error::Io(IoError::Io(io::Error::new(ErrorKind::TimedOut, reason)))
}

/// Whether the connection had ended, perhaps long before: on a new one the same may work.
pub(crate) fn had_ended(error: &Error) -> bool {
    match error {
        Error::Io(IoError::Io(error)) => error.kind() != ErrorKind::TimedOut,
        Error::Driver(DriverError::ConnectionClosed) => true,
        Error::Server(refused) => ENDED.contains(&refused.code),
        _ => false,
    }
}

//! Reading a log from beside it, whole: every event with the claims that were taken with it, as a backup needs them.

use std::sync::Arc;

use kit_core::{Position, RecordedEvent};

use crate::incarnation::LogMark;
use crate::port::EventStoreError;
use crate::transaction::Claim;

/// An event and what is stored with it.
#[derive(Clone, Debug)]
pub struct LoggedEvent {
    /// The event.
    pub event: Arc<RecordedEvent>,
    /// The claims that its transaction took or renewed; only on the last event of a transaction.
    pub claims: Vec<Claim>,
}

/// A log that another process, or another part of this one, may be writing. Reading it changes nothing and holds no
/// writer up: each call reads for as long as its page takes. All calls block.
pub trait LogReader: Send {
    /// The last event that is on the disk for sure; `None` for a log that has no event yet.
    fn end(&mut self) -> Result<Option<LogMark>, EventStoreError>;

    /// Events after a position and not after `end`, in log order and without gaps: at least one if there is one, and about
    /// `limit` at most. `end` must be one that [`LogReader::end`] has given.
    fn read(
        &mut self,
        after: Position,
        end: Position,
        limit: usize,
    ) -> Result<Vec<LoggedEvent>, EventStoreError>;
}

//! The end of a log, read and checked at every start: what a writer continues from.

use kit_core::{Position, Timestamp};
use rusqlite::{Connection, Row};

use crate::checksum;
use crate::columns::number;
use crate::log::{self, COLUMNS};

/// Events at the end that are checked, which takes some 50 ms. A file that was cut off lacks pages among them, because
/// what its write-ahead log still has is less than that.
const CHECKED_EVENTS: u64 = 10_000;

/// What a writer continues from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LogEnd {
    pub(crate) position: Position,
    /// The latest time in the last events: positions follow time but for milliseconds.
    pub(crate) recorded_at: Timestamp,
    /// The chain of checksums.
    pub(crate) chain: u32,
}

/// Why the end of a log cannot be continued.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EndError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The stored events contradict each other.
    #[error("{0}")]
    Damaged(String),
}

/// Reads the last events of a log, and checks that none is missing or changed.
pub(crate) fn read(log: &Connection) -> Result<LogEnd, EndError> {
    let last = "SELECT coalesce(max(position), 0) FROM events";
    let last: u64 = log.query_row(last, [], |row| crate::columns::unsigned(row, 0))?;
    let after = Position::new(last.saturating_sub(CHECKED_EVENTS));
    let sql = format!(
        "SELECT {COLUMNS}, s.name, e.chain FROM events e LEFT JOIN streams s ON s.id = e.stream \
         WHERE e.position > ?1 ORDER BY e.position"
    );
    let mut statement = log.prepare(&sql)?;
    let mut rows = statement.query([number(after.get())])?;
    let mut end = End { at: LogEnd { position: after, ..LogEnd::default() }, chain: None };
    while let Some(row) = rows.next()? {
        end.take(row)?;
    }
    if end.at.position.get() == last {
        return Ok(end.at);
    }
    Err(EndError::Damaged(format!("the events after position {} are missing", end.at.position)))
}

/// The end so far, and its chain once there is one.
struct End {
    at: LogEnd,
    chain: Option<u32>,
}

impl End {
    fn take(&mut self, row: &Row<'_>) -> Result<(), EndError> {
        let expected = self.at.position.next();
        let name: Option<String> = row.get(16)?;
        let name = name.ok_or_else(|| {
            EndError::Damaged(format!("the stream of the event at position {expected} has no name"))
        })?;
        let event = log::read_event(row, &name)?.event;
        if event.position != expected {
            return Err(EndError::Damaged(format!("the event at position {expected} is missing")));
        }
        let stored: (Option<u32>, Option<u32>) = (row.get(15)?, row.get(17)?);
        let next = match (self.chain, stored) {
            // of before there were checksums
            (None, (None, None)) => None,
            (Some(before), (Some(own), Some(chain))) if checksum::chain(before, own) == chain => {
                Some(chain)
            }
            // the first one with a checksum, or the first one that is looked at
            (None, (Some(_), Some(chain))) => Some(chain),
            _ => {
                let reason = format!("the event at position {expected} does not continue the log");
                return Err(EndError::Damaged(reason));
            }
        };
        self.chain = next;
        let recorded_at = self.at.recorded_at.max(event.metadata.recorded_at);
        self.at = LogEnd { position: expected, recorded_at, chain: next.unwrap_or_default() };
        Ok(())
    }
}

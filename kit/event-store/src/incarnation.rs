//! Which log: its incarnation, and whether something that was made from a log still belongs to it.

use std::fmt;
use std::str::FromStr;

use kit_core::Position;
use uuid::Uuid;

/// Names one life of a log: made with the log, and made anew when an older state of it is put back on purpose.
///
/// A position means something only together with it. Whatever is derived from a log keeps both. Its id is a UUID of
/// version 7, so of two lives of a log the later one has the greater id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Incarnation(Uuid);

impl Incarnation {
    /// The incarnation with an id that no other has.
    #[must_use]
    pub const fn new(id: Uuid) -> Self {
        Self(id)
    }

    /// Its id.
    #[must_use]
    pub const fn as_uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for Incarnation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Incarnation {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

/// A place in a log: up to where something was made from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogMark {
    /// The log.
    pub incarnation: Incarnation,
    /// The last event of it that is included.
    pub position: Position,
}

impl LogMark {
    /// Whether something that was made up to `self` belongs to the log whose end is `log_end`, so that it can be
    /// continued; otherwise it is to be thrown away and built anew.
    ///
    /// Whatever is derived is only written after the log is durable. So one that is ahead of its own log proves that the
    /// log has lost events, and that is an error.
    pub fn belongs_to(self, log_end: Self, derived: &str) -> Result<bool, LostEvents> {
        if self.incarnation != log_end.incarnation {
            return Ok(false);
        }
        if self.position > log_end.position {
            let (at, end) = (self.position, log_end.position);
            return Err(LostEvents { derived: derived.to_owned(), at, end });
        }
        Ok(true)
    }
}

/// A log has lost events at its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the log ends at position {end}, but {derived} was made from it up to position {at}: the events after {end} are lost. \
     Put the newest copy of the log back; if an older one was put back on purpose, say so once with \
     `gondola accept-older-log`"
)]
pub struct LostEvents {
    /// What is further than the log, such as the name of a file.
    pub derived: String,
    /// Up to where it was made.
    pub at: Position,
    /// Where the log ends.
    pub end: Position,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(log: u128, position: u64) -> LogMark {
        let incarnation = Incarnation::new(Uuid::from_u128(log));
        LogMark { incarnation, position: Position::new(position) }
    }

    #[test]
    fn what_is_ahead_of_its_own_log_proves_a_loss_and_what_is_of_another_is_foreign() {
        assert_eq!(mark(1, 3).belongs_to(mark(1, 3), "a view"), Ok(true));
        assert_eq!(mark(1, 9).belongs_to(mark(2, 3), "a view"), Ok(false));
        let lost = mark(1, 4).belongs_to(mark(1, 3), "views-1.db").unwrap_err().to_string();
        for part in ["ends at position 3", "views-1.db", "up to position 4", "accept-older-log"] {
            assert!(lost.contains(part), "{lost}");
        }
    }
}

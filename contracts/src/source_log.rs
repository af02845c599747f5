//! Which of a context's logs a copy was made from.

use std::cmp::Ordering;

use uuid::Uuid;

/// Which of a publisher's logs a copy of its state was made from.
///
/// Versions of one log say nothing about another. When an older log was put back, what was known is to be thrown away,
/// and what comes from the log before counts no more: it may come late, since a bus between processes keeps it, and keeps
/// no order between keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceLog(Option<Uuid>);

/// What an event means for a copy, by the log that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The log that the copy was made from.
    Present,
    /// A later one: the copy is to be thrown away first.
    New,
    /// An earlier one: the event counts no more.
    Former,
}

impl SourceLog {
    /// The log of a copy; `None` when it has none yet.
    pub const fn new(incarnation: Option<Uuid>) -> Self {
        Self(incarnation)
    }

    /// The log of the copy, when it has one.
    pub const fn incarnation(self) -> Option<Uuid> {
        self.0
    }

    /// Where an event comes from; a new log is the copy's from here on. An event that does not say is taken as from the
    /// present log.
    pub fn origin(&mut self, incarnation: Option<Uuid>) -> Origin {
        let Some(incarnation) = incarnation else { return Origin::Present };
        match incarnation.cmp(self.0.get_or_insert(incarnation)) {
            Ordering::Equal => Origin::Present,
            Ordering::Less => Origin::Former,
            Ordering::Greater => {
                self.0 = Some(incarnation);
                Origin::New
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Origin::{Former, New, Present};
    use super::*;

    #[test]
    fn the_latest_log_counts() {
        let [former, present, new] = [1, 2, 3].map(|number| Some(Uuid::from_u128(number)));
        let mut source = SourceLog::default();
        let origins = [present, None, former, new, present].map(|log| source.origin(log));
        assert_eq!(origins, [Present, Present, Former, New, Former]);
        assert_eq!(source.incarnation(), new);
    }
}

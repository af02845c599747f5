//! What happened to one batch of a till.

use super::PosBatchTerms;

/// A change of one batch; never altered once it is recorded. Lines are numbered from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PosBatchEvent {
    /// It came, whole; its lines are to be merged.
    Received(PosBatchTerms),
    /// All lines are merged, or refused for ever: the end.
    Merged {
        /// The lines that took more than the books had.
        shortfalls: Vec<ShortLine>,
        /// The lines that lead outside what a stock level can have, and changed nothing.
        refused: Vec<RefusedLine>,
    },
    /// Merging fails again and again, and goes on being tried.
    StepDelayed {
        /// How often it was tried.
        attempts: u32,
        /// What the last try failed of.
        detail: String,
    },
}

/// A line that took more than the books had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortLine {
    /// Its number.
    pub line: u32,
    /// Units that were missing when it was merged; 1 or more.
    pub units: u32,
}

/// A line that was not merged and never will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLine {
    /// Its number.
    pub line: u32,
    /// Why, as a text for people.
    pub detail: String,
}

impl PosBatchEvent {
    /// The names that [`type_name`](Self::type_name) gives.
    pub const TYPE_NAMES: [&'static str; 3] =
        ["PosBatchReceivedEvent", "PosBatchMergedEvent", "PosBatchStepDelayedEvent"];

    /// The event's name in the log.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Received(_) => Self::TYPE_NAMES[0],
            Self::Merged { .. } => Self::TYPE_NAMES[1],
            Self::StepDelayed { .. } => Self::TYPE_NAMES[2],
        }
    }
}

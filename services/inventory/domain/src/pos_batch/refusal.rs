//! The refusals of a batch of a till.

use super::{POS_LINES_MAX, POS_SEQUENCE_MAX, PosDifference, PosTimeFault};

/// A command that the rules of batches do not allow; the message says what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PosBatchRefusal {
    /// No batch has this id.
    #[error("no such batch is known: check store, till and sequence")]
    Unknown,
    /// The till has sent other lines under the same number.
    #[error(
        "this till has sent another batch under the same sequence, and nothing was changed: number each batch once, and send \
         what differs under the next number"
    )]
    SequenceReused {
        /// Where they differ; at most [`super::POS_DIFFERENCES_MAX`].
        differences: Vec<PosDifference>,
    },
    /// No number of a batch.
    #[error("a sequence is 1 to {POS_SEQUENCE_MAX}, not {0}")]
    Sequence(u64),
    /// Too many lines, or none.
    #[error("a batch has 1 to {POS_LINES_MAX} lines, not {0}")]
    LineCount(usize),
    /// Lines whose moment cannot be.
    #[error("some lines have a moment that cannot be")]
    Times(Vec<(usize, PosTimeFault)>),
}

impl PosBatchRefusal {
    /// The stable name of the refusal, for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "not-found",
            Self::SequenceReused { .. } => "sequence-reused",
            Self::Sequence(_) | Self::LineCount(_) | Self::Times(_) => "invalid-pos-batch",
        }
    }
}

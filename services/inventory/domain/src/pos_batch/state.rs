//! The state of one batch of a till and how events change it.

use kit_core::Timestamp;

use super::{MERGE, PosBatchEvent, PosLine, RefusedLine, ShortLine};
use crate::{Delayed, NextStep, StoreId, TillId};

/// One batch; before its first event it is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PosBatch {
    pub(super) terms: Option<PosBatchTerms>,
    pub(super) merged: Option<Merged>,
    pub(super) delayed: Option<Delayed>,
}

/// What a till sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PosBatchTerms {
    /// The store.
    pub store: StoreId,
    /// The till.
    pub till: TillId,
    /// The till's number of the batch: 1 to [`super::POS_SEQUENCE_MAX`], each used once.
    pub sequence: u64,
    /// When the till began it.
    pub opened_at: Option<Timestamp>,
    /// 1 to [`super::POS_LINES_MAX`] lines.
    pub lines: Vec<PosLine>,
}

/// What came of the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) shortfalls: Vec<ShortLine>,
    pub(super) refused: Vec<RefusedLine>,
}

/// What became of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineOutcome {
    /// It is in the stock of the store.
    Merged {
        /// Units that the books lacked for it.
        missing: u32,
    },
    /// It leads outside what a stock level can have, and changed nothing.
    Refused(String),
}

/// The only step of a batch: its lines are merged into the stock of the store, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeLines {
    /// What the till has sent.
    pub terms: PosBatchTerms,
}

impl PosBatch {
    /// What the till has sent; `None` when there is no such batch.
    #[must_use]
    pub fn terms(&self) -> Option<&PosBatchTerms> {
        self.terms.as_ref()
    }

    /// Whether all lines are merged, or refused for ever.
    #[must_use]
    pub fn is_merged(&self) -> bool {
        self.merged.is_some()
    }

    /// The lines that took more than the books had, in their order; none before it is merged.
    #[must_use]
    pub fn shortfalls(&self) -> &[ShortLine] {
        self.merged.as_ref().map_or(&[], |merged| &merged.shortfalls)
    }

    /// The lines that changed nothing and never will, in their order; none before it is merged.
    #[must_use]
    pub fn refused(&self) -> &[RefusedLine] {
        self.merged.as_ref().map_or(&[], |merged| &merged.refused)
    }

    /// What merging fails of, if it does again and again.
    #[must_use]
    pub fn delayed(&self) -> Option<&Delayed> {
        self.delayed.as_ref()
    }

    /// What is next. The state says all: a batch that is received and not merged is to be merged, however often it was tried.
    #[must_use]
    pub fn next_step(&self) -> NextStep<MergeLines> {
        match &self.terms {
            Some(terms) if self.merged.is_none() => {
                NextStep::Perform { number: MERGE, step: MergeLines { terms: terms.clone() } }
            }
            _ => NextStep::Ended,
        }
    }
}

/// Folds an event into the state. Total: history never fails.
#[must_use]
pub fn evolve_pos_batch(mut batch: PosBatch, event: &PosBatchEvent) -> PosBatch {
    match event {
        PosBatchEvent::Received(terms) => batch.terms = Some(terms.clone()),
        PosBatchEvent::Merged { shortfalls, refused } => {
            let (shortfalls, refused) = (shortfalls.clone(), refused.clone());
            batch.merged = Some(Merged { shortfalls, refused });
            batch.delayed = None;
        }
        PosBatchEvent::StepDelayed { attempts, detail } => {
            batch.delayed = Some(Delayed { attempts: *attempts, detail: detail.clone() });
        }
    }
    batch
}

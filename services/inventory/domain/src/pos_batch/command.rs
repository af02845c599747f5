//! What one batch of a till can be asked to do.

use super::{LineOutcome, PosBatchTerms};
use crate::RecordStep;

/// A request to one batch of a till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PosBatchCommand {
    /// See [`ReceivePosBatch`].
    ReceivePosBatch(ReceivePosBatch),
    /// See [`RecordMerge`].
    RecordMerge(RecordMerge),
    /// See [`RecordStep`].
    RecordStep(RecordStep),
}

/// A till sends what it sold. Sent again it changes nothing; under the same number nothing else can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivePosBatch {
    /// What it sends.
    pub terms: PosBatchTerms,
}

/// Its lines were merged into the stock of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordMerge {
    /// What became of each line, in their order.
    pub outcomes: Vec<LineOutcome>,
}

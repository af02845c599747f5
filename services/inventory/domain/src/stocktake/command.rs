//! What a stocktake can be asked to do.

use kit_core::Timestamp;

use super::{ShelfCount, StocktakeTerms, UnitCost};
use crate::{OnShortage, ProductId, Reason, RecordStep, StockQuantity};

/// A request to one stocktake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StocktakeCommand {
    /// Begin it.
    OpenStocktake(StocktakeTerms),
    /// See [`RecordCounts`].
    RecordCounts(RecordCounts),
    /// Compare what was counted and is not decided with the books: the levels as they were when it was counted. Told again
    /// it says what has changed since.
    CompareCounts(Vec<CountedLevel>),
    /// See [`ApproveLines`].
    ApproveLines(ApproveLines),
    /// See [`RejectLines`].
    RejectLines(RejectLines),
    /// See [`RecountLines`].
    RecountLines(RecountLines),
    /// See [`RecordPosting`].
    RecordPosting(RecordPosting),
    /// See [`CancelStocktake`].
    CancelStocktake(CancelStocktake),
    /// See [`RecordStep`].
    RecordStep(RecordStep),
}

/// Shelves were counted. Of one product and zone the latest count holds; the same again changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordCounts {
    /// 1 to [`super::COUNTS_MAX`] counts.
    pub counts: Vec<ShelfCount>,
}

/// What the books say of a stock level at the moment at which it was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedLevel {
    /// The product.
    pub product: ProductId,
    /// The moment.
    pub counted_at: Timestamp,
    /// Units on hand then, by all that is known now.
    pub expected: StockQuantity,
    /// Whether that was another number when the first of its zones was counted.
    pub moved: bool,
    /// What one unit costs, if the catalogue says so.
    pub unit_cost: Option<UnitCost>,
}

/// Have lines posted. Those that are approved already stay so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApproveLines {
    /// Which; `None` is all that are to be reviewed.
    pub products: Option<Vec<ProductId>>,
    /// What the books say of them now: what was reviewed must still be so.
    pub levels: Vec<CountedLevel>,
    /// What to do when the units left do not cover the holds.
    pub on_shortage: OnShortage,
    /// The reason, as free text.
    pub reason: Option<Reason>,
}

/// Have nothing come of lines. Those that are rejected already stay so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectLines {
    /// Which, reviewed or not; `None` is all that are to be reviewed.
    pub products: Option<Vec<ProductId>>,
    /// The reason, as free text.
    pub reason: Option<Reason>,
}

/// Have lines counted again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecountLines {
    /// Which; `None` is all that are to be reviewed.
    pub products: Option<Vec<ProductId>>,
    /// The reason, as free text.
    pub reason: Option<Reason>,
}

/// What came of posting lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPosting {
    /// Each line, with the reason for people where its stock level refuses it.
    pub outcomes: Vec<(ProductId, Option<String>)>,
}

/// Give it up. What is posted stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelStocktake {
    /// The reason, as free text.
    pub reason: Option<Reason>,
}

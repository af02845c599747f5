//! Stocktakes: shelves are counted while sales go on, compared with what the books say of those moments, and reviewed.
//!
//! A stocktake is of one store. Its lines are products; of each there are shelf counts by zone, at the moment at which they
//! were made. Comparing them with the books of that moment proposes an adjustment of each line: within the tolerance it is
//! accepted, beyond a threshold it is to be counted again, else somebody approves or rejects it. What is accepted or approved
//! is posted as a count of the stock level at its moment, the step of a process: so that each line is posted once.

mod command;
mod decide;
mod event;
mod limit;
mod line;
mod refusal;
mod state;
#[cfg(test)]
mod tests;

pub use command::{
    ApproveLines, CancelStocktake, CountedLevel, RecordCounts, RecordPosting, RecountLines,
    RejectLines, StocktakeCommand,
};
pub use decide::decide_stocktake;
pub use event::{Comparison, RecountCause, ShelfCount, StocktakeEvent, StocktakeTerms, Verdict};
pub use limit::{UnitCost, VarianceLimit};
pub use line::{StocktakeLine, StocktakeLineStatus};
pub use refusal::StocktakeRefusal;
pub use state::{PostCounts, PostedCount, Stocktake, StocktakeStatus, evolve_stocktake};

/// Most products of a stocktake.
pub const STOCKTAKE_PRODUCTS_MAX: usize = 1_000;

/// Most shelf counts that are told together.
pub const COUNTS_MAX: usize = 1_000;

/// Most shelf counts of a stocktake, those that others replace included.
pub const STOCKTAKE_COUNTS_MAX: usize = 10_000;

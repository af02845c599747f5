//! The refusals of a stocktake.

use kit_core::Timestamp;

use super::{
    COUNTS_MAX, STOCKTAKE_COUNTS_MAX, STOCKTAKE_PRODUCTS_MAX, StocktakeLineStatus, StocktakeStatus,
};
use crate::{ProductId, StockQuantity};

/// A command that the rules of stocktakes do not allow; the message says what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StocktakeRefusal {
    /// No stocktake has this id.
    #[error("no such stocktake is known: check the id")]
    Unknown,
    /// The id is taken.
    #[error("this stocktake has begun already")]
    Exists,
    /// It has come to its end.
    #[error("the stocktake is {status}: open another one for what is still to be counted", status = .0.as_str())]
    Ended(StocktakeStatus),
    /// A line stands otherwise than what is wanted needs.
    #[error("product {product} is {status} here: {hint}", status = .status.as_str(), hint = .status.hint())]
    LineNotNow {
        /// The line.
        product: ProductId,
        /// How it stands.
        status: StocktakeLineStatus,
    },
    /// No line is of this product.
    #[error("product {0} is not in this stocktake: count it first")]
    NoLine(ProductId),
    /// Nothing is there to compare.
    #[error("nothing is counted that is not decided: record counts first")]
    NothingCounted,
    /// What was reviewed is not so any more.
    #[error(
        "the books of {} of these lines have changed since they were compared: compare again, and review what is proposed then",
        .0.len()
    )]
    VarianceChanged(Vec<ProductId>),
    /// Posting is under way.
    #[error("approved lines are being posted: try again in a moment")]
    Busy,
    /// Counted in the future.
    #[error(
        "product {product} cannot have been counted at {at}, now is {now}: check the clock of who counted"
    )]
    CountedInFuture {
        /// The line.
        product: ProductId,
        /// When it is said to have been counted.
        at: Timestamp,
        /// The server's time.
        now: Timestamp,
    },
    /// Too many counts at once, or none.
    #[error("1 to {COUNTS_MAX} counts are told together, not {0}")]
    CountsTogether(usize),
    /// Too many products.
    #[error(
        "a stocktake has at most {STOCKTAKE_PRODUCTS_MAX} products: open another one for the rest"
    )]
    TooManyProducts,
    /// Too many counts.
    #[error("a stocktake has at most {STOCKTAKE_COUNTS_MAX} counts: open another one for the rest")]
    TooManyCounts,
    /// A product is on the sheet twice.
    #[error("product {0} is on the count sheet twice: name each product once")]
    TwiceOnSheet(ProductId),
    /// The zones have more together than a stock level can have.
    #[error("the zones of product {0} have more than {max} units together", max = StockQuantity::UNITS_MAX)]
    TooManyUnits(ProductId),
}

impl StocktakeRefusal {
    /// The stable name of the refusal, for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "not-found",
            Self::Exists | Self::Ended(_) | Self::LineNotNow { .. } | Self::NothingCounted => {
                "stocktake-state"
            }
            Self::VarianceChanged(_) => "variance-changed",
            Self::Busy => "stocktake-busy",
            Self::NoLine(_)
            | Self::CountedInFuture { .. }
            | Self::CountsTogether(_)
            | Self::TooManyProducts
            | Self::TooManyCounts
            | Self::TwiceOnSheet(_)
            | Self::TooManyUnits(_) => "invalid-stocktake",
        }
    }
}

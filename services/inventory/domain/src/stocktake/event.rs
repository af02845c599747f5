//! What happened to a stocktake.

use kit_core::Timestamp;

use super::{UnitCost, VarianceLimit};
use crate::{OnShortage, ProductId, Reason, Reference, StockDelta, StockQuantity, StoreId, Zone};

/// A change of a stocktake; never altered once it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StocktakeEvent {
    /// It begins.
    Opened(StocktakeTerms),
    /// Shelves were counted.
    Counted {
        /// What was counted where, and when.
        counts: Vec<ShelfCount>,
    },
    /// Lines were compared with the books of the moments at which they were counted.
    Compared {
        /// The proposed adjustment of each, and what is to become of it.
        lines: Vec<Comparison>,
    },
    /// Lines are to be posted.
    Approved {
        /// Which.
        products: Vec<ProductId>,
        /// What to do when the units left do not cover the holds.
        on_shortage: OnShortage,
        /// The reason, as free text.
        reason: Option<Reason>,
    },
    /// Nothing comes of lines.
    Rejected {
        /// Which.
        products: Vec<ProductId>,
        /// The reason, as free text.
        reason: Option<Reason>,
    },
    /// Lines are to be counted again.
    RecountAsked {
        /// Which.
        products: Vec<ProductId>,
        /// The reason, as free text.
        reason: Option<Reason>,
    },
    /// Lines are counts of their stock levels now.
    Posted {
        /// Those that are.
        products: Vec<ProductId>,
        /// Those that their stock levels refuse, with the reason for people: they are to be reviewed again.
        refused: Vec<(ProductId, String)>,
    },
    /// It is given up: what was not posted never will be.
    Cancelled {
        /// The reason, as free text.
        reason: Option<Reason>,
    },
    /// Posting fails again and again, and goes on being tried.
    StepDelayed {
        /// How often it was tried.
        attempts: u32,
        /// What the last try failed of.
        detail: String,
    },
}

/// What a stocktake is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StocktakeTerms {
    /// The store.
    pub store: StoreId,
    /// The part of it that is counted; `None` is all of it.
    pub zone: Option<Zone>,
    /// The count sheet: what is to be counted, each once; at most [`super::STOCKTAKE_PRODUCTS_MAX`]. With none it is of what
    /// is counted.
    pub sheet: Vec<ProductId>,
    /// Whether those who count are not to see what the books say.
    pub blind: bool,
    /// Variances that are accepted without an approval.
    pub tolerance: VarianceLimit,
    /// Beyond this a line is to be counted again before it is reviewed; `None` is never.
    pub recount_above: Option<VarianceLimit>,
    /// The reason, as free text.
    pub reason: Option<Reason>,
    /// What those who ask call it.
    pub reference: Option<Reference>,
}

/// Units of one product that were counted in one zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShelfCount {
    /// The product.
    pub product: ProductId,
    /// Where; `None` is all of what is counted.
    pub zone: Option<Zone>,
    /// What lay there, reserved units included.
    pub counted: StockQuantity,
    /// When it was counted.
    pub counted_at: Timestamp,
}

/// A line compared with the books: the adjustment that it proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The product.
    pub product: ProductId,
    /// What was counted, in all zones.
    pub counted: StockQuantity,
    /// When the last of it was counted.
    pub counted_at: Timestamp,
    /// What the books said of that moment, by all that was known when it was compared.
    pub expected: StockQuantity,
    /// What one unit costs, if the catalogue says so.
    pub unit_cost: Option<UnitCost>,
    /// What is to become of it.
    pub verdict: Verdict,
}

impl Comparison {
    /// The proposed adjustment: what was counted less what the books said.
    #[must_use]
    pub fn variance(&self) -> StockDelta {
        StockDelta::between(self.expected, self.counted)
    }

    /// What it is worth, in minor units of the cost's currency; `None` without a cost.
    #[must_use]
    pub fn value(&self) -> Option<i64> {
        self.unit_cost.as_ref()?.of(self.variance())
    }
}

/// What is to become of a line that was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is within the tolerance, and to be posted.
    Accepted,
    /// Somebody is to approve or to reject it.
    Review,
    /// It is to be counted again.
    Recount(RecountCause),
}

/// Why a line is to be counted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecountCause {
    /// The variance is beyond the threshold.
    Variance,
    /// The books changed between the counts of its zones, so that their sum is of no moment.
    Moved,
    /// Somebody asked for it.
    Asked,
}

impl StocktakeEvent {
    /// The names that [`type_name`](Self::type_name) gives.
    pub const TYPE_NAMES: [&'static str; 9] = [
        "StocktakeOpenedEvent",
        "StocktakeCountedEvent",
        "StocktakeComparedEvent",
        "StocktakeApprovedEvent",
        "StocktakeRejectedEvent",
        "StocktakeRecountAskedEvent",
        "StocktakePostedEvent",
        "StocktakeCancelledEvent",
        "StocktakeStepDelayedEvent",
    ];

    /// The event's name in the log.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Opened(_) => Self::TYPE_NAMES[0],
            Self::Counted { .. } => Self::TYPE_NAMES[1],
            Self::Compared { .. } => Self::TYPE_NAMES[2],
            Self::Approved { .. } => Self::TYPE_NAMES[3],
            Self::Rejected { .. } => Self::TYPE_NAMES[4],
            Self::RecountAsked { .. } => Self::TYPE_NAMES[5],
            Self::Posted { .. } => Self::TYPE_NAMES[6],
            Self::Cancelled { .. } => Self::TYPE_NAMES[7],
            Self::StepDelayed { .. } => Self::TYPE_NAMES[8],
        }
    }

    /// Its reason or what it failed of, as a text for people, if it has one.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Approved { reason, .. }
            | Self::Rejected { reason, .. }
            | Self::RecountAsked { reason, .. }
            | Self::Cancelled { reason } => reason.as_ref().map(Reason::as_str),
            Self::Opened(terms) => terms.reason.as_ref().map(Reason::as_str),
            Self::StepDelayed { detail, .. } => Some(detail),
            Self::Counted { .. } | Self::Compared { .. } | Self::Posted { .. } => None,
        }
    }
}

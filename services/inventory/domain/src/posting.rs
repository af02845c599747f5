//! The effect of a physical fact on a stock level, at the fact's own business time.

use kit_core::Timestamp;

use crate::StockDelta;

/// Where a physical fact stands in time, and what it changed when it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Its business time: when it happened. Facts take effect in this order, those of one moment as recorded.
    pub occurred_at: Timestamp,
    /// Whether it was told after the moment it happened. If not, it stands at the time it was recorded.
    pub is_late: bool,
    /// Change of the units on hand.
    pub on_hand: StockDelta,
    /// Change of the shortfall.
    pub shortfall: StockDelta,
    /// The count that had seen its effect already, so that it changes nothing.
    pub included_in_count_of: Option<Timestamp>,
}

impl Posting {
    /// A fact that was told when it happened and has the effect that it says.
    #[must_use]
    pub const fn plain(occurred_at: Timestamp, on_hand: StockDelta) -> Self {
        let shortfall = StockDelta::ZERO;
        Self { occurred_at, is_late: false, on_hand, shortfall, included_in_count_of: None }
    }

    /// A fact whose effect the count of that moment had seen.
    pub(crate) const fn included(occurred_at: Timestamp, is_late: bool, count: Timestamp) -> Self {
        let (on_hand, shortfall) = (StockDelta::ZERO, StockDelta::ZERO);
        Self { occurred_at, is_late, on_hand, shortfall, included_in_count_of: Some(count) }
    }
}

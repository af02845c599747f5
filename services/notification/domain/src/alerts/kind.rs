//! What kinds of rules there are, and what each means.

use super::Severity;

/// Which side of its threshold a rule alerts at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// At the threshold or below.
    AtMost,
    /// At the threshold or above.
    AtLeast,
}

/// What a rule watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// Units available, at the reorder point of the stock level or below, or at the rule's own threshold.
    LowStock,
    /// Units available, at the threshold or below; none, unless said.
    OutOfStock,
    /// Units available are above the threshold again, after they were not.
    BackInStock,
    /// Units that one correction added or took away.
    LargeAdjustment,
    /// Refused holds of a store, in percent of those that it was asked for in the last minutes.
    RefusalRate,
    /// Units that were sold or moved though they were not there.
    Shortfall,
    /// Hours that a transfer is in transit.
    TransferOverdue,
    /// How often a step of a saga has failed.
    SagaDelayed,
    /// Rows of a view that differ from the log.
    ViewDrift,
}

impl RuleKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::LowStock,
        Self::OutOfStock,
        Self::BackInStock,
        Self::LargeAdjustment,
        Self::RefusalRate,
        Self::Shortfall,
        Self::TransferOverdue,
        Self::SagaDelayed,
        Self::ViewDrift,
    ];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LowStock => "low-stock",
            Self::OutOfStock => "out-of-stock",
            Self::BackInStock => "back-in-stock",
            Self::LargeAdjustment => "large-adjustment",
            Self::RefusalRate => "refusal-rate",
            Self::Shortfall => "shortfall",
            Self::TransferOverdue => "transfer-overdue",
            Self::SagaDelayed => "saga-delayed",
            Self::ViewDrift => "view-drift",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// On which side of its threshold it alerts.
    #[must_use]
    pub const fn direction(self) -> Direction {
        match self {
            Self::LowStock | Self::OutOfStock | Self::BackInStock => Direction::AtMost,
            _ => Direction::AtLeast,
        }
    }

    /// The threshold unless another is said; `None` where each stock level has its own, the reorder point.
    #[must_use]
    pub const fn usual_threshold(self) -> Option<u64> {
        match self {
            Self::LowStock => None,
            Self::OutOfStock | Self::BackInStock => Some(0),
            Self::LargeAdjustment => Some(100),
            Self::RefusalRate => Some(20),
            Self::Shortfall | Self::SagaDelayed | Self::ViewDrift => Some(1),
            Self::TransferOverdue => Some(72),
        }
    }

    /// The severity unless another is said.
    #[must_use]
    pub const fn usual_severity(self) -> Severity {
        match self {
            Self::BackInStock => Severity::Info,
            Self::LowStock | Self::LargeAdjustment | Self::RefusalRate | Self::TransferOverdue => {
                Severity::Warning
            }
            Self::OutOfStock | Self::Shortfall | Self::SagaDelayed | Self::ViewDrift => {
                Severity::Critical
            }
        }
    }

    /// Whether its alerts tell of something that was, rather than of something that is: nothing need be done to end it, so
    /// they are resolved after some days.
    #[must_use]
    pub const fn is_momentary(self) -> bool {
        matches!(self, Self::BackInStock | Self::LargeAdjustment)
    }
}

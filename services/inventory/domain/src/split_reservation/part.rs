//! One part of a split reservation: what one store holds of it.

use std::fmt;

use crate::{PositiveQuantity, ProductId, StoreId};

/// What one store is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedPart {
    /// The store.
    pub store: StoreId,
    /// How many of which, each product once.
    pub lines: Vec<(ProductId, PositiveQuantity)>,
}

/// What one store is to hold, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitPart {
    /// Where, and how many of which.
    pub planned: PlannedPart,
    /// How it stands.
    pub status: PartStatus,
    /// Why the store refused it, or would not sell it, as a text for people.
    pub detail: Option<String>,
    /// Which of the plans it is of, from 1.
    pub plan: u32,
    /// The step that ordered its hold, 0 before.
    pub(super) hold_step: u32,
}

/// How a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PartStatus {
    /// It is to be held.
    Planned,
    /// The store holds its units.
    Active,
    /// The store would not hold them, or not in time.
    Refused,
    /// It was not tried, since another part was refused before.
    Skipped,
    /// It was told as refused, and is held: it is to be released.
    HeldLate,
    /// It was given back.
    Released,
    /// It was sold.
    Committed,
    /// It was to be sold whole, and some of it had ended otherwise: what is still held of it is to be released.
    RevokedHeld,
    /// It was to be sold, and had ended otherwise: nothing of it is held.
    Revoked,
    /// It was sold, and its units are back on the shelf.
    Returned,
}

impl PartStatus {
    /// Its name for people and machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Active | Self::HeldLate => "active",
            Self::Refused => "refused",
            Self::Skipped => "skipped",
            Self::Released => "released",
            Self::Committed => "committed",
            Self::RevokedHeld | Self::Revoked => "revoked",
            Self::Returned => "returned",
        }
    }

    /// Whether the store holds units of it, or may.
    pub(super) const fn is_held(self) -> bool {
        matches!(self, Self::Active | Self::HeldLate | Self::RevokedHeld)
    }
}

impl fmt::Display for PartStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl SplitPart {
    pub(super) fn new(planned: PlannedPart, plan: u32) -> Self {
        Self { planned, status: PartStatus::Planned, detail: None, plan, hold_step: 0 }
    }

    pub(super) fn products(&self) -> Vec<ProductId> {
        self.planned.lines.iter().map(|(product, _)| *product).collect()
    }
}

//! One line of a stocktake: a product, what was counted of it, and what became of that.

use kit_core::Timestamp;

use super::{Comparison, RecountCause, ShelfCount, Verdict};
use crate::{OnShortage, ProductId, Reason, StockQuantity, Zone};

/// A product of a stocktake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StocktakeLine {
    /// The product.
    pub product: ProductId,
    /// The latest count of each zone.
    pub counts: Vec<ShelfCount>,
    /// How it stands.
    pub status: StocktakeLineStatus,
    /// How often it was counted again as asked.
    pub recounts: u32,
    /// Why it is to be counted again, while it is.
    pub recount_cause: Option<RecountCause>,
    /// What it was last compared with, unless it was counted since.
    pub comparison: Option<Comparison>,
    /// Why its stock level has refused it, if it has.
    pub refusal: Option<String>,
    /// Zones that are to be counted again.
    pub(super) to_recount: Vec<Option<Zone>>,
    /// How it is to be posted.
    pub(super) approval: Approval,
}

/// How a line is to be posted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Approval {
    pub(super) on_shortage: OnShortage,
    pub(super) reason: Option<Reason>,
}

/// How a line of a stocktake stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StocktakeLineStatus {
    /// It is on the sheet, and not counted.
    ToCount,
    /// It is counted, and not compared.
    Counted,
    /// It is to be counted again.
    Recount,
    /// Somebody is to approve or to reject it.
    Review,
    /// It is to be posted.
    Approved,
    /// It is a count of its stock level: the end.
    Posted,
    /// Nothing comes of it: the end.
    Rejected,
}

impl StocktakeLineStatus {
    /// Its name, the same everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ToCount => "toCount",
            Self::Counted => "counted",
            Self::Recount => "recount",
            Self::Review => "review",
            Self::Approved => "approved",
            Self::Posted => "posted",
            Self::Rejected => "rejected",
        }
    }

    /// Whether nothing more comes of it.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Posted | Self::Rejected)
    }

    /// Whether it may be counted.
    pub(super) const fn takes_counts(self) -> bool {
        !self.is_end() && !matches!(self, Self::Approved)
    }

    /// What can be done about it.
    pub(super) const fn hint(self) -> &'static str {
        match self {
            Self::ToCount => "record its count, or reject it",
            Self::Counted => "compare it first",
            Self::Recount => "record its recount and compare it, or reject it",
            Self::Review => "approve or reject it",
            Self::Approved | Self::Posted | Self::Rejected => {
                "it is decided; open another stocktake to count it again"
            }
        }
    }
}

impl StocktakeLine {
    /// A line that is to be counted.
    pub(super) const fn new(product: ProductId) -> Self {
        Self {
            product,
            counts: Vec::new(),
            status: StocktakeLineStatus::ToCount,
            recounts: 0,
            recount_cause: None,
            comparison: None,
            refusal: None,
            to_recount: Vec::new(),
            approval: Approval { on_shortage: OnShortage::Refuse, reason: None },
        }
    }

    /// What was counted, in all zones.
    #[must_use]
    pub fn counted(&self) -> StockQuantity {
        let units = self.counts.iter().map(|count| u64::from(count.counted.get())).sum();
        StockQuantity::saturating_new(units)
    }

    /// When the first and the last of its zones were counted; `None` before that.
    #[must_use]
    pub fn counted_between(&self) -> Option<(Timestamp, Timestamp)> {
        let times = || self.counts.iter().map(|count| count.counted_at);
        Some((times().min()?, times().max()?))
    }

    /// Whether it is to be compared with the books: it is counted, and not decided.
    #[must_use]
    pub const fn is_to_compare(&self) -> bool {
        matches!(self.status, StocktakeLineStatus::Counted | StocktakeLineStatus::Review)
    }

    /// Whether a count says something new of it.
    pub(super) fn is_news(&self, count: &ShelfCount) -> bool {
        let known = self.counts.iter().find(|known| known.zone == count.zone);
        known.is_none_or(|known| known != count && known.counted_at <= count.counted_at)
    }

    /// Whether it would have more units than a stock level can.
    pub(super) fn is_beyond_with(&self, count: &ShelfCount) -> bool {
        let others = self.counts.iter().filter(|known| known.zone != count.zone);
        let others: u64 = others.map(|count| u64::from(count.counted.get())).sum();
        others + u64::from(count.counted.get()) > u64::from(StockQuantity::UNITS_MAX)
    }

    pub(super) fn count(&mut self, count: &ShelfCount) {
        match self.counts.iter_mut().find(|known| known.zone == count.zone) {
            Some(known) => *known = count.clone(),
            None => self.counts.push(count.clone()),
        }
        self.to_recount.retain(|zone| *zone != count.zone);
        if self.status == StocktakeLineStatus::Recount {
            if !self.to_recount.is_empty() {
                return;
            }
            self.recounts += 1;
        }
        self.status = StocktakeLineStatus::Counted;
        self.recount_cause = None;
        self.comparison = None;
        self.refusal = None;
    }

    pub(super) fn compare(&mut self, comparison: &Comparison) {
        self.comparison = Some(comparison.clone());
        self.refusal = None;
        match comparison.verdict {
            Verdict::Accepted => self.approve(Approval::default()),
            Verdict::Review => self.status = StocktakeLineStatus::Review,
            Verdict::Recount(cause) => self.recount(cause),
        }
    }

    pub(super) fn approve(&mut self, approval: Approval) {
        self.status = StocktakeLineStatus::Approved;
        self.approval = approval;
        self.refusal = None;
    }

    pub(super) fn recount(&mut self, cause: RecountCause) {
        self.status = StocktakeLineStatus::Recount;
        self.recount_cause = Some(cause);
        self.to_recount = self.counts.iter().map(|count| count.zone.clone()).collect();
    }

    pub(super) fn refuse(&mut self, detail: &str) {
        self.status = StocktakeLineStatus::Review;
        self.refusal = Some(detail.to_owned());
    }
}

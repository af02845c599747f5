//! The state of a stocktake and how events change it.

use std::collections::BTreeMap;

use kit_core::Timestamp;

use super::line::Approval;
use super::{RecountCause, StocktakeEvent, StocktakeLine, StocktakeLineStatus, StocktakeTerms};
use crate::{Delayed, NextStep, OnShortage, ProductId, Reason, StockQuantity, StoreId};

/// A stocktake; before its first event it is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stocktake {
    pub(super) terms: Option<StocktakeTerms>,
    lines: BTreeMap<ProductId, StocktakeLine>,
    /// Shelf counts that were ever recorded.
    pub(super) counts: usize,
    /// How often lines were posted.
    postings: u32,
    is_cancelled: bool,
    pub(super) delayed: Option<Delayed>,
}

/// How a stocktake stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StocktakeStatus {
    /// Lines are to be counted, or to be compared.
    Counting,
    /// Lines are to be approved or rejected.
    Review,
    /// Approved lines are being posted.
    Posting,
    /// Every line is posted or rejected: the end.
    Closed,
    /// It was given up: the end.
    Cancelled,
}

impl StocktakeStatus {
    /// Its name, the same everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counting => "counting",
            Self::Review => "review",
            Self::Posting => "posting",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more comes of it.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled)
    }
}

/// The step of a stocktake: approved lines become counts of their stock levels, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostCounts {
    /// The store.
    pub store: StoreId,
    /// What is posted.
    pub counts: Vec<PostedCount>,
}

/// A line that is posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostedCount {
    /// The product.
    pub product: ProductId,
    /// What was counted, in all zones.
    pub counted: StockQuantity,
    /// When.
    pub counted_at: Timestamp,
    /// What to do when the units left do not cover the holds.
    pub on_shortage: OnShortage,
    /// Why, in the words of who approved it or opened the stocktake.
    pub reason: Option<Reason>,
}

impl Stocktake {
    /// What it is about; `None` when there is no such stocktake.
    #[must_use]
    pub fn terms(&self) -> Option<&StocktakeTerms> {
        self.terms.as_ref()
    }

    /// Its lines, by product.
    pub fn lines(&self) -> impl Iterator<Item = &StocktakeLine> {
        self.lines.values()
    }

    /// The line of a product.
    #[must_use]
    pub fn line(&self, product: ProductId) -> Option<&StocktakeLine> {
        self.lines.get(&product)
    }

    /// What posting fails of, if it does again and again.
    #[must_use]
    pub fn delayed(&self) -> Option<&Delayed> {
        self.delayed.as_ref()
    }

    /// How it stands.
    #[must_use]
    pub fn status(&self) -> StocktakeStatus {
        let has = |status| self.lines().any(|line| line.status == status);
        if self.is_cancelled {
            StocktakeStatus::Cancelled
        } else if has(StocktakeLineStatus::Approved) {
            StocktakeStatus::Posting
        } else if has(StocktakeLineStatus::Review) {
            StocktakeStatus::Review
        } else if !self.lines.is_empty() && self.lines().all(|line| line.status.is_end()) {
            StocktakeStatus::Closed
        } else {
            StocktakeStatus::Counting
        }
    }

    /// What is next. The state says all: what is approved and not posted is to be posted, however often it was tried.
    #[must_use]
    pub fn next_step(&self) -> NextStep<PostCounts> {
        match (&self.terms, self.status()) {
            (Some(terms), StocktakeStatus::Posting) => NextStep::Perform {
                number: self.postings + 1,
                step: PostCounts { store: terms.store, counts: self.to_post(terms) },
            },
            (Some(_), StocktakeStatus::Counting | StocktakeStatus::Review) => {
                NextStep::Wait { until: None }
            }
            _ => NextStep::Ended,
        }
    }

    fn to_post(&self, terms: &StocktakeTerms) -> Vec<PostedCount> {
        let approved = self.lines().filter(|line| line.status == StocktakeLineStatus::Approved);
        let posted = |line: &StocktakeLine| {
            let (_, counted_at) = line.counted_between()?;
            let Approval { on_shortage, reason } = line.approval.clone();
            Some(PostedCount {
                product: line.product,
                counted: line.counted(),
                counted_at,
                on_shortage,
                reason: reason.or_else(|| terms.reason.clone()),
            })
        };
        approved.filter_map(posted).collect()
    }

    fn each(&mut self, products: &[ProductId], change: impl Fn(&mut StocktakeLine)) {
        for product in products {
            if let Some(line) = self.lines.get_mut(product) {
                change(line);
            }
        }
    }
}

/// Folds an event into the state. Total: history never fails.
#[must_use]
pub fn evolve_stocktake(mut stocktake: Stocktake, event: &StocktakeEvent) -> Stocktake {
    match event {
        StocktakeEvent::Opened(terms) => {
            let line = |product: &ProductId| (*product, StocktakeLine::new(*product));
            stocktake.lines = terms.sheet.iter().map(line).collect();
            stocktake.terms = Some(terms.clone());
        }
        StocktakeEvent::Counted { counts } => {
            stocktake.counts += counts.len();
            for count in counts {
                let line = stocktake.lines.entry(count.product);
                line.or_insert_with(|| StocktakeLine::new(count.product)).count(count);
            }
        }
        StocktakeEvent::Compared { lines } => {
            for comparison in lines {
                stocktake.each(&[comparison.product], |line| line.compare(comparison));
            }
        }
        StocktakeEvent::Approved { products, on_shortage, reason } => {
            let approval = Approval { on_shortage: *on_shortage, reason: reason.clone() };
            stocktake.each(products, |line| line.approve(approval.clone()));
        }
        StocktakeEvent::Rejected { products, reason: _ } => {
            stocktake.each(products, |line| line.status = StocktakeLineStatus::Rejected);
        }
        StocktakeEvent::RecountAsked { products, reason: _ } => {
            stocktake.each(products, |line| line.recount(RecountCause::Asked));
        }
        StocktakeEvent::Posted { products, refused } => {
            stocktake.each(products, |line| line.status = StocktakeLineStatus::Posted);
            for (product, detail) in refused {
                stocktake.each(&[*product], |line| line.refuse(detail));
            }
            stocktake.postings += 1;
            stocktake.delayed = None;
        }
        StocktakeEvent::Cancelled { reason: _ } => stocktake.is_cancelled = true,
        StocktakeEvent::StepDelayed { attempts, detail } => {
            stocktake.delayed = Some(Delayed { attempts: *attempts, detail: detail.clone() });
        }
    }
    stocktake
}

//! What is next in a split reservation: a pure function of its state.

use kit_core::Timestamp;

use super::state::{Pending, Phase};
use super::{PART_GRACE, SplitBasket, SplitPart, SplitReservation};
use crate::{
    Customer, NextStep, OrderRef, PositiveQuantity, ProductId, Reason, StoreId, TimeToLive,
    TransactionRef,
};

/// What is to be done: stores are found, or one store does something in one append of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SplitStep {
    /// Stores are found for the basket.
    Plan {
        /// Number of the step, by which what is found is known as its outcome.
        number: u32,
        /// The basket.
        basket: SplitBasket,
        /// Stores that have refused, and are not asked again.
        excluded: Vec<StoreId>,
        /// The deadline.
        expires_at: Timestamp,
    },
    /// A store holds its part.
    Hold {
        /// Number of the part.
        part: u32,
        /// The store.
        store: StoreId,
        /// What it holds.
        lines: Vec<(ProductId, PositiveQuantity)>,
        /// The time to the deadline, which the store must allow.
        ttl: TimeToLive,
        /// The deadline: nothing is held after it.
        expires_at: Timestamp,
        /// Until when the store holds it, which is longer.
        until: Timestamp,
        /// The reason, as free text.
        reason: Option<Reason>,
        /// The order that it is for.
        order: Option<OrderRef>,
        /// The customer that it is for.
        customer: Option<Customer>,
    },
    /// A store sells its part.
    Commit {
        /// Number of the part.
        part: u32,
        /// The store.
        store: StoreId,
        /// What is sold.
        lines: Vec<(ProductId, PositiveQuantity)>,
        /// The sale.
        transaction: TransactionRef,
        /// The customer.
        customer: Option<Customer>,
    },
    /// A store holds nothing for its part any more.
    Release {
        /// Number of the part.
        part: u32,
        /// The store.
        store: StoreId,
        /// What was held.
        products: Vec<ProductId>,
    },
    /// What a store has sold is back on its shelf.
    Return {
        /// The store.
        store: StoreId,
        /// What was sold.
        lines: Vec<(ProductId, PositiveQuantity)>,
        /// The sale that is undone.
        transaction: TransactionRef,
    },
}

impl SplitStep {
    /// Its name for people and machines.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Plan { .. } => "plan",
            Self::Hold { .. } => "hold",
            Self::Commit { .. } => "commit",
            Self::Release { .. } => "release",
            Self::Return { .. } => "return",
        }
    }

    /// The store that is to do it, if one is.
    #[must_use]
    pub const fn store(&self) -> Option<StoreId> {
        match self {
            Self::Plan { .. } => None,
            Self::Hold { store, .. }
            | Self::Commit { store, .. }
            | Self::Release { store, .. }
            | Self::Return { store, .. } => Some(*store),
        }
    }
}

impl SplitReservation {
    /// What is next. The state says all: what was ordered and has no outcome yet is to be done, however often it was tried.
    #[must_use]
    pub fn next_step(&self) -> NextStep<SplitStep> {
        match (self.pending, self.phase, &self.terms) {
            (Some(pending), _, Some(_)) => {
                let step = self.step_of(pending);
                step.map_or(NextStep::Ended, |step| NextStep::Perform { number: self.step, step })
            }
            (None, Phase::Active, Some(terms)) => NextStep::Wait { until: Some(terms.expires_at) },
            _ => NextStep::Ended,
        }
    }

    fn step_of(&self, pending: Pending) -> Option<SplitStep> {
        let terms = self.terms.as_ref()?;
        let of = |part: u32| -> Option<(&SplitPart, StoreId)> {
            let found = self.part(part)?;
            Some((found, found.planned.store))
        };
        Some(match pending {
            Pending::Plan => SplitStep::Plan {
                number: self.step,
                basket: terms.basket.clone()?,
                excluded: self.excluded(),
                expires_at: terms.expires_at,
            },
            Pending::Hold(part) => SplitStep::Hold {
                part,
                store: of(part)?.1,
                lines: of(part)?.0.planned.lines.clone(),
                ttl: terms.ttl,
                expires_at: terms.expires_at,
                until: terms.expires_at.after(PART_GRACE),
                reason: terms.reason.clone(),
                order: terms.order.clone(),
                customer: terms.customer.clone(),
            },
            Pending::Commit(part) => SplitStep::Commit {
                part,
                store: of(part)?.1,
                lines: of(part)?.0.planned.lines.clone(),
                transaction: self.transaction()?.clone(),
                customer: self.sale.as_ref()?.customer.clone(),
            },
            Pending::Release(part) => {
                let (found, store) = of(part)?;
                SplitStep::Release { part, store, products: found.products() }
            }
            Pending::Return(part) => {
                let (found, store) = of(part)?;
                let lines = found.planned.lines.clone();
                SplitStep::Return { store, lines, transaction: self.transaction()?.clone() }
            }
        })
    }

    /// The stores that have refused a part.
    fn excluded(&self) -> Vec<StoreId> {
        let refused = self.parts.iter().filter(|part| part.detail.is_some());
        refused.map(|part| part.planned.store).collect()
    }
}

//! What is next in a checkout: a pure function of its state.

use kit_core::Timestamp;

use super::state::{Pending, Phase};
use super::{CHECKOUT_GRACE, Checkout, Participant};
use crate::{
    Customer, NextStep, OrderRef, PositiveQuantity, ProductId, Reason, StoreId, TimeToLive,
    TransactionRef,
};

/// What one who takes part is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckoutStep {
    /// The store says whether it serves this.
    Accept {
        /// The store.
        store: StoreId,
        /// What is wanted.
        products: Vec<ProductId>,
        /// For how long units are to be held.
        ttl: TimeToLive,
        /// The deadline: nothing is accepted after it.
        expires_at: Timestamp,
    },
    /// The store's units are held.
    Reserve {
        /// The store.
        store: StoreId,
        /// What is held.
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
    /// The notification service keeps the order's confirmation until it is told to send or to drop it.
    Prepare {
        /// The store.
        store: StoreId,
        /// What is confirmed.
        lines: Vec<(ProductId, PositiveQuantity)>,
        /// The order that it is for.
        order: Option<OrderRef>,
        /// The deadline: nothing is taken after it.
        expires_at: Timestamp,
    },
    /// The units that are held are sold.
    Sell {
        /// The store.
        store: StoreId,
        /// What is sold.
        lines: Vec<(ProductId, PositiveQuantity)>,
        /// The sale.
        transaction: TransactionRef,
        /// The customer.
        customer: Option<Customer>,
    },
    /// The confirmation is let go.
    Confirm {
        /// The store.
        store: StoreId,
        /// The sale that it tells of.
        transaction: TransactionRef,
    },
    /// Nothing is held any more.
    Release {
        /// The store.
        store: StoreId,
        /// What was held.
        products: Vec<ProductId>,
    },
    /// The confirmation is dropped, and none is taken any more.
    Drop {
        /// The store.
        store: StoreId,
    },
}

impl CheckoutStep {
    /// Its name for people and machines.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Accept { .. } => "accept",
            Self::Reserve { .. } => "reserve",
            Self::Prepare { .. } => "prepare",
            Self::Sell { .. } => "sell",
            Self::Confirm { .. } => "confirm",
            Self::Release { .. } => "release",
            Self::Drop { .. } => "drop",
        }
    }

    /// Who is to do it.
    #[must_use]
    pub const fn participant(&self) -> Participant {
        match self {
            Self::Accept { .. } => Participant::Store,
            Self::Reserve { .. } | Self::Sell { .. } | Self::Release { .. } => {
                Participant::Inventory
            }
            Self::Prepare { .. } | Self::Confirm { .. } | Self::Drop { .. } => {
                Participant::Notification
            }
        }
    }

    /// The store that it is about.
    #[must_use]
    pub const fn store(&self) -> StoreId {
        match self {
            Self::Accept { store, .. }
            | Self::Reserve { store, .. }
            | Self::Prepare { store, .. }
            | Self::Sell { store, .. }
            | Self::Confirm { store, .. }
            | Self::Release { store, .. }
            | Self::Drop { store } => *store,
        }
    }
}

impl Checkout {
    /// What is next. The state says all: what was ordered and has no outcome yet is to be done, however often it was tried.
    #[must_use]
    pub fn next_step(&self) -> NextStep<CheckoutStep> {
        match (self.pending, self.phase, &self.terms) {
            (Some(pending), _, Some(_)) => {
                let step = self.step_of(pending);
                step.map_or(NextStep::Ended, |step| NextStep::Perform { number: self.step, step })
            }
            (None, Phase::Active, Some(terms)) => NextStep::Wait { until: Some(terms.expires_at) },
            _ => NextStep::Ended,
        }
    }

    fn step_of(&self, pending: Pending) -> Option<CheckoutStep> {
        let terms = self.terms.as_ref()?;
        let store = terms.store;
        let lines = || terms.lines.clone();
        let products = || terms.lines.iter().map(|(product, _)| *product).collect();
        Some(match pending {
            Pending::Accept => CheckoutStep::Accept {
                store,
                products: products(),
                ttl: terms.ttl,
                expires_at: terms.expires_at,
            },
            Pending::Reserve => CheckoutStep::Reserve {
                store,
                lines: lines(),
                ttl: terms.ttl,
                expires_at: terms.expires_at,
                until: terms.expires_at.after(CHECKOUT_GRACE),
                reason: terms.reason.clone(),
                order: terms.order.clone(),
                customer: terms.customer.clone(),
            },
            Pending::Prepare => CheckoutStep::Prepare {
                store,
                lines: lines(),
                order: terms.order.clone(),
                expires_at: terms.expires_at,
            },
            Pending::Sell => CheckoutStep::Sell {
                store,
                lines: lines(),
                transaction: self.transaction()?.clone(),
                customer: self.sale.as_ref()?.customer.clone(),
            },
            Pending::Confirm => {
                CheckoutStep::Confirm { store, transaction: self.transaction()?.clone() }
            }
            Pending::Release => CheckoutStep::Release { store, products: products() },
            Pending::Drop => CheckoutStep::Drop { store },
        })
    }
}

//! What is next in a transfer: a pure function of its state.

use kit_core::Timestamp;

use super::state::Pending;
use super::{Arrival, Transfer, TransferStatus};
use crate::{PositiveQuantity, ProductId, StoreId};

/// What is next in a process whose steps are `S`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextStep<S> {
    /// A participant is to do something.
    Perform {
        /// Its number within the process, by which a repetition is known.
        number: u32,
        /// What.
        step: S,
    },
    /// It waits for people, or for a moment.
    Wait {
        /// When its time is over, if it runs out.
        until: Option<Timestamp>,
    },
    /// Nothing more comes of it.
    Ended,
}

/// What one store is to do, in one append of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferStep {
    /// The source holds the units.
    Hold {
        /// The source.
        store: StoreId,
        /// What it holds.
        lines: Vec<(ProductId, PositiveQuantity)>,
        /// Until when.
        until: Timestamp,
    },
    /// The held units leave the source.
    Dispatch {
        /// The source.
        store: StoreId,
        /// Where they go.
        destination: StoreId,
        /// What is held.
        products: Vec<ProductId>,
        /// When they left; `None` is now.
        occurred_at: Option<Timestamp>,
    },
    /// The source holds nothing for it any more.
    Release {
        /// The source.
        store: StoreId,
        /// What was held.
        products: Vec<ProductId>,
    },
    /// Units are put on the shelf: of the destination, or of the source when they come back.
    PutAway {
        /// Where.
        store: StoreId,
        /// Where they come from.
        from: StoreId,
        /// How many of which.
        lines: Vec<(ProductId, PositiveQuantity)>,
        /// When they arrived; `None` is now.
        occurred_at: Option<Timestamp>,
    },
}

impl TransferStep {
    /// Its name for people and machines.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Hold { .. } => "hold",
            Self::Dispatch { .. } => "dispatch",
            Self::Release { .. } => "release",
            Self::PutAway { .. } => "putAway",
        }
    }

    /// The store that is to do it.
    #[must_use]
    pub const fn store(&self) -> StoreId {
        match self {
            Self::Hold { store, .. }
            | Self::Dispatch { store, .. }
            | Self::Release { store, .. }
            | Self::PutAway { store, .. } => *store,
        }
    }
}

impl Transfer {
    /// What is next. The state says all: what was ordered and has no outcome yet is to be done, however often it was tried.
    #[must_use]
    pub fn next_step(&self) -> NextStep<TransferStep> {
        match (&self.pending, self.status, &self.terms) {
            (Some(pending), _, Some(_)) => {
                let step = self.step_of(pending);
                step.map_or(NextStep::Ended, |step| NextStep::Perform { number: self.step, step })
            }
            (None, TransferStatus::Held, Some(terms)) => {
                NextStep::Wait { until: Some(terms.hold_until) }
            }
            (None, TransferStatus::InTransit, _) => NextStep::Wait { until: None },
            _ => NextStep::Ended,
        }
    }

    fn step_of(&self, pending: &Pending) -> Option<TransferStep> {
        let terms = self.terms.as_ref()?;
        let (source, destination) = (terms.source, terms.destination);
        let products = || self.lines.iter().map(|line| line.product).collect();
        Some(match pending {
            Pending::Hold => {
                let lines = self.units(|line| line.quantity);
                TransferStep::Hold { store: source, lines, until: terms.hold_until }
            }
            Pending::Dispatch { occurred_at } => TransferStep::Dispatch {
                store: source,
                destination,
                products: products(),
                occurred_at: *occurred_at,
            },
            Pending::Release => TransferStep::Release { store: source, products: products() },
            Pending::Receive { lines, occurred_at } => TransferStep::PutAway {
                store: destination,
                from: source,
                lines: lines.iter().filter_map(put_away).collect(),
                occurred_at: *occurred_at,
            },
            Pending::Return { occurred_at } => TransferStep::PutAway {
                store: source,
                from: destination,
                lines: self.units(|line| line.in_transit),
                occurred_at: *occurred_at,
            },
        })
    }

    fn units(
        &self,
        of: impl Fn(&super::TransferLine) -> u32,
    ) -> Vec<(ProductId, PositiveQuantity)> {
        let units = self.lines.iter().map(|line| (line.product, i64::from(of(line))));
        units
            .filter_map(|(product, units)| Some((product, PositiveQuantity::new(units).ok()?)))
            .collect()
    }
}

fn put_away(arrival: &Arrival) -> Option<(ProductId, PositiveQuantity)> {
    Some((arrival.product, PositiveQuantity::try_from(arrival.on_shelf()?).ok()?))
}

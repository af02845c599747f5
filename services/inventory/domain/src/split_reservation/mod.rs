//! A split reservation: a basket held in several stores as one, all of it or nothing.
//!
//! Each part is a reservation of one store, decided by that store alone. What must happen in a store is a [`SplitStep`],
//! ordered by an event and followed by one that tells its outcome, one at a time. A part that is refused undoes those that
//! are held; a part that cannot be sold although it was held undoes those that are sold.

mod command;
mod decide;
mod event;
mod part;
mod refusal;
mod state;
mod status;
mod step;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use command::{
    CommitSplitReservation, ExpireSplitReservation, RecordPlan, ReleaseSplitReservation,
    RequestSplitReservation, SplitReservationCommand, Wanted,
};
pub use decide::decide_split;
pub use event::SplitReservationEvent;
pub use part::{PartStatus, PlannedPart, SplitPart};
pub use refusal::SplitRefusal;
pub use state::{SplitReservation, SplitTerms, evolve_split};
pub use status::SplitStatus;
pub use step::SplitStep;

use crate::{PARCELS_MAX, PositiveQuantity, ProductId, SourcingStrategy, StoreId};

/// Version of what follows what; noted when a split reservation begins, which goes on by it to its end. Since 2 what is still
/// held of a part that cannot be sold is released.
pub const SPLIT_DEFINITION: u16 = 2;

/// The most stores of one split reservation.
pub const PARTS_MAX: usize = PARCELS_MAX;

/// How often stores are looked for, when some refuse what they were found to offer.
pub const PLANS_MAX: u32 = 3;

/// The longest time to the deadline of a split reservation, in seconds: a day.
pub const SPLIT_SECONDS_MAX: u32 = 86_400;

/// How much longer the stores hold their parts than the split reservation lasts.
///
/// A commit is ordered before the deadline, so each part has at least so long to be sold in: only a stand-still of all
/// processes that is longer can let a part run out in the middle, and then what was sold is undone.
pub const PART_GRACE: Duration = Duration::from_hours(1);

/// A basket that stores are to be found for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitBasket {
    /// The units of each product, each product once.
    pub lines: Vec<(ProductId, PositiveQuantity)>,
    /// What is preferred.
    pub strategy: SourcingStrategy,
    /// Where the basket is to go.
    pub near: Option<kit_core::Location>,
    /// Only these stores, in this order; all when absent.
    pub stores: Option<Vec<StoreId>>,
    /// Most stores that may serve, 1 to [`PARTS_MAX`].
    pub parcels_max: usize,
}

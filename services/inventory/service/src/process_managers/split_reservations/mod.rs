//! Split reservations, as a process: each store holds, sells or gives back its part.
//!
//! Stores are found for a basket by [`Queries::sourcing`](crate::use_cases::Queries::sourcing), as a step of its own whose
//! result is recorded: what is held is what was recorded, however many drive it.

pub(in crate::process_managers) mod codec;
mod door;
mod process;

pub(crate) use door::SplitReservationsDeps;
pub use door::{
    SplitHistoryEntry, SplitReservationAt, SplitReservationError, SplitReservationOrder,
    SplitReservations, WantedParts,
};
pub use process::SplitReservationProcess;

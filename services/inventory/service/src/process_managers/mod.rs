//! Process managers of the inventory context: what spans several stores, or more than one append.

pub mod pos_batches;
pub mod sagas;
pub mod split_reservations;
pub mod transfers;

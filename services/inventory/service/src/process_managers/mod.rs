//! Process managers of the inventory context: what spans several stores.

pub mod sagas;
pub mod split_reservations;
pub mod transfers;

//! Process managers of the inventory context: what spans several stores, several contexts, or more than one append.

pub mod checkouts;
pub(crate) mod driven;
pub mod pos_batches;
pub mod process_list;
pub mod sagas;
pub mod split_reservations;
pub mod stocktakes;
mod stored;
pub mod transfers;

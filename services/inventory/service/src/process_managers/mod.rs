//! Process managers of the inventory context: what spans several stores, or several contexts.

pub mod checkouts;
pub(crate) mod driven;
pub mod process_list;
pub mod sagas;
pub mod split_reservations;
mod stored;
pub mod transfers;

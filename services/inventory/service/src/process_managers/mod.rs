//! Process managers of the inventory context: what spans several stores.

pub mod sagas;
pub mod transfers;

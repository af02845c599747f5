//! Process managers of the inventory context: what spans several stores.

pub mod transfers;

//! The memory adapter against the contract, alone and shared, what a writer commits together, and what becomes of a view that panics.

mod contract;
mod group;
mod projection;

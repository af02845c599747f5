//! The memory adapter against the contract, alone and shared, and what becomes of a view that panics.

mod contract;
mod projection;

//! The memory adapter against the contract, alone and shared, what a writer commits together, and views that park or panic.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod contract;
mod group;
mod parking;
mod projection;

//! The memory adapter against the contract, alone and shared.

mod contract;

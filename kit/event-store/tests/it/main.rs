//! The memory adapter against the contract, alone and shared; views that park what they cannot read, or panic.

mod contract;
mod parking;
mod projection;

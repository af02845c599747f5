//! The memory store against the contract, and the executor.

#![expect(clippy::unwrap_used, reason = "everything in here is a test")]

mod contract;

//! The two adapters of this crate against the contract, the JSONL store against crashes and damage, and the executor.

#![expect(clippy::unwrap_used, reason = "everything in here is a test")]

mod contract;
mod damage;
mod jsonl;

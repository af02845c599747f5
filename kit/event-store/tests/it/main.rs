//! The two adapters of this crate against the contract, and the JSONL store against crashes and damage.

#![expect(clippy::unwrap_used, reason = "everything in here is a test")]

mod contract;
mod damage;
mod jsonl;

//! Tests of the JSONL event store: the shared contract, crashes and damage, and what it does with its files.

#![expect(clippy::unwrap_used, reason = "everything in here is a test")]

mod contract;
mod damage;
mod files;
mod loss;

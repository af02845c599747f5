//! Properties and cost of stock decisions, seen only through the crate's public door.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod histories;
mod properties;
mod reference;
mod scale;
mod strategies;

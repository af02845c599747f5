//! What is purged when, after failures, behind views that lag, and after restarts.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod http_cache;
mod purger;

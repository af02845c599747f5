//! Rate limits: what they let through, what they remember, and what becomes of them when others do not answer.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod local;
mod shared;

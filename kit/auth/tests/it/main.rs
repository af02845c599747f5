//! Keys, tokens and the issuer's keys, from outside.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod algorithms;
mod fetching;
mod issuer;
mod keys;
mod tokens;

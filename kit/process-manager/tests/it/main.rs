//! Process managers on a log that several processes write, with participants that fail at the worst moments.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod errands;
mod failing;
mod several;

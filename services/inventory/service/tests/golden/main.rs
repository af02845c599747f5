//! Every shape of an event that was ever stored is still read, and the present one is written as its sample says.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod checkouts;
mod pos_batches;
mod samples;
mod split_reservations;
mod stock;
mod stocktakes;
mod transfers;

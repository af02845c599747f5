//! The notification context through its API, against receivers on this machine.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod alerts;
mod app;
mod channels;
mod delivering;
mod email;
mod giving_up;
mod leased;
mod order_confirmations;
mod people;
mod receiver;
mod repeating;
mod replaying;
mod restart;
mod rotating;
mod settings;
mod subscribing;

//! The store context as callers and other contexts meet it: routes called in process, events taken from the bus.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod app;
mod bus;
mod caching;
mod categories;
mod idempotency;
mod listing;
mod looking_up;
mod openapi;
mod products;
mod registration;
mod restart;
mod stock;
mod stock_faults;
mod stores;
mod supplier_offers;
mod suppliers;
mod uniqueness;

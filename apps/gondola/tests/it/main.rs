//! The real binary on files: imports, exports, and imports that are killed.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod abuse;
mod access;
mod alerts;
mod baskets;
mod broken_off;
mod cases;
mod catalogue;
mod checkouts;
mod deliveries;
mod event_store;
mod files;
mod gondola;
mod keys;
mod kinds;
mod live;
mod metrics;
mod older_log;
mod privacy;
mod request_forgery;
mod roles;
mod sagas;
mod sales;
mod stock;
mod store_stock;
mod tls;
mod webhooks;
mod week_of_transfers;

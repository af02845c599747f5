//! The real binary on files: imports, exports, and imports that are killed.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod abuse;
mod access;
mod alerts;
mod backups;
mod baskets;
mod broken_off;
mod cases;
mod catalogue;
mod checkouts;
mod deliveries;
mod demo;
mod event_store;
mod faults;
mod files;
mod forgotten;
mod gondola;
mod https_receivers;
mod keys;
mod kinds;
mod live;
mod messages;
mod metrics;
mod mistakes;
#[cfg(feature = "s3")]
mod object_stores;
mod odd_names;
mod older_log;
mod origins;
mod people;
mod privacy;
mod request_forgery;
mod roles;
mod sagas;
mod sales;
mod start;
mod stock;
mod store_stock;
mod through_server;
mod tls;
mod tour;
mod transfers;
mod updates;
mod webhooks;
mod week_of_transfers;

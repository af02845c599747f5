//! The real binary on files: imports, exports, and imports that are killed.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod broken_off;
mod catalogue;
mod event_store;
mod gondola;
mod roles;
mod sales;
mod stock;

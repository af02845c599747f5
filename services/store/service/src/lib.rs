//! The store context: application, storage and API of the catalogue, which is the chain's stores and products.
//!
//! A write goes api -> application -> domain `decide` -> `evolve` -> event store. A read by id or code asks the log's
//! own state, so it sees every write before it; lists and searches ask a view. [`module()`] is the one door: the
//! composition root gives it its dependencies and gets routes, tasks and health checks.

mod api;
pub mod application;
mod infrastructure;
mod module;

pub use module::{Config, Deps, Module, StartError, module, openapi};

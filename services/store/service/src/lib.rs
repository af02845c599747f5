//! The store context: use cases, storage and API of the catalogue, which is the chain's stores and products.
//!
//! A write goes `http` -> `use_cases` -> domain `decide` -> `evolve` -> event store. A read by id or code asks the log's
//! own state, so it sees every write before it; lists and searches ask a view. [`module()`] is the one door: the
//! composition root gives it its dependencies and gets routes, tasks and health checks.

mod adapters;
mod http;
mod module;
pub mod use_cases;

pub use adapters::catalogue_news;
pub use module::{Config, Deps, StartError, StockSource, StoreContext, module, openapi};

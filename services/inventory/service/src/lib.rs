//! The inventory context: use cases, storage and API of stock levels and reservations.
//!
//! A write goes http -> use_cases -> domain `decide` -> `evolve` -> event store. A read goes http -> use_cases -> view.
//! [`module()`] is the one door: the composition root gives it its dependencies and gets routes, tasks and health checks.

mod adapters;
mod http;
mod module;
pub mod use_cases;

pub use adapters::Rebuilt;
pub use module::{Config, Deps, Module, StartError, Views, module, openapi};

//! The inventory context: application, storage and API of stock levels and reservations.
//!
//! A write goes api -> application -> domain `decide` -> `evolve` -> event store. A read goes api -> application -> view.
//! [`module()`] is the one door: the composition root gives it its dependencies and gets routes, tasks and health checks.

mod api;
pub mod application;
mod infrastructure;
mod module;

pub use infrastructure::Rebuilt;
pub use module::{Config, Deps, Module, StartError, Views, module, openapi};

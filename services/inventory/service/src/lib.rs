//! The inventory context: use cases, storage and API of stock levels and reservations.
//!
//! A write goes http -> `use_cases` -> domain `decide` -> `evolve` -> event store. A read goes http -> `use_cases` -> read model.
//! [`module()`] is the one door: the composition root gives it its dependencies and gets the running context.

mod adapters;
mod event_data;
mod flags;
mod http;
mod module;
pub mod process_managers;
pub mod use_cases;

pub use adapters::{
    CustomerKeysConfig, CustomerKeysPlace, CustomerNames, HttpCatalogue, HttpOrderConfirmations,
    OpenKeysError, SagaNews, SharedKeysConfig, TransitNews, saga_news, stock_news,
};
#[cfg(feature = "postgres")]
pub use adapters::{PostgresViews, STOCK_VIEWS};
pub use flags::SHARED_STOCK_CACHE;
pub use module::{Config, Deps, InventoryContext, StartError, Views, module, openapi};

//! Adapters of the inventory context: the read models in SQLite and PostgreSQL, the caches before them, the catalogue feed, the
//! relay of stock, and what of it caches in front of the servers must forget.

mod cache;
mod cache_metrics;
mod catalogue_feed;
mod catalogue_http;
mod confirmations_http;
mod customer_column;
mod customer_keys;
mod due_processes;
mod fold;
mod holders;
mod observer;
#[cfg(feature = "postgres")]
mod postgres;
mod process_history;
mod process_list;
mod purges;
mod saga_news;
mod shared;
mod sqlite;
mod stock_relay;
#[cfg(test)]
mod tests;
mod tills;
mod transfers;

pub(crate) use cache::{Cached, LevelCache, LevelSource};
pub(crate) use catalogue_feed::{CatalogueFeed, measure_age, note_filled, replay};
pub use catalogue_http::HttpCatalogue;
pub use confirmations_http::HttpOrderConfirmations;
pub use customer_keys::{
    CustomerKeysConfig, CustomerKeysPlace, CustomerNames, OpenKeysError, SharedKeysConfig,
};
pub(crate) use customer_keys::{SharedCustomerKeys, SqliteCustomerKeys};
pub(crate) use holders::open_holders;
pub(crate) use observer::LevelObserver;
#[cfg(feature = "postgres")]
pub(crate) use postgres::{PostgresDeps, PostgresReadModel};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresViews, STOCK_VIEWS};
pub(crate) use process_list::{SqliteProcesses, open_process_list};
pub(crate) use purges::purger_config;
pub use saga_news::{SagaNews, TransitNews, saga_news};
pub(crate) use shared::{SharedLevels, SharedStock, Sharing};
pub(crate) use sqlite::{SqliteFolder, SqliteReadModel};
pub use stock_relay::stock_news;
pub(crate) use stock_relay::stock_relay;
pub(crate) use tills::{SqliteTills, due_pos_batches, open_till_list};
pub(crate) use transfers::{SqliteTransfers, open_transfer_list};

//! Adapters of the inventory context: the read models in SQLite and PostgreSQL, the caches before them, the catalogue feed, the
//! relay of stock, and what of it caches in front of the servers must forget.

mod cache;
mod cache_metrics;
mod catalogue_feed;
mod catalogue_http;
mod due_processes;
mod fold;
mod observer;
#[cfg(feature = "postgres")]
mod postgres;
mod process_history;
mod purges;
mod shared;
mod split_reservations;
mod sqlite;
mod stock_relay;
#[cfg(test)]
mod tests;
mod tills;
mod transfers;

pub(crate) use cache::{Cached, LevelCache, LevelSource};
pub(crate) use catalogue_feed::{CatalogueFeed, measure_age, note_filled, replay};
pub use catalogue_http::HttpCatalogue;
pub(crate) use observer::LevelObserver;
#[cfg(feature = "postgres")]
pub(crate) use postgres::{PostgresDeps, PostgresReadModel};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresViews, STOCK_VIEWS};
pub(crate) use purges::purger_config;
pub(crate) use shared::{SharedLevels, SharedStock, Sharing};
pub(crate) use split_reservations::{due_split_reservations, open_split_list};
pub(crate) use sqlite::{SqliteFolder, SqliteReadModel};
pub use stock_relay::stock_news;
pub(crate) use stock_relay::stock_relay;
pub(crate) use tills::{SqliteTills, due_pos_batches, open_till_list};
pub(crate) use transfers::{SqliteTransfers, open_transfer_list};

//! Adapters of the inventory context: the read models in SQLite and PostgreSQL, the cache before it, the catalogue feed, and the relay of
//! stock.

mod cache;
mod catalogue_feed;
mod fold;
mod observer;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;
mod stock_relay;
#[cfg(test)]
mod tests;

pub(crate) use cache::{Cached, LevelCache};
pub(crate) use catalogue_feed::{CatalogueFeed, note_filled, replay};
#[cfg(feature = "postgres")]
pub(crate) use postgres::{PostgresDeps, PostgresReadModel};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresViews, STOCK_VIEWS};
pub(crate) use sqlite::{SqliteFolder, SqliteReadModel};
pub(crate) use stock_relay::stock_relay;

//! Adapters of the inventory context: the read model in SQLite, the caches before it, the catalogue feed, and the relay of
//! stock.

mod cache;
mod catalogue_feed;
mod fold;
mod observer;
mod shared;
mod sqlite;
mod stock_relay;
#[cfg(test)]
mod tests;

pub(crate) use cache::{Cached, LevelCache, LevelSource};
pub(crate) use catalogue_feed::{CatalogueFeed, join, note_filled};
pub(crate) use observer::LevelObserver;
pub(crate) use shared::{SharedLevels, Sharing};
pub(crate) use sqlite::{SqliteFolder, SqliteReadModel};
pub(crate) use stock_relay::stock_relay;

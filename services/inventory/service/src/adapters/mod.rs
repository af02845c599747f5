//! Adapters of the inventory context: the read model in SQLite, the cache before it, the catalogue feed, and the relay of
//! stock.

mod cache;
mod catalogue_feed;
mod fold;
mod observer;
mod sqlite;
mod stock_relay;
#[cfg(test)]
mod tests;

pub(crate) use cache::{Cached, LevelCache};
pub(crate) use catalogue_feed::{CatalogueFeed, note_filled, replay};
pub(crate) use sqlite::{SqliteFolder, SqliteReadModel};
pub(crate) use stock_relay::stock_relay;

//! Adapters of the inventory context: views in SQLite, the cache before them, the catalogue feed, and the relay of stock.

mod cached;
mod catalogue_feed;
mod fold;
mod rebuild;
mod sqlite_read;
mod sqlite_views;
mod stock_relay;

pub(crate) use cached::{CachedLevels, LevelCache};
pub(crate) use catalogue_feed::{CatalogueFeed, join};
pub use rebuild::Rebuilt;
pub(crate) use rebuild::{Followed, ViewsFolder};
pub(crate) use stock_relay::stock_relay;

//! Adapters of the inventory context: views in SQLite, the cache before them, and the catalogue feed.

mod cached;
mod catalogue_feed;
mod fold;
mod rebuild;
mod sqlite_read;
mod sqlite_views;

pub(crate) use cached::{CachedLevels, LevelCache};
pub(crate) use catalogue_feed::{feed_catalogue, join};
pub use rebuild::Rebuilt;
pub(crate) use rebuild::{Followed, ViewsFolder};

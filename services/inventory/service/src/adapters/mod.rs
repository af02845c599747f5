//! Adapters of the inventory context: the read model in SQLite, the cache before it, and the catalogue feed.

mod cache;
mod catalogue_feed;
mod fold;
mod observer;
mod sqlite;
#[cfg(test)]
mod tests;

pub(crate) use cache::{Cached, LevelCache};
pub(crate) use catalogue_feed::{feed_catalogue, join};
pub(crate) use sqlite::{SqliteFolder, SqliteReadModel};

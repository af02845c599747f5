//! The port of a shared cache: what every adapter must do.
//!
//! Nothing that it holds is certain: entries go at any time, and a cache may show an older entry than it had before. Who reads
//! one must be able to tell whether it is good.

use std::hash::BuildHasher;
use std::time::Duration;

use async_trait::async_trait;
use foldhash::fast::FixedState;
use tokio::sync::broadcast;

/// Something to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is found by; names whose data it is, since all users of a cache share its keys.
    pub key: String,
    /// Grows with each change of what is kept; below 2^53.
    pub version: u64,
    /// What is kept.
    pub value: Vec<u8>,
    /// How long it is kept at most.
    pub time_to_live: Duration,
}

/// Whether other processes are told of an entry that is newer than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tell {
    /// It was changed: who has an older one drops it.
    Others,
    /// It was read, and is no news.
    Nobody,
}

/// Word from another process, or from this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalidation {
    /// What is kept under a key has this version now, or a later one.
    Changed {
        /// The key.
        key: String,
        /// The version.
        version: u64,
    },
    /// Anything may have changed: word was lost, or too much of it.
    All,
}

/// The cache did not answer; its user goes on without it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the shared cache cannot be used now: {0}")]
pub struct CacheError(pub String);

/// A cache that processes share.
#[async_trait]
pub trait SharedCache: Send + Sync {
    /// What is kept under a key; nothing as well where something is kept that no [`SharedCache::put_if_newer`] has put.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, CacheError>;

    /// Keeps an entry unless a newer one is there; whether it is kept. One of the same version is replaced.
    ///
    /// That it is newer MUST be decided with the write, and told after it, and only once however many put the same.
    async fn put_if_newer(&self, entry: Entry, tell: Tell) -> Result<bool, CacheError>;

    /// Tells all processes [`Invalidation::All`].
    async fn invalidate_all(&self) -> Result<(), CacheError>;

    /// What processes tell from now on. An adapter MUST give [`Invalidation::All`] where it may have missed something.
    fn invalidations(&self) -> broadcast::Receiver<Invalidation>;

    /// Whether it can be used now; an error says why not, for the people who run it.
    fn health(&self) -> Result<(), String> {
        Ok(())
    }
}

/// A time to live that differs by up to a quarter from key to key, so that what was put together does not end together.
#[must_use]
pub fn spread(time_to_live: Duration, key: &str) -> Duration {
    let share = FixedState::default().hash_one(key) % 256;
    time_to_live + time_to_live * u32::try_from(share).unwrap_or(0) / 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_together_does_not_end_together() {
        let minute = Duration::from_mins(1);
        let times: std::collections::HashSet<Duration> =
            (0..1_000).map(|key| spread(minute, &key.to_string())).collect();
        assert!(times.len() > 100, "{}", times.len());
        assert!(times.iter().all(|time| (minute..=minute * 5 / 4).contains(time)), "{times:?}");
    }
}

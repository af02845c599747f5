//! Which cache processes share, chosen by a URL: none, or Redis where it is built in.

#![cfg_attr(
    not(feature = "redis"),
    expect(clippy::unnecessary_wraps, reason = "only a server's address can be wrong")
)]

use std::str::FromStr;
use std::sync::Arc;

use anyhow::{bail, ensure};
use kit_cache::SharedCache;
use kit_rate_limit::SharedLimits;
#[cfg(feature = "redis")]
use kit_redis::RedisAddress;

use super::event_store::EventStoreUrl;

/// The cache that processes share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CacheUrl {
    /// Each process has its own only.
    None,
    /// A node or a cluster.
    #[cfg(feature = "redis")]
    Redis(Box<RedisAddress>),
}

impl FromStr for CacheUrl {
    type Err = anyhow::Error;

    fn from_str(url: &str) -> anyhow::Result<Self> {
        let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
        match (scheme, rest) {
            ("none", "") => Ok(Self::None),
            ("redis" | "rediss" | "redis-cluster" | "rediss-cluster", _) => redis(url),
            _ => bail!(
                "there is no cache {scheme:?}; there are none:, redis://... and redis-cluster://..."
            ),
        }
    }
}

#[cfg(feature = "redis")]
fn redis(url: &str) -> anyhow::Result<CacheUrl> {
    Ok(CacheUrl::Redis(Box::new(url.parse()?)))
}

#[cfg(not(feature = "redis"))]
fn redis(_url: &str) -> anyhow::Result<CacheUrl> {
    Err(super::not_built_in("Redis"))
}

/// Argument of the commands that serve.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct CacheArgs {
    /// A cache that processes with one event store share: `none:`, `redis://:PASSWORD@HOST:PORT` or
    /// `redis-cluster://:PASSWORD@HOST:PORT?node=HOST:PORT`. Nothing depends on it but how long reads take.
    #[arg(
        long,
        default_value = "none:",
        env = "GONDOLA_CACHE",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) cache: CacheUrl,
}

impl CacheUrl {
    /// Refuses a cache that no two processes could share, as `event_store` has one process only.
    pub(crate) fn check(&self, event_store: &EventStoreUrl) -> anyhow::Result<()> {
        ensure!(
            *self == Self::None || event_store.is_shared(),
            "--cache is for processes that share an event store, and {} has one process: leave it out, or keep events in \
             postgres: or mysql:",
            event_store.name()
        );
        Ok(())
    }

    /// Opens the cache of a context. Nothing waits for its server, and nothing needs it.
    pub(crate) fn open(&self, context: &str) -> anyhow::Result<Option<Arc<dyn SharedCache>>> {
        match (self, context) {
            (Self::None, _) => Ok(None),
            #[cfg(feature = "redis")]
            (Self::Redis(address), context) => {
                let cache = kit_redis::RedisCache::open(address, &format!("gondola:{context}"))?;
                Ok(Some(Arc::new(kit_cache::Guarded::new(cache))))
            }
        }
    }

    /// Opens the rate limits that processes share there. Nothing waits for its server, and nothing needs it.
    pub(crate) fn limits(&self) -> anyhow::Result<Option<Arc<dyn SharedLimits>>> {
        match self {
            Self::None => Ok(None),
            #[cfg(feature = "redis")]
            Self::Redis(address) => {
                Ok(Some(Arc::new(kit_redis::RedisLimits::open(address, "gondola:rate-limits")?)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> String {
        url.parse::<CacheUrl>().unwrap_err().to_string()
    }

    #[test]
    fn what_there_is_not_is_refused_with_what_there_is() {
        assert_eq!("none:".parse::<CacheUrl>().unwrap(), CacheUrl::None);
        assert_eq!("none".parse::<CacheUrl>().unwrap(), CacheUrl::None);
        let told = refused("memcached://h");
        assert!(told.contains("no cache \"memcached\"; there are none:"), "{told}");
    }

    #[test]
    #[cfg(not(feature = "redis"))]
    fn a_driver_that_is_not_built_in_is_named_with_the_build_that_has_it() {
        for url in ["redis://h", "redis-cluster://h:1"] {
            let told = refused(url);
            assert!(told.contains("make dist") && told.contains("--features servers"), "{told}");
        }
    }

    #[test]
    fn none_goes_with_every_event_store() {
        CacheUrl::None.check(&EventStoreUrl::Memory).unwrap();
    }

    #[test]
    #[cfg(feature = "redis")]
    fn an_event_store_with_one_process_has_nobody_to_share_a_cache_with() {
        let url: CacheUrl = "redis://h".parse().unwrap();
        for store in [EventStoreUrl::Memory, EventStoreUrl::Sqlite(None)] {
            let told = url.check(&store).unwrap_err().to_string();
            assert!(told.contains("leave it out"), "{told}");
        }
        #[cfg(feature = "postgres")]
        url.check(&"postgres://h/db".parse().unwrap()).unwrap();
    }

    #[test]
    #[cfg(feature = "redis")]
    fn an_address_of_redis_is_understood_and_not_shown() {
        let url: CacheUrl = "redis://:secret@h:6379".parse().unwrap();
        assert!(!format!("{url:?}").contains("secret"));
        assert!(refused("rediss://h").contains("TLS"));
    }
}

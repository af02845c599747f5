//! Which cache processes share, chosen by a URL: none, or Redis where it is built in.

#![cfg_attr(
    not(feature = "redis"),
    expect(clippy::unnecessary_wraps, reason = "only a server's address can be wrong")
)]

use std::str::FromStr;
use std::sync::Arc;

use anyhow::bail;
use kit_cache::SharedCache;
#[cfg(feature = "redis")]
use kit_redis::RedisAddress;

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
    bail!(
        "Redis is not in this build: it is in the one that ships (make dist), and in one that is built with \
         `cargo build -p gondola --features servers`"
    )
}

impl CacheUrl {
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
    #[cfg(feature = "redis")]
    fn an_address_of_redis_is_understood_and_not_shown() {
        let url: CacheUrl = "redis://:secret@h:6379".parse().unwrap();
        assert!(!format!("{url:?}").contains("secret"));
        assert!(refused("rediss://h").contains("TLS"));
    }
}

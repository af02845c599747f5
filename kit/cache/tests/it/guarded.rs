//! What a cache costs that does not answer.

use std::future;
use std::time::Duration;

use async_trait::async_trait;
use kit_cache::{CacheError, Entry, Guarded, Invalidation, SharedCache, Tell};
use tokio::sync::broadcast;
use tokio::time::Instant;

/// A cache whose server is stopped: it takes calls and never answers.
struct Hung;

#[async_trait]
impl SharedCache for Hung {
    async fn get(&self, _key: &str) -> Result<Option<Vec<u8>>, CacheError> {
        future::pending().await
    }

    async fn put_if_newer(&self, _entry: Entry, _tell: Tell) -> Result<bool, CacheError> {
        future::pending().await
    }

    async fn invalidate_all(&self) -> Result<(), CacheError> {
        future::pending().await
    }

    fn invalidations(&self) -> broadcast::Receiver<Invalidation> {
        broadcast::channel(1).1
    }
}

#[tokio::test(start_paused = true)]
async fn a_hung_cache_is_waited_for_a_few_times_and_then_left_alone() {
    let (cache, began) = (Guarded::new(Hung), Instant::now());
    let mut waited = Vec::new();
    for _ in 0..1_000 {
        let asked = Instant::now();
        cache.get("a").await.unwrap_err();
        waited.push(asked.elapsed());
    }
    assert!(waited.iter().all(|wait| *wait <= Duration::from_millis(51)), "{waited:?}");
    assert!(began.elapsed() < Duration::from_millis(300), "a thousand: {:?}", began.elapsed());
    assert!(cache.health().unwrap_err().contains("left alone"));
}

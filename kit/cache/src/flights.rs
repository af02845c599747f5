//! One loader for each key: who wants what is being loaded waits for it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use foldhash::fast::RandomState;
use parking_lot::Mutex;
use tokio::sync::watch;

type Flying<K, V> = Mutex<HashMap<K, watch::Receiver<Option<V>>, RandomState>>;

/// The loads that are under way.
#[derive(Debug)]
pub struct Flights<K, V>(Arc<Flying<K, V>>);

impl<K, V> Default for Flights<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// A load that is no longer under way when this is dropped, however it ends.
struct Landing<K: Eq + Hash, V>(Arc<Flying<K, V>>, K);

impl<K: Eq + Hash, V> Drop for Landing<K, V> {
    fn drop(&mut self) {
        self.0.lock().remove(&self.1);
    }
}

impl<K, V> Flights<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// What is loaded for a key, by this caller or by one that has begun before; `None` when the load has panicked.
    ///
    /// A load goes on when its caller leaves, for those who have joined it. Who must not see what was true before it came
    /// needs a key that tells loads of before from its own.
    pub async fn join<F>(&self, key: K, load: impl FnOnce() -> F) -> Option<V>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let mut landed = self
            .0
            .lock()
            .entry(key.clone())
            .or_insert_with(|| {
                let (sender, receiver) = watch::channel(None);
                let (loading, landing) = (load(), Landing(Arc::clone(&self.0), key));
                tokio::spawn(async move {
                    let loaded = loading.await;
                    drop(landing);
                    sender.send_replace(Some(loaded));
                });
                receiver
            })
            .clone();
        let value = landed.wait_for(Option::is_some).await.ok()?;
        value.clone()
    }
}

//! The keys of an issuer, kept: strangers cannot make us fetch, and a failing issuer costs nobody a valid token.

use std::sync::Arc;
use std::time::Duration;

use ::metrics::Counter;
use jsonwebtoken::DecodingKey;
use kit_core::Timestamp;
use parking_lot::RwLock;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use super::issuer::Algorithm;
use super::key_set::KeySet;
use super::key_source::KeySource;
use crate::metrics;
use crate::refused::Refused;

/// Keys are fetched again after so long, while those that are kept go on to serve.
const FRESH_FOR: Duration = Duration::from_mins(10);

/// Keys that could not be fetched again for so long serve no more: who has stolen one that was withdrawn would get in for ever.
const USABLE_FOR: Duration = Duration::from_hours(12);

/// Between two fetches, whatever is asked for: names of keys cost those who make them up nothing.
const FETCH_EVERY: Duration = Duration::from_secs(30);

/// The keys of one issuer.
pub(super) struct KeyCache(Arc<Shared>);

struct Shared {
    source: Arc<dyn KeySource>,
    kept: RwLock<Kept>,
    /// Held by the one who fetches.
    fetching: Mutex<()>,
    fetches: [Counter; 2],
}

#[derive(Clone, Default)]
struct Kept {
    keys: Arc<KeySet>,
    fetched_at: Option<Timestamp>,
    /// When the last fetch began, whatever came of it.
    tried_at: Option<Timestamp>,
}

impl Kept {
    fn is_fresh(&self, now: Timestamp) -> bool {
        self.fetched_at.is_some_and(|at| now.since(at) < FRESH_FOR)
    }

    fn is_usable(&self, now: Timestamp) -> bool {
        self.fetched_at.is_some_and(|at| now.since(at) < USABLE_FOR)
    }

    fn may_fetch(&self, now: Timestamp) -> bool {
        self.tried_at.is_none_or(|at| now.since(at) >= FETCH_EVERY)
    }
}

impl KeyCache {
    pub(super) fn new(source: Arc<dyn KeySource>) -> Self {
        let (kept, fetching) = (RwLock::default(), Mutex::default());
        Self(Arc::new(Shared { source, kept, fetching, fetches: metrics::fetches() }))
    }

    /// The key with an id for an algorithm. One that is kept is given without waiting; for one that is not, the issuer is asked,
    /// unless it was asked just now.
    pub(super) async fn find(
        &self,
        id: &str,
        algorithm: Algorithm,
        now: Timestamp,
    ) -> Result<DecodingKey, Refused> {
        let kept = self.0.kept();
        let found = |kept: &Kept| kept.keys.find(id, algorithm.family()).cloned();
        if kept.is_usable(now) && kept.keys.has(id) {
            if !kept.is_fresh(now) && kept.may_fetch(now) {
                // nobody waits for it
                drop(self.fetch(now));
            }
            return found(&kept).ok_or(OTHER_FAMILY);
        }
        if kept.may_fetch(now) {
            // a panic leaves what is kept
            let _ = self.fetch(now).await;
        }
        let kept = self.0.kept();
        if !kept.is_usable(now) {
            return Err(Refused::NoIssuerKeys);
        }
        let missing = if kept.keys.has(id) { OTHER_FAMILY } else { UNKNOWN_KEY };
        found(&kept).ok_or(missing)
    }

    /// Fetches in a task of its own: a caller that goes away in the middle of it takes nothing from the others.
    fn fetch(&self, now: Timestamp) -> JoinHandle<()> {
        let shared = Arc::clone(&self.0);
        tokio::spawn(async move { shared.fetch(now).await })
    }
}

const UNKNOWN_KEY: Refused = Refused::InvalidToken("its issuer has no key of its kid");
const OTHER_FAMILY: Refused = Refused::InvalidToken("the key of its kid is for other algorithms");

impl Shared {
    fn kept(&self) -> Kept {
        self.kept.read().clone()
    }

    /// Fetches the keys, unless another has just done so; what is kept stays where that fails.
    async fn fetch(&self, now: Timestamp) {
        let _alone = self.fetching.lock().await;
        if !self.kept().may_fetch(now) {
            return;
        }
        self.kept.write().tried_at = Some(now);
        let [done, failed] = &self.fetches;
        match self.source.fetch().await {
            Ok(keys) => {
                let mut kept = self.kept.write();
                (kept.keys, kept.fetched_at) = (Arc::new(keys), Some(now));
                done.increment(1);
            }
            Err(error) => {
                failed.increment(1);
                tracing::warn!(%error, "issuer_keys_stay_as_they_were");
            }
        }
    }
}

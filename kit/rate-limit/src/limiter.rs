//! A limit as processes use it: within the process, and shared with others while what is shared answers.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use kit_resilience::{Breaker, BreakerConfig, Opens};
use metrics::{Counter, Gauge, counter, describe_counter, describe_gauge, gauge};
use tokio::time::{sleep, timeout};

use crate::key::Key;
use crate::local::LocalLimit;
use crate::quota::Quota;
use crate::shared::{SharedLimits, SharedLimitsError};
use crate::standing::Standing;

/// Longest wait for what is shared: a few times what an answer takes, and nothing that a caller notices.
const ANSWER_MAX: Duration = Duration::from_millis(10);

/// It works or does not, for all who ask.
const BREAKER: BreakerConfig = BreakerConfig {
    opens: Opens::InARow(5),
    pause_min: Duration::from_millis(500),
    pause_max: Duration::from_secs(5),
};

const ERRORS: &str = "rate_limit_shared_errors_total";
const BREAKER_MODE: &str = "rate_limit_shared_breaker";

/// What the limits of several processes are kept in, with a time limit and a breaker before it.
pub struct Sharing {
    limits: Arc<dyn SharedLimits>,
    breaker: Breaker,
    errors: Counter,
    mode: Gauge,
}

impl Sharing {
    /// Shares limits through this.
    pub fn new(limits: Arc<dyn SharedLimits>) -> Self {
        describe_counter!(
            ERRORS,
            "Questions to shared rate limits that failed or took too long; the process's own limit decided"
        );
        describe_gauge!(
            BREAKER_MODE,
            "Breaker of shared rate limits: 0 closed, 1 half open, 2 open"
        );
        let (errors, mode) = (counter!(ERRORS), gauge!(BREAKER_MODE));
        Self { limits, breaker: Breaker::new(BREAKER), errors, mode }
    }

    /// What is shared says, if it answers in time.
    async fn take(
        &self,
        limit: &str,
        key: &Key,
        quota: Quota,
        cost: NonZeroU32,
    ) -> Option<Standing> {
        let call = self.breaker.call()?;
        let asking = self.limits.take(limit, key, quota, cost);
        let late = |_| Err(SharedLimitsError(format!("no answer within {ANSWER_MAX:?}")));
        let answer = match timeout(ANSWER_MAX, asking).await.unwrap_or_else(late) {
            Ok(standing) => {
                call.succeeded();
                Some(standing)
            }
            Err(error) => {
                let was_closed = self.breaker.is_closed();
                call.failed();
                self.errors.increment(1);
                if was_closed && !self.breaker.is_closed() {
                    tracing::warn!(%error, "shared_rate_limits_left_alone");
                }
                None
            }
        };
        self.mode.set(self.breaker.mode().level());
        answer
    }
}

/// A limit of a process, or of several.
///
/// A process goes by its own limit first, so that what it refuses costs what is shared nothing. Of what is shared it asks for the
/// rest; while that is away, its own limit is all there is: several processes together then let through at most as many times
/// the quota as they are.
pub struct Limiter {
    name: &'static str,
    local: LocalLimit,
    sharing: Option<Arc<Sharing>>,
}

impl Limiter {
    /// A limit by its name, which tells it from the others that are kept in the same place.
    #[must_use]
    pub fn new(name: &'static str, quota: Quota, sharing: Option<Arc<Sharing>>) -> Self {
        Self { name, local: LocalLimit::new(quota), sharing }
    }

    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How much is allowed.
    #[must_use]
    pub const fn quota(&self) -> Quota {
        self.local.quota()
    }

    /// Takes units of a key's quota, all of them or none. A cost above the burst counts as the burst.
    ///
    /// Waits at most 10 ms for what is shared.
    pub async fn take(&self, key: &Key, cost: NonZeroU32) -> Standing {
        let own = self.local.take(key, cost);
        let Some(sharing) = self.sharing.as_ref().filter(|_| own.is_allowed) else { return own };
        let cost = cost.min(self.quota().burst());
        let shared = sharing.take(self.name, key, self.quota(), cost).await;
        shared.map_or(own, |shared| own.stricter(shared))
    }

    /// Waits until so many units of a key's quota are taken, in parts where they are more than the burst.
    pub async fn wait_for(&self, key: &Key, units: u32) {
        let mut left = units;
        while let Some(cost) = NonZeroU32::new(left.min(self.quota().burst().get())) {
            loop {
                let standing = self.take(key, cost).await;
                if standing.is_allowed {
                    break;
                }
                sleep(standing.retry_after).await;
            }
            left -= cost.get();
        }
    }
}

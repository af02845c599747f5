//! A limit within this process.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock, Reference as _};
use governor::middleware::StateInformationMiddleware;
use governor::{Quota as GovernorQuota, RateLimiter};

use crate::kept::Kept;
use crate::key::Key;
use crate::quota::Quota;
use crate::standing::Standing;

/// Keys that a limit remembers; beyond, the longest unused is forgotten. Each takes some 200 bytes.
pub const KEYS_MAX: NonZeroUsize = NonZeroUsize::new(65_536).expect("not zero");

/// A limit within this process, by a clock that never goes back.
#[derive(Debug)]
pub struct LocalLimit<C: Clock = MonotonicClock> {
    quota: Quota,
    limiter: RateLimiter<Key, Kept, C, StateInformationMiddleware>,
    /// What the limiter keeps, for looking without using.
    kept: Kept,
    /// What the times that are kept are counted from.
    began: C::Instant,
}

impl LocalLimit {
    /// A limit of which nothing is used, for [`KEYS_MAX`] keys.
    #[must_use]
    pub fn new(quota: Quota) -> Self {
        Self::by_clock(quota, KEYS_MAX, MonotonicClock)
    }
}

impl<C: Clock> LocalLimit<C> {
    /// The same by another clock and for at most so many keys.
    pub fn by_clock(quota: Quota, keys_max: NonZeroUsize, clock: C) -> Self {
        let kept = Kept::at_most(keys_max);
        let allowed = GovernorQuota::per_second(quota.per_second()).allow_burst(quota.burst());
        let began = clock.now();
        let limiter =
            RateLimiter::<_, _, _, StateInformationMiddleware>::new(allowed, kept.clone(), clock);
        Self { quota, limiter, kept, began }
    }

    /// How much is allowed.
    pub const fn quota(&self) -> Quota {
        self.quota
    }

    /// Takes units of a key's quota, all of them or none. A cost above the burst counts as the burst.
    pub fn take(&self, key: &Key, cost: NonZeroU32) -> Standing {
        let now = self.limiter.clock().now();
        match self.limiter.check_key_n(key, cost.min(self.quota.burst())) {
            Ok(Ok(left)) => Standing {
                is_allowed: true,
                remaining: left.remaining_burst_capacity(),
                retry_after: Duration::ZERO,
            },
            Ok(Err(not_until)) => {
                let retry_after = not_until.wait_time_from(now);
                Standing { is_allowed: false, remaining: self.remaining(key), retry_after }
            }
            // the cost is within the burst
            Err(_insufficient) => {
                let retry_after = self.quota.window();
                Standing { is_allowed: false, remaining: 0, retry_after }
            }
        }
    }

    /// After how long a unit can be taken of a key's quota, without taking one; `None` where it can be now.
    pub fn blocked_for(&self, key: &Key) -> Option<Duration> {
        let (used, one) = (self.used(key), self.quota.time_for(1));
        let over = (used + one).saturating_sub(self.quota.window());
        (!over.is_zero()).then_some(over)
    }

    /// Keys that are remembered.
    pub fn keys(&self) -> usize {
        self.kept.len()
    }

    /// How much of the quota is used, as the time that it takes to come back.
    fn used(&self, key: &Key) -> Duration {
        let now = self.limiter.clock().now().duration_since(self.began);
        let whole_at = self.kept.peek(key).unwrap_or_default();
        if whole_at > now {
            Duration::from_nanos(whole_at.as_u64() - now.as_u64())
        } else {
            Duration::ZERO
        }
    }

    fn remaining(&self, key: &Key) -> u32 {
        let free = self.quota.window().saturating_sub(self.used(key));
        let one = self.quota.time_for(1);
        u32::try_from(free.as_nanos() / one.as_nanos().max(1)).unwrap_or(u32::MAX)
    }
}

//! What is left of a quota.

use std::time::Duration;

use crate::quota::Quota;

/// How somebody stands with a quota after asking for some of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether it was given; what is refused uses nothing.
    pub is_allowed: bool,
    /// Units that can be used at once now.
    pub remaining: u32,
    /// After how long it would be given, if nothing else is used; zero where it was.
    pub retry_after: Duration,
}

impl Standing {
    /// After how long the whole burst is there again, if nothing is used.
    #[must_use]
    pub fn whole_after(&self, quota: Quota) -> Duration {
        quota.time_for(quota.burst().get().saturating_sub(self.remaining))
    }

    /// The one of two that leaves less.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        let is_other = match (self.is_allowed, other.is_allowed) {
            (true, false) => true,
            (false, true) => false,
            (false, false) => other.retry_after > self.retry_after,
            (true, true) => other.remaining < self.remaining,
        };
        if is_other { other } else { self }
    }
}

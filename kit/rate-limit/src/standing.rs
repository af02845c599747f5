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
        match (self.is_allowed, other.is_allowed) {
            (true, false) => other,
            (false, true) => self,
            (false, false) if other.retry_after > self.retry_after => other,
            (true, true) if other.remaining < self.remaining => other,
            _ => self,
        }
    }
}

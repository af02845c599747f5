//! How much is allowed.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

/// How much is allowed in a second for ever, and how much at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Units that come back in each second; at most [`Quota::PER_SECOND_MAX`].
    per_second: NonZeroU32,
    /// Units that can be used at once after a rest; at most [`Quota::BURST_MAX`].
    burst: NonZeroU32,
}

/// The text is no quota.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no quota: write RATE:BURST, units a second from 1 to {rate} and units at once from 1 to {burst}, as in 200:2000",
    rate = Quota::PER_SECOND_MAX,
    burst = Quota::BURST_MAX
)]
pub struct InvalidQuota {
    text: String,
}

impl Quota {
    /// Most units in a second.
    pub const PER_SECOND_MAX: u32 = 1_000_000;

    /// Most units at once.
    pub const BURST_MAX: u32 = 10_000_000;

    /// So many units in a second, and at once; `None` where one of them is zero or too many.
    #[must_use]
    pub const fn new(per_second: u32, burst: u32) -> Option<Self> {
        if per_second > Self::PER_SECOND_MAX || burst > Self::BURST_MAX {
            return None;
        }
        match (NonZeroU32::new(per_second), NonZeroU32::new(burst)) {
            (Some(per_second), Some(burst)) => Some(Self { per_second, burst }),
            _ => None,
        }
    }

    /// Units that come back in each second.
    #[must_use]
    pub const fn per_second(self) -> NonZeroU32 {
        self.per_second
    }

    /// Units that can be used at once.
    #[must_use]
    pub const fn burst(self) -> NonZeroU32 {
        self.burst
    }

    /// After how long all of it is there again that was used at once.
    #[must_use]
    pub fn window(self) -> Duration {
        self.time_for(self.burst.get())
    }

    /// How long it takes until so many units are back.
    #[must_use]
    pub fn time_for(self, units: u32) -> Duration {
        Duration::from_secs(u64::from(units)) / self.per_second.get()
    }
}

impl FromStr for Quota {
    type Err = InvalidQuota;

    fn from_str(text: &str) -> Result<Self, InvalidQuota> {
        let read = || {
            let (per_second, burst) = text.split_once(':')?;
            Self::new(per_second.parse().ok()?, burst.parse().ok()?)
        };
        read().ok_or_else(|| InvalidQuota { text: text.to_owned() })
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.per_second, self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_read_as_it_is_written() {
        let quota: Quota = "200:2000".parse().unwrap();
        assert_eq!(quota.to_string(), "200:2000");
        assert_eq!(quota.window(), Duration::from_secs(10));
        for bad in ["", "200", "0:1", "1:0", "a:1", "1:", "1000001:1", "1:10000001", "-1:1"] {
            let refused = bad.parse::<Quota>().unwrap_err().to_string();
            assert!(refused.contains("RATE:BURST"), "{refused}");
        }
    }
}

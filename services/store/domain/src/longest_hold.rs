//! How long a store lets reservations hold its stock.

use std::fmt;

/// The longest time that a reservation may hold the stock of a store: 5 minutes to 90 days.
///
/// Five minutes is what a reservation gets whose caller says nothing, so no store allows less.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LongestHold {
    seconds: u32,
}

/// Not a time that a store may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a longest hold of {seconds} seconds is out of range: give {min} (5 minutes) to {max} seconds (90 days), \
     or nothing for 24 hours",
    min = LongestHold::SECONDS_MIN,
    max = LongestHold::SECONDS_MAX
)]
pub struct InvalidLongestHold {
    /// The refused time.
    pub seconds: i64,
}

impl LongestHold {
    /// The shortest limit: 5 minutes.
    pub const SECONDS_MIN: u32 = 300;
    /// The longest limit: 90 days.
    pub const SECONDS_MAX: u32 = 90 * 86_400;

    /// Checks and wraps a number of seconds.
    pub fn from_seconds(seconds: i64) -> Result<Self, InvalidLongestHold> {
        let fits = |seconds: &u32| (Self::SECONDS_MIN..=Self::SECONDS_MAX).contains(seconds);
        let fitting = u32::try_from(seconds).ok().filter(fits);
        fitting.map(|seconds| Self { seconds }).ok_or(InvalidLongestHold { seconds })
    }

    /// The number of seconds.
    #[must_use]
    pub const fn as_seconds(self) -> u32 {
        self.seconds
    }
}

impl fmt::Debug for LongestHold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LongestHold({} s)", self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longest_hold_has_bounds() {
        for seconds in [300, 86_400, 7_776_000] {
            let hold = LongestHold::from_seconds(seconds).unwrap();
            assert_eq!(i64::from(hold.as_seconds()), seconds);
        }
        for seconds in [i64::MIN, 0, 299, 7_776_001, i64::MAX] {
            let error = LongestHold::from_seconds(seconds).unwrap_err();
            assert!(error.to_string().contains(&seconds.to_string()), "{error}");
        }
    }
}

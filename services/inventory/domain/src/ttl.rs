//! How long a reservation holds its units.

use std::time::Duration;

use crate::quantity::OutOfRange;

/// How long a reservation holds its units: 1 second to 90 days, 5 minutes unless said otherwise.
///
/// How much of that a store allows is its policy: [`TimeToLive::LIMIT_DEFAULT`] unless the catalogue says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeToLive {
    seconds: u32,
}

impl TimeToLive {
    /// The longest time that any store can allow: 90 days.
    pub const SECONDS_MAX: u32 = 90 * 86_400;
    /// What a store allows that says nothing about it: 24 hours.
    pub const LIMIT_DEFAULT: Self = Self { seconds: 86_400 };
    /// The time when the caller gives none: 5 minutes.
    pub const SECONDS_DEFAULT: u32 = 300;

    /// Checks and wraps a number of seconds, 1 to [`TimeToLive::SECONDS_MAX`].
    pub fn from_seconds(seconds: i64) -> Result<Self, OutOfRange> {
        match u32::try_from(seconds) {
            Ok(small) if (1..=Self::SECONDS_MAX).contains(&small) => Ok(Self { seconds: small }),
            _ => Err(OutOfRange {
                what: "time to live",
                unit: "seconds",
                value: seconds,
                min: 1,
                max: i64::from(Self::SECONDS_MAX),
            }),
        }
    }

    /// The number of seconds.
    #[must_use]
    pub const fn as_seconds(self) -> u32 {
        self.seconds
    }

    /// The same time as a duration.
    #[must_use]
    pub fn as_duration(self) -> Duration {
        Duration::from_secs(u64::from(self.seconds))
    }
}

impl Default for TimeToLive {
    fn default() -> Self {
        Self { seconds: Self::SECONDS_DEFAULT }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_to_live_has_bounds() {
        for seconds in [1, 300, 86_400, 7_776_000] {
            assert_eq!(i64::from(TimeToLive::from_seconds(seconds).unwrap().as_seconds()), seconds);
        }
        for seconds in [i64::MIN, -1, 0, 7_776_001, i64::MAX] {
            assert!(TimeToLive::from_seconds(seconds).is_err(), "{seconds} must be refused");
        }
        let error = TimeToLive::from_seconds(0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "time to live 0 seconds is out of range: give 1 to 7776000 seconds"
        );
    }

    #[test]
    fn five_minutes_unless_said_otherwise() {
        assert_eq!(TimeToLive::default().as_duration(), Duration::from_mins(5));
    }
}

//! Timestamps and clocks.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z, between the years 0000 and 9999.
///
/// On the wire and in text: RFC 3339 in UTC with milliseconds, such as `2026-11-27T00:00:00.000Z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

/// The text is not an RFC 3339 time, or lies outside the years 0000 to 9999.
#[derive(Debug, thiserror::Error)]
#[error("{text:?} is not a time like 2026-11-27T00:00:00Z")]
pub struct InvalidTimestamp {
    text: String,
}

impl Timestamp {
    /// The last representable moment.
    pub const MAX: Self = Self(*Self::MILLIS.end());

    /// The first and the last representable moment.
    const MILLIS: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_207_199_999;

    /// A moment by its milliseconds since 1970, brought into the representable range.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(*Self::MILLIS.start(), *Self::MILLIS.end()))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The moment `duration` later, at most the last representable one.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// How long ago `earlier` was; zero when it lies in the future.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(moment) => write!(f, "{moment:.3}"),
            Err(_) => write!(f, "{}ms", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidTimestamp { text: text.chars().take(40).collect() };
        let moment: jiff::Timestamp = text.parse().map_err(|_| invalid())?;
        let millis = moment.as_millisecond();
        if Self::MILLIS.contains(&millis) { Ok(Self(millis)) } else { Err(invalid()) }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The time of day; tests and simulations pass one they control.
pub trait Clock: Send + Sync {
    /// The present moment. May stand still or jump; the command executor makes it monotonic.
    fn now(&self) -> Timestamp;
}

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let millis = elapsed.map_or(0, |since| since.as_millis());
        Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_milliseconds_and_reads_back() {
        let moment = Timestamp::from_millis(1_764_201_600_000);
        assert_eq!(moment.to_string(), "2025-11-27T00:00:00.000Z");
        assert_eq!("2025-11-27T00:00:00.000Z".parse::<Timestamp>().unwrap(), moment);
        assert_eq!("2025-11-27T01:00:00+01:00".parse::<Timestamp>().unwrap(), moment);
    }

    #[test]
    fn nonsense_is_refused_with_the_value() {
        let error = "yesterday".parse::<Timestamp>().unwrap_err();
        assert!(error.to_string().contains("yesterday"));
    }

    #[test]
    fn arithmetic_saturates() {
        let end = Timestamp::from_millis(i64::MAX);
        assert_eq!(end.after(Duration::MAX), end);
        assert_eq!(Timestamp::default().since(end), Duration::ZERO);
        assert!(!end.to_string().is_empty());
    }
}

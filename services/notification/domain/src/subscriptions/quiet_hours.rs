//! Quiet hours: when a person is not to be disturbed, by the clock on the wall.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Time;
use kit_core::{TimeZone, Timestamp};

/// A time of day on a wall clock, to the minute, such as `22:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime(Time);

/// From when until when a person is not disturbed; over midnight where it begins later than it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: LocalTime,
    until: LocalTime,
}

/// The texts are no quiet hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidQuietHours {
    /// A text is no time of day.
    #[error("{0:?} is no time of day: write hours and minutes, such as \"22:00\"")]
    Time(String),
    /// They would never end.
    #[error(
        "quiet hours begin and end at {0}: they would last for ever; leave them out, or let them end at another time"
    )]
    Endless(LocalTime),
}

impl FromStr for LocalTime {
    type Err = InvalidQuietHours;

    /// Reads `22:00`, and nothing else.
    fn from_str(text: &str) -> Result<Self, InvalidQuietHours> {
        let number = |digits: &str| {
            let is_pair = digits.len() == 2 && digits.bytes().all(|one| one.is_ascii_digit());
            digits.parse::<i8>().ok().filter(|_| is_pair)
        };
        let parts = text.split_once(':');
        let parts = parts.and_then(|(hour, minute)| number(hour).zip(number(minute)));
        let time = parts.and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
        time.map(Self).ok_or_else(|| InvalidQuietHours::Time(text.chars().take(20).collect()))
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl QuietHours {
    /// From a time until another one.
    pub fn new(from: LocalTime, until: LocalTime) -> Result<Self, InvalidQuietHours> {
        if from == until { Err(InvalidQuietHours::Endless(from)) } else { Ok(Self { from, until }) }
    }

    /// When they begin.
    #[must_use]
    pub const fn from(self) -> LocalTime {
        self.from
    }

    /// When they end.
    #[must_use]
    pub const fn until(self) -> LocalTime {
        self.until
    }

    /// The first moment from `at` on that is not in them, where the clocks of a time zone are on the wall. An end that
    /// the clocks show twice, or never, is the later one.
    #[must_use]
    pub fn release(self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        let zone = place(zone);
        let Ok(moment) = jiff::Timestamp::from_millisecond(at.as_millis()) else { return at };
        let local = moment.to_zoned(zone.clone());
        let Self { from: LocalTime(from), until: LocalTime(until) } = self;
        let time = local.time();
        let is_quiet =
            if from < until { from <= time && time < until } else { time >= from || time < until };
        if !is_quiet {
            return at;
        }
        let day = if time < until { Ok(local.date()) } else { local.date().tomorrow() };
        let end = day.and_then(|day| zone.to_ambiguous_zoned(day.to_datetime(until)).later());
        end.map_or(at, |end| Timestamp::from_millis(end.timestamp().as_millisecond()).max(at))
    }
}

/// A moment as the clocks of a time zone show it, to the minute: `2026-11-28 06:15`.
#[must_use]
pub fn local_text(at: Timestamp, zone: &TimeZone) -> String {
    match jiff::Timestamp::from_millisecond(at.as_millis()) {
        Ok(moment) => {
            let local = moment.to_zoned(place(zone));
            format!("{} {}", local.date(), LocalTime(local.time()))
        }
        Err(_) => at.to_string(),
    }
}

/// A name that was found once is found again.
fn place(zone: &TimeZone) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(zone.as_str()).unwrap_or(jiff::tz::TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet(from: &str, until: &str) -> QuietHours {
        QuietHours::new(from.parse().unwrap(), until.parse().unwrap()).unwrap()
    }

    /// Given quiet hours in a time zone, what comes at a moment waits until another one.
    #[track_caller]
    fn waits(hours: QuietHours, zone: &str, at: &str, until: &str) {
        let zone = TimeZone::new(zone).unwrap();
        let released = hours.release(at.parse().unwrap(), &zone);
        assert_eq!(released, until.parse().unwrap(), "{at} in {zone}");
    }

    #[test]
    fn what_comes_at_night_waits_until_the_morning_of_the_place() {
        let night = quiet("22:00", "07:00");
        let place = "America/Sao_Paulo"; // three hours behind
        waits(night, place, "2026-11-28T00:59:59.999Z", "2026-11-28T00:59:59.999Z");
        waits(night, place, "2026-11-28T01:00:00Z", "2026-11-28T10:00:00Z");
        waits(night, place, "2026-11-28T05:30:00Z", "2026-11-28T10:00:00Z");
        waits(night, place, "2026-11-28T09:59:59.999Z", "2026-11-28T10:00:00Z");
        waits(night, place, "2026-11-28T10:00:00Z", "2026-11-28T10:00:00Z");
    }

    #[test]
    fn quiet_hours_may_lie_within_a_day() {
        let noon = quiet("12:00", "13:30");
        waits(noon, "UTC", "2026-11-28T12:00:00Z", "2026-11-28T13:30:00Z");
        waits(noon, "UTC", "2026-11-28T13:30:00Z", "2026-11-28T13:30:00Z");
        waits(noon, "UTC", "2026-11-28T03:00:00Z", "2026-11-28T03:00:00Z");
    }

    #[test]
    fn the_wall_clock_counts_when_clocks_change() {
        // in Berlin the night of 2026-03-29 has one hour less, that of 2026-10-25 one more
        let night = quiet("22:00", "07:00");
        waits(night, "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T05:00:00Z");
        waits(night, "Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T06:00:00Z");
        // an end that is never shown, and one that is shown twice
        let early = quiet("22:00", "02:30");
        waits(early, "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T01:30:00Z");
        waits(early, "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T01:30:00Z");
        waits(early, "Europe/Berlin", "2026-10-25T01:15:00Z", "2026-10-25T01:30:00Z");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "7:00", "24:00", "22:60", "22:00:00", "+1:00", "22-00"] {
            text.parse::<LocalTime>().unwrap_err();
        }
        let seven: LocalTime = "07:00".parse().unwrap();
        let told = QuietHours::new(seven, seven).unwrap_err().to_string();
        assert!(told.contains("07:00"), "{told}");
    }

    #[test]
    fn people_read_the_time_of_their_place() {
        let zone = TimeZone::new("America/Sao_Paulo").unwrap();
        assert_eq!(local_text("2026-11-28T02:15:59Z".parse().unwrap(), &zone), "2026-11-27 23:15");
    }
}

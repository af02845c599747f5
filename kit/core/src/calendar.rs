//! Places in the calendar: time zones by their names, and days.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::fmt::temporal::DateTimeParser;

/// A time zone of the IANA database by its name, such as `America/Sao_Paulo`, as it is written there.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TimeZone(Box<str>);

/// The text is no time zone that the IANA database has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no time zone of the IANA database: give a name such as \"America/Sao_Paulo\" or \"UTC\""
)]
pub struct UnknownTimeZone {
    text: String,
}

impl TimeZone {
    /// Finds a time zone, in whatever case it is written.
    pub fn new(name: &str) -> Result<Self, UnknownTimeZone> {
        let found = jiff::tz::TimeZone::get(name).ok();
        let named = found.as_ref().and_then(jiff::tz::TimeZone::iana_name);
        named
            .map(|name| Self(name.into()))
            .ok_or_else(|| UnknownTimeZone { text: name.chars().take(40).collect() })
    }

    /// Its name in the database.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeZone({self})")
    }
}

/// A day of the Gregorian calendar, from year 0 to 9999, wherever that is; ordered by time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CalendarDay(Date);

/// The text is no day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no day: write it as year-month-day, such as \"2026-12-25\"")]
pub struct InvalidDay {
    text: String,
}

impl FromStr for CalendarDay {
    type Err = InvalidDay;

    /// Reads `2026-12-25`, and nothing else.
    fn from_str(text: &str) -> Result<Self, InvalidDay> {
        let day = DateTimeParser::new().parse_date(text).map(Self).ok();
        // years before 0 and other ways to write a day are known there too
        day.filter(|day| day.0.year() >= 0 && day.to_string() == text)
            .ok_or_else(|| InvalidDay { text: text.chars().take(40).collect() })
    }
}

impl fmt::Display for CalendarDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for CalendarDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CalendarDay({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_those_of_the_database() {
        for (text, name) in [
            ("America/Sao_Paulo", "America/Sao_Paulo"),
            ("america/chicago", "America/Chicago"),
            ("UTC", "UTC"),
        ] {
            assert_eq!(TimeZone::new(text).unwrap().as_str(), name);
        }
        for bad in ["", "Sao_Paulo", "America/Atlantis", "-03:00", "BRT", "../UTC"] {
            let error = TimeZone::new(bad).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{bad:?} is no time zone")), "{error}");
        }
    }

    #[test]
    fn a_day_has_one_spelling() {
        let day: CalendarDay = "2028-02-29".parse().unwrap();
        assert_eq!(day.to_string(), "2028-02-29");
        for bad in ["", "2026-02-29", "2026-2-1", "20260201", "2026-02-01T00:00", "-000001-01-01"] {
            let error = bad.parse::<CalendarDay>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("{bad:?} is no day")), "{error}");
        }
        let later: CalendarDay = "2028-03-01".parse().unwrap();
        assert!(day < later);
    }
}

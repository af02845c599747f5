//! The moment that a date, a time of day and a zone make together.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;
use kit_core::Timestamp;

use super::dates::{DateError, DateOrder, When, time_of_day, when};
use crate::reject::Reject;

/// A time zone, by its IANA name such as `America/Sao_Paulo`, or as an offset such as `-03:00`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

/// The time of day of a date without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeOfDay {
    /// The first moment of the day.
    Open,
    /// The last moment of the day, at the latest the moment when the import was begun.
    Close,
    /// A time.
    At(Time),
}

/// How the dates of a file become moments.
#[derive(Clone, Debug)]
pub(crate) struct MomentRules {
    /// `None` is UTC.
    pub(crate) zone: Option<Zone>,
    /// `None` is what suits the kind of line.
    pub(crate) time_of_day: Option<TimeOfDay>,
    /// `None` when the dates are clear by themselves.
    pub(crate) order: Option<DateOrder>,
    /// When the import was begun: nothing that a day's close stands for happened later.
    pub(crate) begun_at: Timestamp,
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let unknown =
            |_| format!("{name:?} is no time zone: give one like America/Sao_Paulo, UTC or -03:00");
        let zone = match name {
            "UTC" | "Z" => TimeZone::UTC,
            _ => DateTimeParser::new().parse_time_zone(name).map_err(unknown)?,
        };
        Ok(Self { name: name.to_owned(), zone })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl FromStr for TimeOfDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "open" => Ok(Self::Open),
            "close" => Ok(Self::Close),
            _ => time_of_day(text).map(Self::At).ok_or_else(|| {
                format!("{text:?} is no time of day: give open, close, or one like 18:30")
            }),
        }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("open"),
            Self::Close => f.write_str("close"),
            Self::At(time) => write!(f, "{time}"),
        }
    }
}

impl MomentRules {
    /// The moment that a text says; a date without a time of day has the one asked for, or else `usual`.
    pub(crate) fn read(&self, text: &str, usual: TimeOfDay) -> Result<Timestamp, Reject> {
        let trouble = |why: &str| Reject::new("invalid-time", format!("time {text:?} {why}"));
        let when = when(text, self.order).map_err(|error| match error {
            DateError::NoDate => trouble(
                "is no moment: write it like 2026-11-27T18:30:00Z, 2026-11-27 18:30 or 27/11/2026",
            ),
            DateError::Ambiguous => trouble("can be two dates: say --date-order dmy or mdy"),
        })?;
        let moment = match when {
            When::Moment(at) => Some(at),
            When::Local(date, Some(time)) => self.at(date, time),
            When::Local(date, None) => match self.time_of_day.unwrap_or(usual) {
                TimeOfDay::Open => self.at(date, Time::midnight()),
                TimeOfDay::At(time) => self.at(date, time),
                TimeOfDay::Close => self.close(date),
            },
        };
        moment.ok_or_else(|| trouble("lies outside of the calendar"))
    }

    fn at(&self, date: Date, time: Time) -> Option<Timestamp> {
        let zone = self.zone.as_ref().map_or(TimeZone::UTC, |zone| zone.zone.clone());
        let zoned = date.to_datetime(time).to_zoned(zone).ok()?;
        Some(Timestamp::from_millis(zoned.timestamp().as_millisecond()))
    }

    /// The last millisecond of a day. A day that has not ended is over now: what is in the file has happened.
    fn close(&self, date: Date) -> Option<Timestamp> {
        let next = self.at(date.tomorrow().ok()?, Time::midnight())?;
        let last = Timestamp::from_millis(next.as_millis() - 1);
        let begun_today = self.at(date, Time::midnight())? <= self.begun_at;
        Some(if begun_today { last.min(self.begun_at) } else { last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(zone: Option<&str>, time_of_day: Option<&str>) -> MomentRules {
        MomentRules {
            zone: zone.map(|zone| zone.parse().unwrap()),
            time_of_day: time_of_day.map(|time| time.parse().unwrap()),
            order: None,
            begun_at: "2026-11-27T15:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn dates_become_moments_by_zone_and_time_of_day() {
        for (text, zone, time_of_day, expected) in [
            ("2026-11-26", None, None, "2026-11-26T00:00:00.000Z"),
            ("2026-11-26", None, Some("close"), "2026-11-26T23:59:59.999Z"),
            ("2026-11-27", None, Some("close"), "2026-11-27T15:00:00.000Z"),
            ("2026-11-26", None, Some("18:30"), "2026-11-26T18:30:00.000Z"),
            ("2026-11-26", Some("America/Sao_Paulo"), Some("open"), "2026-11-26T03:00:00.000Z"),
            ("2026-11-26", Some("-03:00"), Some("close"), "2026-11-27T02:59:59.999Z"),
            ("2026-11-26 08:00", Some("Europe/Berlin"), Some("close"), "2026-11-26T07:00:00.000Z"),
            ("2026-07-26 08:00", Some("Europe/Berlin"), None, "2026-07-26T06:00:00.000Z"),
            ("2026-11-26T08:00:00Z", Some("Europe/Berlin"), None, "2026-11-26T08:00:00.000Z"),
            // a day that has not begun stays in the future, and is refused there
            ("2026-11-28", None, Some("close"), "2026-11-28T23:59:59.999Z"),
        ] {
            let at = rules(zone, time_of_day).read(text, TimeOfDay::Open).unwrap();
            assert_eq!(at.to_string(), expected, "{text} {zone:?} {time_of_day:?}");
        }
    }

    #[test]
    fn times_that_cannot_be_read_are_told_with_the_remedy() {
        let reason = |text| rules(None, None).read(text, TimeOfDay::Open).unwrap_err().reason;
        assert!(reason("some day").contains("\"some day\" is no moment: write it like"));
        assert!(reason("01/02/2026").contains("say --date-order dmy or mdy"));
    }

    #[test]
    fn zones_and_times_of_day_that_do_not_exist_are_refused() {
        assert!("Atlantis/Capital".parse::<Zone>().unwrap_err().contains("no time zone"));
        assert!("noon".parse::<TimeOfDay>().unwrap_err().contains("no time of day"));
    }
}

//! When a store is open: by weekday, with exceptions for single days, in its own time.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use kit_core::{CalendarDay, InvalidDay};

/// When a store is open, in the time of its place. A weekday that it does not name is one on which it is closed.
///
/// Written as entries, of a weekday or a day and the spans in which the store is then open: `monday` and `08:00-12:00`,
/// `14:00-18:00`; a day without spans is one on which it is closed. A span never goes beyond midnight, which is `24:00` at
/// its end: what is open until two in the morning has a span of the next day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningHours {
    week: BTreeMap<Weekday, Vec<Span>>,
    exceptions: BTreeMap<CalendarDay, Vec<Span>>,
}

/// A part of a day, in minutes since midnight; not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: u16,
    to: u16,
}

/// A day of the week, from Monday on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

const WEEK: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

const MINUTES_OF_A_DAY: u16 = 24 * 60;

/// Opening hours that mean nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOpeningHours {
    /// Neither a weekday nor a day.
    #[error("{0}; or give a weekday, monday to sunday in small letters")]
    Day(#[from] InvalidDay),
    /// Not a part of a day.
    #[error(
        "{text:?} is no part of a day: write when it begins and ends, in hours of 00 to 24 and minutes, such as \"08:00-18:30\"; \
         what goes on after midnight belongs to the next day"
    )]
    Span {
        /// The start of the refused text.
        text: String,
    },
    /// The spans of a day overlap, or are not in order.
    #[error("the spans of {day} must be in order, with time between them")]
    Order {
        /// Which day.
        day: String,
    },
    /// Too many spans or exceptions.
    #[error(
        "a day has at most {} spans, and there are at most {} days that are exceptions",
        OpeningHours::SPANS_MAX,
        OpeningHours::EXCEPTIONS_MAX
    )]
    Many,
}

impl OpeningHours {
    /// Most spans of a day.
    pub const SPANS_MAX: usize = 6;
    /// Most days that are exceptions.
    pub const EXCEPTIONS_MAX: usize = 400;

    /// Reads entries of a weekday or day and its spans.
    pub fn new<'a, S: AsRef<str> + 'a>(
        entries: impl IntoIterator<Item = (&'a str, &'a [S])>,
    ) -> Result<Self, InvalidOpeningHours> {
        let mut hours = Self { week: BTreeMap::new(), exceptions: BTreeMap::new() };
        for (day, texts) in entries {
            let spans = spans(day, texts)?;
            match WEEK.iter().find(|(name, _)| *name == day) {
                Some((_, weekday)) => hours.week.insert(*weekday, spans),
                None => hours.exceptions.insert(day.parse()?, spans),
            };
        }
        // closed is what is not named
        hours.week.retain(|_, spans| !spans.is_empty());
        if hours.exceptions.len() > Self::EXCEPTIONS_MAX {
            return Err(InvalidOpeningHours::Many);
        }
        Ok(hours)
    }

    /// Its entries: the weekdays on which it is open, then the exceptions. [`Self::new`] reads them back.
    pub fn entries(&self) -> impl Iterator<Item = (String, Vec<String>)> {
        let texts = |spans: &Vec<Span>| spans.iter().map(ToString::to_string).collect();
        let week = self.week.iter().map(move |(day, spans)| (day.name().to_owned(), texts(spans)));
        let days = self.exceptions.iter().map(move |(day, spans)| (day.to_string(), texts(spans)));
        week.chain(days)
    }
}

/// The spans of a day, in order.
fn spans<S: AsRef<str>>(day: &str, texts: &[S]) -> Result<Vec<Span>, InvalidOpeningHours> {
    if texts.len() > OpeningHours::SPANS_MAX {
        return Err(InvalidOpeningHours::Many);
    }
    let spans: Vec<Span> =
        texts.iter().map(|text| text.as_ref().parse()).collect::<Result<_, _>>()?;
    if spans.windows(2).any(|pair| pair[0].to >= pair[1].from) {
        return Err(InvalidOpeningHours::Order { day: day.chars().take(40).collect() });
    }
    Ok(spans)
}

impl Weekday {
    fn name(self) -> &'static str {
        WEEK[self as usize].0
    }
}

impl FromStr for Span {
    type Err = InvalidOpeningHours;

    fn from_str(text: &str) -> Result<Self, InvalidOpeningHours> {
        let span = text
            .split_once('-')
            .and_then(|(from, to)| Some(Self { from: minutes(from)?, to: minutes(to)? }));
        span.filter(|span| span.from < span.to)
            .ok_or_else(|| InvalidOpeningHours::Span { text: text.chars().take(40).collect() })
    }
}

/// Minutes since midnight of a time of day such as `08:30`.
fn minutes(text: &str) -> Option<u16> {
    let two_digits = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) =
        (two_digits(hours)?, two_digits(minutes).filter(|minutes| *minutes < 60)?);
    Some(hours * 60 + minutes).filter(|minutes| *minutes <= MINUTES_OF_A_DAY)
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

/// How a day without spans is written on one line.
const CLOSED: &str = "closed";

/// On one line: `monday 08:00-12:00 14:00-18:00; 2026-12-25 closed`.
impl fmt::Display for OpeningHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (day, spans)) in self.entries().enumerate() {
            let separator = if place == 0 { "" } else { "; " };
            let spans = if spans.is_empty() { CLOSED.to_owned() } else { spans.join(" ") };
            write!(f, "{separator}{day} {spans}")?;
        }
        Ok(())
    }
}

impl FromStr for OpeningHours {
    type Err = InvalidOpeningHours;

    /// Reads what [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, InvalidOpeningHours> {
        let mut entries = Vec::new();
        for entry in text.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
            let mut words = entry.split_whitespace();
            let day = words.next().unwrap_or_default();
            let spans: Vec<&str> = words.filter(|word| *word != CLOSED).collect();
            entries.push((day, spans));
        }
        Self::new(entries.iter().map(|(day, spans)| (*day, spans.as_slice())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRITTEN: &str = "monday 08:00-12:00 14:00-18:30; sunday 00:00-24:00; 2026-12-24 08:00-14:00; 2026-12-25 closed";

    #[test]
    fn hours_are_read_back_as_they_are_written() {
        let hours: OpeningHours = WRITTEN.parse().unwrap();
        assert_eq!(hours.to_string(), WRITTEN);
        let entries: Vec<(String, Vec<String>)> = hours.entries().collect();
        assert_eq!(entries[0], ("monday".into(), vec!["08:00-12:00".into(), "14:00-18:30".into()]));
        assert_eq!(entries[3], ("2026-12-25".into(), vec![]));
        let again = entries.iter().map(|(day, spans)| (day.as_str(), spans.as_slice()));
        assert_eq!(OpeningHours::new(again).unwrap(), hours);
    }

    #[test]
    fn a_weekday_that_is_not_named_is_closed() {
        let named: OpeningHours = "monday 08:00-12:00; tuesday closed".parse().unwrap();
        let unnamed: OpeningHours = "monday 08:00-12:00".parse().unwrap();
        assert_eq!(named, unnamed);
    }

    #[test]
    fn nonsense_is_refused_with_the_value_and_what_to_write() {
        let cases = [
            ("montag 08:00-12:00", "\"montag\" is no day"),
            ("2026-02-30 closed", "\"2026-02-30\" is no day"),
            ("monday 8:00-12:00", "\"8:00-12:00\" is no part of a day"),
            ("monday 08:00-24:01", "\"08:00-24:01\" is no part of a day"),
            ("monday 08:60-12:00", "\"08:60-12:00\" is no part of a day"),
            ("monday 22:00-02:00", "belongs to the next day"),
            ("monday 08:00-08:00", "\"08:00-08:00\" is no part of a day"),
            ("monday 08:00-12:00 11:00-13:00", "the spans of monday must be in order"),
            ("monday 08:00-12:00 12:00-13:00", "with time between them"),
            (
                "monday 01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00 09:00-10:00 11:00-12:00 13:00-14:00",
                "at most 6",
            ),
        ];
        for (text, told) in cases {
            let error = text.parse::<OpeningHours>().unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn exceptions_have_a_bound() {
        let days = |count: usize| -> Vec<String> {
            (0..count)
                .map(|at| format!("{}-{:02}-{:02}", 2026 + at / 336, 1 + at % 12, 1 + at / 12 % 28))
                .collect()
        };
        let read = |days: &[String]| {
            OpeningHours::new(days.iter().map(|day| (day.as_str(), &[] as &[&str])))
        };
        assert!(read(&days(OpeningHours::EXCEPTIONS_MAX)).is_ok());
        assert_eq!(read(&days(OpeningHours::EXCEPTIONS_MAX + 1)), Err(InvalidOpeningHours::Many));
    }
}

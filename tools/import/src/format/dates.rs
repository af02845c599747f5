//! Dates and times as people write them, the day before the month or behind it.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use kit_core::Timestamp;

/// The order of the parts of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `31/12/2026`
    DayFirst,
    /// `12/31/2026`
    MonthFirst,
}

impl fmt::Display for DateOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DayFirst => "dmy",
            Self::MonthFirst => "mdy",
        })
    }
}

/// What a text says about a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// All of it.
    Moment(Timestamp),
    /// A date, and the time of day if it is given, but not in which zone.
    Local(Date, Option<Time>),
}

/// A text that is no moment, or not for sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateError {
    /// It is no date.
    NoDate,
    /// It can be two dates: its first two numbers can both be the month.
    Ambiguous,
}

/// A date as its numbers stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    YearFirst(i16, i8, i8),
    YearLast(i8, i8, i16),
}

/// Reads a moment or a date; the year has four digits.
pub(crate) fn when(text: &str, order: Option<DateOrder>) -> Result<When, DateError> {
    let has_offset = text.get(10..).is_some_and(|rest| rest.contains(['Z', 'z', '+', '-']));
    if has_offset {
        return text.parse().map(When::Moment).map_err(|_| DateError::NoDate);
    }
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time.trim())),
        None => (text, None),
    };
    let date = calendar_date(written(date).ok_or(DateError::NoDate)?, order)?;
    let time = time.map(|time| time_of_day(time).ok_or(DateError::NoDate)).transpose()?;
    Ok(When::Local(date, time))
}

/// The order that a date shows by itself, if it shows one.
pub(crate) fn shown_by(text: &str) -> Option<DateOrder> {
    let date = text.split(['T', 't', ' ']).next().unwrap_or(text);
    match written(date)? {
        Written::YearLast(first @ 13..=31, 1..=12, _) if first > 0 => Some(DateOrder::DayFirst),
        Written::YearLast(1..=12, 13..=31, _) => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

fn written(date: &str) -> Option<Written> {
    let number = |text: &str| -> Option<i8> {
        let digits =
            (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    let year = |text: &str| -> Option<i16> {
        let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten()
    };
    let separator = date.chars().find(|letter| matches!(letter, '-' | '/' | '.'));
    let Some(separator) = separator else {
        let (years, rest) = (date.get(..4)?, date.get(4..)?);
        let (month, day) = (rest.get(..2)?, rest.get(2..).filter(|day| day.len() == 2)?);
        return Some(Written::YearFirst(year(years)?, number(month)?, number(day)?));
    };
    let mut parts = date.split(separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    match (parts.next(), first.len()) {
        (Some(_), _) => None,
        (None, 4) => Some(Written::YearFirst(year(first)?, number(second)?, number(third)?)),
        (None, _) => Some(Written::YearLast(number(first)?, number(second)?, year(third)?)),
    }
}

fn calendar_date(written: Written, order: Option<DateOrder>) -> Result<Date, DateError> {
    let (year, month, day) = match written {
        Written::YearFirst(year, month, day) => (year, month, day),
        Written::YearLast(first, second, year) => {
            let order = order.or(match (first, second) {
                _ if first == second => Some(DateOrder::DayFirst),
                (13.., _) => Some(DateOrder::DayFirst),
                (_, 13..) => Some(DateOrder::MonthFirst),
                _ => None,
            });
            match order.ok_or(DateError::Ambiguous)? {
                DateOrder::DayFirst => (year, second, first),
                DateOrder::MonthFirst => (year, first, second),
            }
        }
    };
    Date::new(year, month, day).map_err(|_| DateError::NoDate)
}

/// A time of day such as `8:26`, `08:26:30.5` or `8:26 PM`.
pub(crate) fn time_of_day(text: &str) -> Option<Time> {
    let (text, half) = match text.len().checked_sub(2).and_then(|at| text.split_at_checked(at)) {
        Some((clock, half)) if half.eq_ignore_ascii_case("am") => (clock.trim_end(), Some(false)),
        Some((clock, half)) if half.eq_ignore_ascii_case("pm") => (clock.trim_end(), Some(true)),
        _ => (text, None),
    };
    let (hour, rest) = text.split_once(':')?;
    let digits = (1..=2).contains(&hour.len()) && hour.bytes().all(|byte| byte.is_ascii_digit());
    let hour: i8 = hour.parse().ok().filter(|_| digits)?;
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    // the library checks the rest, and wants two digits of an hour
    Time::from_str(&format!("{hour:02}:{rest}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: Option<DateOrder>) -> Result<String, DateError> {
        when(text, order).map(|when| match when {
            When::Moment(at) => at.to_string(),
            When::Local(date, None) => date.to_string(),
            When::Local(date, Some(time)) => format!("{date} {time}"),
        })
    }

    #[test]
    fn dates_come_in_the_forms_of_real_files() {
        for (text, expected) in [
            ("2021-11-01", "2021-11-01"),
            ("2021/11/1", "2021-11-01"),
            ("20211101", "2021-11-01"),
            ("20211101 08:05", "2021-11-01 08:05:00"),
            ("2010-12-01 08:26:00", "2010-12-01 08:26:00"),
            ("2010-12-01T08:26", "2010-12-01 08:26:00"),
            ("31.12.2026 8:26", "2026-12-31 08:26:00"),
            ("12/31/2026 8:26 PM", "2026-12-31 20:26:00"),
            ("12/31/2026 12:00 AM", "2026-12-31 00:00:00"),
            ("5-5-2026", "2026-05-05"),
            ("2017-01-01T11:53:26Z", "2017-01-01T11:53:26.000Z"),
            ("2017-01-01T11:53:26+02:00", "2017-01-01T09:53:26.000Z"),
            ("2017-01-01T11:53:26.5", "2017-01-01 11:53:26.5"),
        ] {
            assert_eq!(read(text, None).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_date_that_can_be_two_needs_the_order() {
        for text in ["01/02/2026", "1.2.2026 08:00", "12-11-2026"] {
            assert_eq!(read(text, None), Err(DateError::Ambiguous), "{text}");
        }
        assert_eq!(read("01/02/2026", Some(DateOrder::DayFirst)).as_deref(), Ok("2026-02-01"));
        assert_eq!(read("01/02/2026", Some(DateOrder::MonthFirst)).as_deref(), Ok("2026-01-02"));
        assert_eq!(read("31/12/2026", Some(DateOrder::MonthFirst)), Err(DateError::NoDate));
        for (text, shown) in [
            ("31/12/2026", Some(DateOrder::DayFirst)),
            ("12/31/2026 8:00", Some(DateOrder::MonthFirst)),
            ("01/02/2026", None),
            ("05/05/2026", None),
            ("2026-12-31", None),
            ("31/31/2026", None),
            ("99/12/2026", None),
        ] {
            assert_eq!(shown_by(text), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "yesterday",
            "2021-13-01",
            "31/12/26",
            "2021-02-30",
            "1/2/3/2026",
            "2021-11-01 25:00",
            "2021-11-01 8",
            "2021-11-01 13:00 PM",
            "2021-11-01 08:60",
            "2026-1",
            "202611",
            "é/é/2026",
        ] {
            assert_eq!(read(text, None), Err(DateError::NoDate), "{text}");
        }
    }
}

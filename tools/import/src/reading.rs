//! How the lines of a file are understood: what was asked for, and what a first look at all of them has shown.

use std::fmt::Write;

use anyhow::{bail, ensure};
use kit_core::Timestamp;

use super::csv_file::{CsvFile, Place, Row};
use super::format::dates::{self, DateError, DateOrder, When};
use super::format::measure::{self, Units};
use super::format::moments::{MomentRules, TimeOfDay, Zone};
use super::format::numbers::{DecimalSign, NumberEvidence, NumberFormat};
use super::format::text::Encoding;

/// How a file is to be read; what is not said is found in the file, or taken as usual.
#[derive(Clone, Debug, Default)]
pub struct ReadingOptions {
    /// What stands between fields.
    pub delimiter: Option<u8>,
    /// The encoding of its text.
    pub encoding: Encoding,
    /// The sign before decimals.
    pub decimal: Option<DecimalSign>,
    /// Whether the day or the month is first where the year is last.
    pub date_order: Option<DateOrder>,
    /// The zone of times without one.
    pub time_zone: Option<Zone>,
    /// The time of day of dates without one.
    pub time_of_day: Option<TimeOfDay>,
    /// How many pieces the units of measure have.
    pub units: Option<Units>,
}

/// The columns of a file that a first look is about.
#[derive(Clone, Debug, Default)]
pub(super) struct Watched {
    /// Those with numbers.
    pub(super) numbers: Vec<usize>,
    /// The one with dates or moments.
    pub(super) moment: Place,
    /// The one with units of measure, and the one that says how many pieces they have.
    pub(super) measure: [Place; 2],
}

/// Whether the lines of a file mean something only together with their moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MomentNeed {
    /// They do, if the file has a column for it: a count says what was there at one moment.
    Exact,
    /// They can do with a moment that never makes stock look greater than it was.
    Safe,
}

/// How the lines of a file are understood.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) numbers: NumberFormat,
    pub(super) moments: MomentRules,
}

/// What all lines of a file show.
#[derive(Debug, Default)]
pub(super) struct Survey {
    numbers: NumberEvidence,
    day_first: Option<Seen>,
    month_first: Option<Seen>,
    ambiguous_date: Option<Seen>,
    date_without_time: Option<Seen>,
    time_without_zone: Option<Seen>,
    measured: Option<Seen>,
}

/// A field and where it is.
#[derive(Clone, Debug)]
struct Seen {
    line: u64,
    column: String,
    text: String,
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {:?}: {:?}", self.line, self.column, self.text)
    }
}

impl ReadingOptions {
    /// A sign that may stand between fields, as people write it: itself, or `tab`.
    pub fn delimiter(text: &str) -> Result<u8, String> {
        match text.as_bytes() {
            _ if text == "tab" || text == "\\t" => Ok(b'\t'),
            [sign] if !sign.is_ascii_alphanumeric() && !b"\"'\r\n".contains(sign) => Ok(*sign),
            _ => Err("give one sign, such as ';', or tab".to_owned()),
        }
    }

    /// The options that decide what lines mean, as they are given on the command line.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut option = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                // writing to a string does not fail
                let _ = write!(text, " --{name} {value}");
            }
        };
        option("decimal", self.decimal.map(|sign| sign.to_string()));
        option("date-order", self.date_order.map(|order| order.to_string()));
        option("time-zone", self.time_zone.as_ref().map(ToString::to_string));
        option("time-of-day", self.time_of_day.map(|time| time.to_string()));
        option("units", self.units.as_ref().map(ToString::to_string));
        option("delimiter", self.delimiter.map(|sign| format!("{:?}", char::from(sign))));
        let other = self.encoding != Encoding::default();
        option("encoding", other.then(|| "windows-1252".to_owned()));
        text.trim_start().to_owned()
    }
}

impl Survey {
    /// Looks at all lines of a file; `each` sees them, too. Fails where the file as a whole cannot be read.
    pub(super) fn read(
        mut csv_file: CsvFile,
        watched: &Watched,
        mut each: impl FnMut(&Row) -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        let mut survey = Self::default();
        while let Some(row) = csv_file.next()? {
            check_breaks(&csv_file, &row)?;
            survey.note(&csv_file, &row, watched);
            each(&row)?;
        }
        Ok(survey)
    }

    fn note(&mut self, csv_file: &CsvFile, row: &Row, watched: &Watched) {
        let seen = |place: Place, text: &str| Seen {
            line: row.line,
            column: csv_file.name_of(place),
            text: text.to_owned(),
        };
        // what is no text is the trouble of its line
        let text = |place: Place| row.text(place).unwrap_or_default();
        for place in &watched.numbers {
            self.numbers.note(text(Some(*place)));
        }
        let (moment, [unit, factor]) = (text(watched.moment), watched.measure);
        if !moment.is_empty() {
            self.note_moment(moment, |text| seen(watched.moment, text));
        }
        if self.measured.is_none() {
            let factor_text = text(factor);
            if !measure::is_piece(text(unit)) {
                self.measured = Some(seen(unit, text(unit)));
            } else if !matches!(factor_text, "" | "1") {
                self.measured = Some(seen(factor, factor_text));
            }
        }
    }

    fn note_moment(&mut self, text: &str, seen: impl Fn(&str) -> Seen) {
        let first = |kept: &mut Option<Seen>| {
            kept.get_or_insert_with(|| seen(text));
        };
        match dates::shown_by(text) {
            Some(DateOrder::DayFirst) => first(&mut self.day_first),
            Some(DateOrder::MonthFirst) => first(&mut self.month_first),
            None => {}
        }
        let mut when = dates::when(text, None);
        if when == Err(DateError::Ambiguous) {
            first(&mut self.ambiguous_date);
            // the order does not matter for what is missing
            when = dates::when(text, Some(DateOrder::DayFirst));
        }
        match when {
            Ok(When::Local(_, None)) => first(&mut self.date_without_time),
            Ok(When::Local(_, Some(_))) => first(&mut self.time_without_zone),
            Ok(When::Moment(_)) | Err(_) => {}
        }
    }

    /// How the lines are understood, or why the file cannot be taken as it is.
    pub(super) fn reading(
        &self,
        options: &ReadingOptions,
        need: MomentNeed,
        begun_at: Timestamp,
    ) -> anyhow::Result<Reading> {
        if let (None, Some(seen)) = (&options.units, &self.measured) {
            bail!(
                "{seen} is a unit of measure, and stock is kept in pieces: say how many pieces it has, such as \
                 --units box=24,dozen=12, or name the column that says it, such as --units conversion_factor"
            );
        }
        if need == MomentNeed::Exact {
            self.check_moments(options)?;
        }
        Ok(Reading {
            numbers: NumberFormat::new(options.decimal, self.numbers),
            moments: MomentRules {
                zone: options.time_zone.clone(),
                time_of_day: options.time_of_day,
                order: self.date_order(options)?,
                begun_at,
            },
        })
    }

    fn check_moments(&self, options: &ReadingOptions) -> anyhow::Result<()> {
        if let (None, Some(seen)) = (options.time_of_day, &self.date_without_time) {
            bail!(
                "{seen} has no time of day, and a count is worth nothing without its moment: write moments like \
                 2026-11-27T18:30:00-03:00, or say --time-of-day close, open or 18:30, and with --time-zone in which zone"
            );
        }
        if let (None, Some(seen)) = (&options.time_zone, &self.time_without_zone) {
            bail!(
                "{seen} has no time zone, and a count is worth nothing without its moment: say the zone, such as \
                 --time-zone America/Sao_Paulo or --time-zone UTC"
            );
        }
        Ok(())
    }

    fn date_order(&self, options: &ReadingOptions) -> anyhow::Result<Option<DateOrder>> {
        if options.date_order.is_some() {
            return Ok(options.date_order);
        }
        match (&self.day_first, &self.month_first, &self.ambiguous_date) {
            (Some(day_first), Some(month_first), Some(_)) => bail!(
                "{day_first} has the day first and {month_first} has the month first: say --date-order dmy or mdy, \
                 and write the other dates with the year first"
            ),
            (Some(_), None, _) => Ok(Some(DateOrder::DayFirst)),
            (None, Some(_), _) => Ok(Some(DateOrder::MonthFirst)),
            (None, None, Some(seen)) => {
                bail!(
                    "{seen} can be two dates: say --date-order dmy (day first) or mdy (month first)"
                )
            }
            _ => Ok(None),
        }
    }
}

/// Refuses a field that has whole lines of the table in it: its quote was meant as a sign for inches, or was forgotten.
fn check_breaks(csv_file: &CsvFile, row: &Row) -> anyhow::Result<()> {
    let separators = csv_file.width().saturating_sub(1);
    let delimiter = csv_file.layout().delimiter;
    if separators < 2 || memchr::memchr(b'\n', row.record.as_slice()).is_none() {
        return Ok(());
    }
    let is_line = |part: &[u8]| memchr::memchr_iter(delimiter, part).count() >= separators;
    let swallowed =
        row.record.iter().any(|field| field.split(|byte| *byte == b'\n').skip(1).any(is_line));
    ensure!(
        !swallowed,
        "line {}: a quoted field goes on over the next lines, which look like lines of the table: close its quote, or \
         double it (\"\") if it belongs to the text",
        row.line
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::ReadingOptions;

    #[test]
    fn a_delimiter_is_one_sign() {
        for (text, expected) in [(";", b';'), ("tab", b'\t'), ("\\t", b'\t'), ("|", b'|')] {
            assert_eq!(ReadingOptions::delimiter(text), Ok(expected), "{text}");
        }
        for wrong in ["", ";;", "a", "\"", "§"] {
            assert!(ReadingOptions::delimiter(wrong).is_err(), "{wrong}");
        }
    }
}

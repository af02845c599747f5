//! Numbers with points and commas, which mean decimals in one file and thousands in another.

use std::borrow::Cow;
use std::fmt;

/// The sign before decimals; the other one stands between thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalSign {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
    /// Numbers are whole, and points and commas both stand between thousands: `1.234` and `1,234`.
    None,
}

impl fmt::Display for DecimalSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Point => "point",
            Self::Comma => "comma",
            Self::None => "none",
        })
    }
}

/// What groups thousands and means nothing else.
const GAPS: [char; 5] = [' ', '\u{a0}', '\u{202f}', '\'', '\u{2019}'];

/// A text that cannot be read as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberError {
    /// It is none.
    NoNumber,
    /// It can be two different ones: a point or comma before its last three digits is one for decimals or thousands.
    Ambiguous,
}

/// The sign that the numbers of a file show to be the one before decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NumberEvidence {
    point: bool,
    comma: bool,
}

/// How the numbers of a file are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NumberFormat {
    /// `None` when neither the options nor the file say it: then only what is clear by itself is read.
    decimal: Option<DecimalSign>,
}

impl NumberEvidence {
    /// Looks at a number.
    pub(crate) fn note(&mut self, text: &str) {
        if is_plain(text) {
            return;
        }
        let Some(sign) = shown_by(split_sign(text).1) else { return };
        if render(text, sign).is_ok() {
            match sign {
                DecimalSign::Point => self.point = true,
                DecimalSign::Comma => self.comma = true,
                DecimalSign::None => {}
            }
        }
    }
}

impl NumberFormat {
    /// Only what is clear by itself is read.
    #[cfg(test)]
    pub(crate) const BY_ITSELF: Self = Self { decimal: None };

    /// The one that was asked for, or else the one that the file shows.
    pub(crate) fn new(asked: Option<DecimalSign>, evidence: NumberEvidence) -> Self {
        let shown = match (evidence.point, evidence.comma) {
            (true, false) => Some(DecimalSign::Point),
            (false, true) => Some(DecimalSign::Comma),
            _ => None,
        };
        Self { decimal: asked.or(shown) }
    }

    /// A number with a point before its decimals and nothing between thousands, such as `-1234.50`.
    pub(crate) fn plain(self, text: &str) -> Result<Cow<'_, str>, NumberError> {
        if is_plain(text) {
            return Ok(Cow::Borrowed(text));
        }
        let sign = self.decimal.or_else(|| shown_by(split_sign(text).1));
        render(text, sign.ok_or(NumberError::Ambiguous)?).map(Cow::Owned)
    }
}

/// Both readings of an ambiguous number: with decimals, and with thousands.
pub(crate) fn both_readings(text: &str) -> [String; 2] {
    let sign = if text.contains('.') { DecimalSign::Point } else { DecimalSign::Comma };
    [sign, DecimalSign::None].map(|sign| render(text, sign).unwrap_or_default())
}

fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn split_sign(text: &str) -> (&str, &str) {
    match text.strip_prefix('-') {
        Some(body) => ("-", body),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The sign before decimals that a number shows by itself; `None` when it is ambiguous.
fn shown_by(body: &str) -> Option<DecimalSign> {
    let count = |sign: char| body.matches(sign).count();
    match (count('.'), count(',')) {
        (0, 0) => Some(DecimalSign::None),
        (1, 0) => decimals_or_thousands(body, '.').then_some(DecimalSign::Point),
        (0, 1) => decimals_or_thousands(body, ',').then_some(DecimalSign::Comma),
        (_, 0) => Some(DecimalSign::Comma),
        (0, _) => Some(DecimalSign::Point),
        _ if body.rfind('.') > body.rfind(',') => Some(DecimalSign::Point),
        _ => Some(DecimalSign::Comma),
    }
}

/// Whether the only sign of a number is one for decimals for sure.
fn decimals_or_thousands(body: &str, sign: char) -> bool {
    let (before, after) = body.split_once(sign).unwrap_or((body, ""));
    let one_group = (1..=3).contains(&before.len()) && !before.starts_with('0');
    after.len() != 3 || !one_group
}

fn render(text: &str, decimal: DecimalSign) -> Result<String, NumberError> {
    let (sign, body) = split_sign(text);
    let (decimal_sign, thousands): (Option<char>, &[char]) = match decimal {
        DecimalSign::Point => (Some('.'), &[',']),
        DecimalSign::Comma => (Some(','), &['.']),
        DecimalSign::None => (None, &['.', ',']),
    };
    let (whole, decimals) = match decimal_sign.and_then(|sign| body.split_once(sign)) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (body, None),
    };
    let is_thousands = |letter: char| thousands.contains(&letter) || GAPS.contains(&letter);
    let groups: Vec<&str> = whole.split(is_thousands).collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let lengths_fit = match groups.as_slice() {
        [_] => true,
        [first, rest @ ..] => first.len() <= 3 && rest.iter().all(|group| group.len() == 3),
        [] => false,
    };
    let is_number = groups.iter().all(|group| digits(group)) && decimals.is_none_or(digits);
    if !lengths_fit || !is_number {
        return Err(NumberError::NoNumber);
    }
    let mut plain = format!("{sign}{}", groups.concat());
    if let Some(decimals) = decimals {
        plain.push('.');
        plain.push_str(decimals);
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BY_ITSELF: Option<DecimalSign> = None;

    fn plain(text: &str, decimal: Option<DecimalSign>) -> Result<String, NumberError> {
        NumberFormat { decimal }.plain(text).map(Cow::into_owned)
    }

    #[test]
    fn numbers_that_are_clear_by_themselves_are_read() {
        for (text, expected) in [
            ("75", "75"),
            ("-3", "-3"),
            ("+4", "4"),
            ("12.0", "12.0"),
            ("12,50", "12.50"),
            ("0.500", "0.500"),
            ("1234.567", "1234.567"),
            ("1234,567", "1234.567"),
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1.234.567", "1234567"),
            ("-1,234,567", "-1234567"),
            ("1.234,567", "1234.567"),
            ("1 000", "1000"),
            ("1\u{a0}000,5", "1000.5"),
            ("12'000", "12000"),
        ] {
            assert_eq!(plain(text, BY_ITSELF).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_sign_before_the_last_three_digits_is_ambiguous() {
        for text in ["1.000", "2.500", "1,200", "-12.345", "999,999"] {
            assert_eq!(plain(text, BY_ITSELF), Err(NumberError::Ambiguous), "{text}");
        }
        assert_eq!(both_readings("1.000"), ["1.000", "1000"]);
        assert_eq!(both_readings("-1,200"), ["-1.200", "-1200"]);
    }

    #[test]
    fn what_was_asked_for_decides() {
        for (text, sign, expected) in [
            ("1.000", DecimalSign::Point, "1.000"),
            ("1.000", DecimalSign::Comma, "1000"),
            ("1.000", DecimalSign::None, "1000"),
            ("1,200", DecimalSign::Point, "1200"),
            ("1,200", DecimalSign::Comma, "1.200"),
            ("1,200", DecimalSign::None, "1200"),
            ("1.234.567,5", DecimalSign::Comma, "1234567.5"),
        ] {
            assert_eq!(plain(text, Some(sign)).as_deref(), Ok(expected), "{text} {sign:?}");
        }
        for (text, sign) in [
            ("12.5", DecimalSign::Comma),
            ("1,5", DecimalSign::Point),
            ("12.50", DecimalSign::None),
            ("1,2345", DecimalSign::Point),
        ] {
            assert_eq!(plain(text, Some(sign)), Err(NumberError::NoNumber), "{text} {sign:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in
            ["", "-", ".5", "5.", "1,,2", "1.2.3", "1.234,5,6", "12 bottles", "1e3", "12 34", "--1"]
        {
            assert_eq!(plain(text, BY_ITSELF), Err(NumberError::NoNumber), "{text}");
        }
    }

    #[test]
    fn the_numbers_of_a_file_say_what_its_signs_mean() {
        let format = |texts: &[&str]| {
            let mut evidence = NumberEvidence::default();
            for text in texts {
                evidence.note(text);
            }
            NumberFormat::new(None, evidence).decimal
        };
        assert_eq!(format(&["75", "1.000", "1,200", "1 000"]), None);
        assert_eq!(format(&["1.000", "12,5"]), Some(DecimalSign::Comma));
        assert_eq!(format(&["1.000", "1.234.567"]), Some(DecimalSign::Comma));
        assert_eq!(format(&["1.000", "29.90"]), Some(DecimalSign::Point));
        assert_eq!(format(&["29.90", "29,90"]), None, "it says both");
        assert_eq!(format(&["1.2.3", "a.b"]), None, "what is no number says nothing");
    }
}

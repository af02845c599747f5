//! What texts in a file mean: quantities, prices, barcodes.

use std::borrow::Cow;

use gondola_store_domain::{Currency, Gtin, Price};

use super::format::numbers::{NumberError, NumberFormat, both_readings};
use super::reject::Reject;

/// A number that a file writes its own way, with a point before decimals; `None` when it is no number.
///
/// What can be two numbers is refused: a wrong guess is a thousandfold off.
pub(super) fn number<'a>(
    text: &'a str,
    what: &str,
    numbers: NumberFormat,
) -> Result<Option<Cow<'a, str>>, Reject> {
    match numbers.plain(text) {
        Ok(plain) => Ok(Some(plain)),
        Err(NumberError::NoNumber) => Ok(None),
        Err(NumberError::Ambiguous) => {
            let [decimals, thousands] = both_readings(text);
            let reason = format!(
                "{what} {text:?} can be {decimals} or {thousands}: say which sign stands before decimals in this file with \
                 --decimal point or --decimal comma (the other one groups thousands), or --decimal none if points and \
                 commas only group thousands"
            );
            Err(Reject::new("ambiguous-number", reason))
        }
    }
}

/// A whole number of units; `12`, `-3` and `12.0` are read, a broken one is not.
pub(super) fn units(text: &str, what: &str, numbers: NumberFormat) -> Result<i64, Reject> {
    let plain = number(text, what, numbers)?;
    let whole = plain.as_deref().and_then(|plain| match plain.split_once('.') {
        Some((whole, decimals)) => decimals.bytes().all(|byte| byte == b'0').then_some(whole),
        None => Some(plain),
    });
    whole.and_then(|whole| whole.parse().ok()).ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        Reject::new("invalid-quantity", format!("{what} {shown:?} is not a whole number of units"))
    })
}

/// A price like `29.90` in a currency; `None` when the text is no price at all.
///
/// A price with more decimals than ISO 4217 gives its currency is refused: what it means cannot be guessed, and a wrong
/// guess is a hundredfold off. So is one in a currency that ISO 4217 does not have, or has without decimals of its own.
pub(super) fn price(
    text: &str,
    what: &str,
    currency: Currency,
    numbers: NumberFormat,
) -> Result<Option<Price>, Reject> {
    let Some(plain) = number(text, what, numbers)? else { return Ok(None) };
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    if whole.starts_with('-') {
        return Ok(None);
    }
    let refused = |reason: String| Reject::new("invalid-price", reason);
    let code = currency.as_str();
    let iso = iso_currency::Currency::from_code(code);
    let places = iso.and_then(iso_currency::Currency::exponent).map(usize::from);
    let places = places.ok_or_else(|| {
        refused(format!("ISO 4217 does not say how many decimals {code} has: use another currency"))
    })?;
    let decimals = decimals.trim_end_matches('0');
    if decimals.len() > places {
        let reason = match places {
            0 => format!("{what} {text:?} has decimals, but {code} has none: give whole units"),
            _ => format!("{what} {text:?} has more than the {places} decimals of {code}: round it"),
        };
        return Err(refused(reason));
    }
    let minor_units = format!("{whole}{decimals:0<places$}").parse().ok();
    Ok(minor_units.and_then(|minor_units| Price::new(minor_units, currency).ok()))
}

/// A barcode. One of 11 digits is a UPC-A whose leading zero was lost by a program that took it for a number.
pub(super) fn gtin(text: &str) -> Option<Gtin> {
    let padded;
    let text = if text.len() == 11 {
        padded = format!("0{text}");
        &padded
    } else {
        text
    };
    Gtin::new(text).ok()
}

/// A store code made from a name such as a country: `United Kingdom` becomes `United-Kingdom`.
pub(super) fn code_of_name(name: &str) -> String {
    let kept = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let code: String = name.chars().map(|letter| if kept(letter) { letter } else { '-' }).collect();
    code.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::format::numbers::{DecimalSign, NumberEvidence};
    use super::*;

    const FOUND: NumberFormat = NumberFormat::BY_ITSELF;

    #[test]
    fn quantities_are_whole_and_may_be_negative() {
        for (text, expected) in [("12", 12), ("-240", -240), ("0", 0), ("3.0", 3), ("+4", 4)] {
            assert_eq!(units(text, "quantity", FOUND), Ok(expected), "{text}");
        }
        for text in ["", "1.5", "1,5", "12 bottles", "1e3", "99999999999999999999", "3."] {
            let reject = units(text, "quantity", FOUND).unwrap_err();
            assert_eq!(reject.code, "invalid-quantity", "{text}");
        }
    }

    #[test]
    fn a_quantity_that_can_be_two_is_told_with_both_and_the_remedy() {
        let reject = units("1.000", "count", FOUND).unwrap_err();
        assert_eq!(reject.code, "ambiguous-number");
        assert!(reject.reason.starts_with("count \"1.000\" can be 1.000 or 1000: "), "{reject:?}");
        assert!(reject.reason.contains("--decimal comma"), "{reject:?}");
        for (sign, expected) in [(DecimalSign::Point, 1), (DecimalSign::Comma, 1_000)] {
            let format = NumberFormat::new(Some(sign), NumberEvidence::default());
            assert_eq!(units("1.000", "count", format), Ok(expected));
        }
    }

    #[test]
    fn prices_have_the_decimals_of_their_currency() {
        let minor = |text, code| {
            let format = NumberFormat::new(Some(DecimalSign::Point), NumberEvidence::default());
            let price = price(text, "price", Currency::new(code).unwrap(), format);
            price.map(|price| price.map(Price::minor_units))
        };
        for (text, code, expected) in [
            ("150.00", "USD", 15_000),
            ("2.5", "GBP", 250),
            ("7", "BRL", 700),
            ("0.001", "KWD", 1),
            ("1.5", "TND", 1_500),
            ("1200", "JPY", 1_200),
            ("1500.00", "PYG", 1_500),
            ("25", "XOF", 25),
        ] {
            assert_eq!(minor(text, code), Ok(Some(expected)), "{text} {code}");
        }
        for bad in ["-1.00", "", ".5", "1,5", "R$ 3", "99999999999999999999"] {
            assert_eq!(minor(bad, "USD"), Ok(None), "{bad}");
        }
        for (text, code, why) in [
            (
                "1500.50",
                "PYG",
                "price \"1500.50\" has decimals, but PYG has none: give whole units",
            ),
            ("1.5", "UGX", "UGX has none"),
            ("1.5", "RWF", "RWF has none"),
            ("1.5", "XAF", "XAF has none"),
            ("2.555", "USD", "more than the 2 decimals of USD"),
            ("0.0001", "KWD", "more than the 3 decimals of KWD"),
            ("1", "QQQ", "ISO 4217 does not say how many decimals QQQ has"),
        ] {
            let reject = minor(text, code).unwrap_err();
            assert_eq!(reject.code, "invalid-price", "{text} {code}");
            assert!(reject.reason.contains(why), "{}", reject.reason);
        }
    }

    #[test]
    fn a_barcode_that_lost_its_leading_zero_gets_it_back() {
        assert_eq!(gtin("80432900703").unwrap().as_str(), "080432900703");
        assert_eq!(gtin("890355001094").unwrap().as_str(), "890355001094");
        assert_eq!(gtin("80432900704"), None);
        assert_eq!(gtin("8043290070"), None);
    }

    #[test]
    fn names_become_codes() {
        assert_eq!(code_of_name("United Kingdom"), "United-Kingdom");
        assert_eq!(code_of_name(" EIRE "), "EIRE");
        assert_eq!(code_of_name("São Paulo / Sul"), "S-o-Paulo---Sul");
        assert_eq!(code_of_name("日本"), "");
    }
}

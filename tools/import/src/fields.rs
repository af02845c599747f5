//! What texts in a file mean: quantities, moments, prices, barcodes.

use gondola_store_domain::{Currency, Gtin, Price};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kit_core::Timestamp;

use super::reject::Reject;

/// A number of units; `12`, `-3` and `12.0` are read, a broken one is not.
pub(super) fn units(text: &str) -> Result<i64, Reject> {
    let whole = match text.split_once('.') {
        Some((whole, decimals))
            if !decimals.is_empty() && decimals.bytes().all(|byte| byte == b'0') =>
        {
            whole
        }
        _ => text,
    };
    whole.parse().map_err(|_| {
        let shown: String = text.chars().take(40).collect();
        Reject::new(
            "invalid-quantity",
            format!("quantity {shown:?} is not a whole number of units"),
        )
    })
}

/// A moment: RFC 3339, or a date with or without a time of day, which is taken as UTC. `None` when it is none of these.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let has_offset = text.get(10..).is_some_and(|rest| rest.contains(['Z', 'z', '+', '-']));
    if has_offset {
        return text.parse().ok();
    }
    let civil: DateTime = text.parse().ok()?;
    let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
    Some(Timestamp::from_millis(zoned.timestamp().as_millisecond()))
}

/// A price like `29.90` in a currency; `None` when the text is no price at all.
///
/// A price with more decimals than ISO 4217 gives its currency is refused: what it means cannot be guessed, and a wrong
/// guess is a hundredfold off. So is one in a currency that ISO 4217 does not have, or has without decimals of its own.
pub(super) fn price(text: &str, currency: Currency) -> Result<Option<Price>, Reject> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) {
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
            0 => format!("price {text:?} has decimals, but {code} has none: give whole units"),
            _ => format!("price {text:?} has more than the {places} decimals of {code}: round it"),
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
    use super::*;

    #[test]
    fn quantities_are_whole_and_may_be_negative() {
        for (text, expected) in [("12", 12), ("-240", -240), ("0", 0), ("3.0", 3), ("+4", 4)] {
            assert_eq!(units(text), Ok(expected), "{text}");
        }
        for text in ["", "1.5", "1,5", "12 bottles", "1e3", "99999999999999999999", "3."] {
            assert_eq!(units(text).unwrap_err().code, "invalid-quantity", "{text}");
        }
    }

    #[test]
    fn moments_come_in_the_forms_of_real_files() {
        let read = |text| moment(text).map(|at| at.to_string());
        assert_eq!(read("2021-11-01").as_deref(), Some("2021-11-01T00:00:00.000Z"));
        assert_eq!(read("2010-12-01 08:26:00").as_deref(), Some("2010-12-01T08:26:00.000Z"));
        assert_eq!(read("2017-01-01T11:53:26Z").as_deref(), Some("2017-01-01T11:53:26.000Z"));
        assert_eq!(read("2017-01-01T11:53:26+02:00").as_deref(), Some("2017-01-01T09:53:26.000Z"));
        for bad in ["", "yesterday", "2021-13-01", "12/1/2010 8:26"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn prices_have_the_decimals_of_their_currency() {
        let minor = |text, code| {
            let price = price(text, Currency::new(code).unwrap());
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
        for bad in ["-1.00", "", ".5", "1,50", "R$ 3", "99999999999999999999"] {
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

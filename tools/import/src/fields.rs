//! What texts in a file mean: quantities, moments, prices, barcodes.

use gondola_store_domain::{Currency, Gtin, Price};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kit_core::Timestamp;

use super::reject::Reject;

/// Currencies without minor units that lists of prices still come in.
const WITHOUT_MINOR_UNITS: [&str; 5] = ["CLP", "ISK", "JPY", "KRW", "VND"];

/// Currencies with a thousand minor units.
const WITH_THREE_DECIMALS: [&str; 7] = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

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

/// A price like `29.90` in a currency; `None` when it is not one, or has more decimals than the currency.
pub(super) fn price(text: &str, currency: Currency) -> Option<Price> {
    let places = match currency.as_str() {
        code if WITHOUT_MINOR_UNITS.contains(&code) => 0,
        code if WITH_THREE_DECIMALS.contains(&code) => 3,
        _ => 2,
    };
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let decimals = decimals.trim_end_matches('0');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || decimals.len() > places || !digits(whole) || !digits(decimals) {
        return None;
    }
    let minor_units: u64 = format!("{whole}{decimals:0<places$}").parse().ok()?;
    Price::new(minor_units, currency).ok()
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
        let minor = |text, code| price(text, Currency::new(code).unwrap()).map(Price::minor_units);
        assert_eq!(minor("150.00", "USD"), Some(15_000));
        assert_eq!(minor("2.5", "GBP"), Some(250));
        assert_eq!(minor("7", "BRL"), Some(700));
        assert_eq!(minor("0.001", "KWD"), Some(1));
        assert_eq!(minor("1200", "JPY"), Some(1_200));
        for bad in ["2.555", "-1.00", "", ".5", "1,50", "R$ 3", "99999999999999999999"] {
            assert_eq!(minor(bad, "USD"), None, "{bad}");
        }
        assert_eq!(minor("1.5", "JPY"), None);
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

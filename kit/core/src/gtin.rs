//! Barcodes: Global Trade Item Numbers with their check digit.

use std::fmt;

/// A barcode: a GTIN of 8, 12, 13 or 14 digits (EAN-8, UPC-A, EAN-13, ITF-14) whose check digit is right.
///
/// Kept with the length it was given in; a list that lost leading zeros must restore them first. Which goods it means is
/// its [`GtinNumber`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gtin(Box<str>);

/// The number of a barcode with 14 digits. Leading zeros make no difference: barcodes of all lengths are one number space.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GtinNumber(Box<str>);

/// The text is not a GTIN.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidGtin {
    /// Not 8, 12, 13 or 14 digits.
    #[error("{text:?} is not a gtin: give 8, 12, 13 or 14 digits, with leading zeros")]
    Shape {
        /// The start of the refused text.
        text: String,
    },
    /// Not 1 to 14 digits.
    #[error("{text:?} is no number of a gtin: give up to 14 digits, leading zeros or not")]
    Number {
        /// The start of the refused text.
        text: String,
    },
    /// The last digit does not fit the others: mistyped or misread.
    #[error("gtin {text:?} is mistyped: its last digit should be {expected}")]
    CheckDigit {
        /// The refused text.
        text: String,
        /// The digit that the others ask for.
        expected: u8,
    },
}

impl Gtin {
    /// The lengths there are, in digits.
    const LENGTHS: [usize; 4] = [8, 12, 13, 14];

    /// Checks and wraps a barcode.
    pub fn new(text: &str) -> Result<Self, InvalidGtin> {
        let digits = text.as_bytes();
        if !Self::LENGTHS.contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
            return Err(InvalidGtin::Shape { text: text.chars().take(40).collect() });
        }
        check_last(text)?;
        Ok(Self(text.into()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number that it is, whatever its length.
    pub fn number(&self) -> GtinNumber {
        GtinNumber::padded(&self.0)
    }
}

impl GtinNumber {
    /// Digits of the longest barcode.
    const DIGITS: usize = 14;

    /// Reads a number that is looked for: a barcode of any length, with or without its leading zeros.
    pub fn new(text: &str) -> Result<Self, InvalidGtin> {
        let digits = (1..=Self::DIGITS).contains(&text.len());
        if !digits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InvalidGtin::Number { text: text.chars().take(40).collect() });
        }
        check_last(text)?;
        Ok(Self::padded(text))
    }

    fn padded(digits: &str) -> Self {
        Self(format!("{digits:0>width$}", width = Self::DIGITS).into())
    }

    /// The 14 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks the last of at least one digit; leading zeros do not change it.
fn check_last(text: &str) -> Result<(), InvalidGtin> {
    let Some((last, others)) = text.as_bytes().split_last() else { return Ok(()) };
    let expected = check_digit(others);
    if last - b'0' == expected {
        Ok(())
    } else {
        Err(InvalidGtin::CheckDigit { text: text.to_owned(), expected })
    }
}

/// What brings the sum to a multiple of ten, digits weighing 3, 1, 3, ... from the right.
fn check_digit(others: &[u8]) -> u8 {
    let weighed = others.iter().rev().zip([3, 1].into_iter().cycle());
    let sum: u8 = weighed.fold(0, |sum, (digit, weight)| (sum + (digit - b'0') * weight) % 10);
    (10 - sum) % 10
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for GtinNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for GtinNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GtinNumber({})", self.0)
    }
}

impl fmt::Debug for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gtin({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn barcodes_of_real_goods_are_accepted() {
        for good in ["96385074", "890355001094", "4006381333931", "10012345678902"] {
            assert_eq!(Gtin::new(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn other_lengths_and_characters_are_refused() {
        for bad in [
            "",
            "1234567",
            "123456789",
            "89035500109",
            "400638133393X",
            "４００６３８１",
            "-4006381333931",
        ] {
            assert!(matches!(Gtin::new(bad), Err(InvalidGtin::Shape { .. })), "{bad:?}");
        }
    }

    #[test]
    fn a_mistyped_barcode_is_told_the_right_digit() {
        let error = Gtin::new("4006381333932").unwrap_err();
        assert_eq!(
            error.to_string(),
            "gtin \"4006381333932\" is mistyped: its last digit should be 1"
        );
    }

    #[test]
    fn barcodes_of_all_lengths_are_one_number_space() {
        let number = |text: &str| Gtin::new(text).unwrap().number();
        assert_eq!(number("890355001094"), number("0890355001094"));
        assert_eq!(number("0890355001094"), number("00890355001094"));
        assert_eq!(number("96385074").as_str(), "00000096385074");
        assert_ne!(number("4006381333931"), number("14006381333938"));
    }

    #[test]
    fn a_number_is_looked_for_with_or_without_its_leading_zeros() {
        for text in ["12345678905", "012345678905", "0012345678905", "00012345678905"] {
            assert_eq!(GtinNumber::new(text).unwrap().as_str(), "00012345678905");
        }
        for bad in ["", "123456789012345", "12 4", "４００６"] {
            assert!(matches!(GtinNumber::new(bad), Err(InvalidGtin::Number { .. })), "{bad:?}");
        }
        let error = GtinNumber::new("12345678906").unwrap_err();
        assert!(error.to_string().ends_with("its last digit should be 5"), "{error}");
    }

    proptest! {
        #[test]
        fn exactly_one_last_digit_fits(others in "[0-9]{7}|[0-9]{11}|[0-9]{12}|[0-9]{13}") {
            let fitting = (0..=9).filter(|last| Gtin::new(&format!("{others}{last}")).is_ok()).count();
            prop_assert_eq!(fitting, 1);
        }

        #[test]
        fn one_wrong_digit_is_always_noticed(others in "[0-9]{12}", at in 0_usize..12, by in 1_u8..10) {
            let mut typed = format!("{others}{}", check_digit(others.as_bytes())).into_bytes();
            typed[at] = (typed[at] - b'0' + by) % 10 + b'0';
            prop_assert!(Gtin::new(std::str::from_utf8(&typed).unwrap()).is_err());
        }
    }
}

//! Barcodes: Global Trade Item Numbers with their check digit.

use std::fmt;

/// A barcode: a GTIN of 8, 12, 13 or 14 digits (EAN-8, UPC-A, EAN-13, ITF-14) whose check digit is right.
///
/// Kept with the length it was given in; a list that lost leading zeros must restore them first.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gtin(Box<str>);

/// The text is not a GTIN.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidGtin {
    /// Not 8, 12, 13 or 14 digits.
    #[error("{text:?} is not a gtin: give 8, 12, 13 or 14 digits, with leading zeros")]
    Shape {
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
        let (given, others) = (digits[digits.len() - 1] - b'0', &digits[..digits.len() - 1]);
        let expected = check_digit(others);
        if given != expected {
            return Err(InvalidGtin::CheckDigit { text: text.to_owned(), expected });
        }
        Ok(Self(text.into()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
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

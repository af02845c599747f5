//! Money: whole minor units of a currency.

use std::fmt;

/// What one unit costs: whole minor units (cents, centavos, yen) of a currency; zero is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Price {
    minor_units: u64,
    currency: Currency,
}

/// An ISO 4217 currency by its three letters, such as `BRL`. Whether it is in circulation is not checked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

/// The amount or currency is not usable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPrice {
    /// More than a price can be.
    #[error("a price must be 0 to {max} minor units, got {minor_units}", max = Price::MINOR_UNITS_MAX)]
    Amount {
        /// What was given.
        minor_units: u64,
    },
    /// Not three capital letters.
    #[error("currency {text:?} must be the three capital letters of ISO 4217, such as \"BRL\"")]
    Currency {
        /// The start of the refused text.
        text: String,
    },
}

impl Price {
    /// Highest price, in minor units; a JSON reader that uses doubles still holds it exactly.
    pub const MINOR_UNITS_MAX: u64 = 1_000_000_000_000;

    /// Checks and wraps an amount.
    pub fn new(minor_units: u64, currency: Currency) -> Result<Self, InvalidPrice> {
        if minor_units > Self::MINOR_UNITS_MAX {
            return Err(InvalidPrice::Amount { minor_units });
        }
        Ok(Self { minor_units, currency })
    }

    /// The amount in minor units.
    pub const fn minor_units(self) -> u64 {
        self.minor_units
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }
}

impl Currency {
    /// Checks and wraps the letters.
    pub fn new(text: &str) -> Result<Self, InvalidPrice> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_uppercase) => Ok(Self(letters)),
            _ => Err(InvalidPrice::Currency { text: text.chars().take(40).collect() }),
        }
    }

    /// The three letters of the code.
    ///
    /// # Panics
    /// Never: the letters are ASCII.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("capital letters are UTF-8")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Currency({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_bounded() {
        let brl = Currency::new("BRL").unwrap();
        assert_eq!(Price::new(0, brl).unwrap().minor_units(), 0);
        let highest = Price::new(Price::MINOR_UNITS_MAX, brl).unwrap();
        assert_eq!(highest.currency().as_str(), "BRL");
        assert!(Price::new(Price::MINOR_UNITS_MAX + 1, brl).is_err());
        assert!(Price::new(u64::MAX, brl).is_err());
    }

    #[test]
    fn currencies_are_three_capital_letters() {
        for bad in ["", "BR", "brl", "BRLL", "R$ ", "B1L", "é1"] {
            let error = Currency::new(bad).unwrap_err().to_string();
            assert!(error.contains(bad) && error.contains("ISO 4217"), "{error}");
        }
    }
}

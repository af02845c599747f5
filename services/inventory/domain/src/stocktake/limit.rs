//! How much a count may differ from the books, and what a difference is worth.

use std::sync::Arc;

use crate::{OutOfRange, StockDelta, StockQuantity};

/// A variance that is small enough: at most so many units, or at most so many percent of what the books say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VarianceLimit {
    units: StockQuantity,
    percent: u8,
}

impl VarianceLimit {
    /// Checks and wraps a limit: 0 to [`StockQuantity::UNITS_MAX`] units, 0 to 100 percent.
    pub fn new(units: i64, percent: i64) -> Result<Self, OutOfRange> {
        let units = StockQuantity::new(units)?;
        match u8::try_from(percent) {
            Ok(percent) if percent <= 100 => Ok(Self { units, percent }),
            _ => Err(OutOfRange {
                what: "variance",
                unit: "percent",
                value: percent,
                min: 0,
                max: 100,
            }),
        }
    }

    /// Units up or down.
    #[must_use]
    pub const fn units(self) -> u32 {
        self.units.get()
    }

    /// Percent of what the books say, 0 to 100.
    #[must_use]
    pub const fn percent(self) -> u8 {
        self.percent
    }

    /// Whether only a count that agrees is within it.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.units.is_zero() && self.percent == 0
    }

    /// Whether a count is within it.
    #[must_use]
    pub fn covers(self, counted: StockQuantity, expected: StockQuantity) -> bool {
        let variance = StockDelta::between(expected, counted).get().unsigned_abs();
        // both sides fit: a hundred times a billion
        variance <= u64::from(self.units.get())
            || variance * 100 <= u64::from(self.percent) * u64::from(expected.get())
    }
}

/// What one unit costs, as the catalogue says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitCost {
    /// Whole minor units: cents, centavos, yen.
    pub minor_units: u64,
    /// The three letters of ISO 4217.
    pub currency: Arc<str>,
}

impl UnitCost {
    /// What a difference is worth, in minor units; `None` beyond what a 64 bit number has.
    #[must_use]
    pub fn of(&self, variance: StockDelta) -> Option<i64> {
        i64::try_from(self.minor_units).ok()?.checked_mul(variance.get())
    }
}

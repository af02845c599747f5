//! Numbers of units: bounded, checked, and never fractions.

use std::fmt;

/// A number that a value object does not allow; it names the number and what is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} {value} {unit} is out of range: give {min} to {max} {unit}")]
pub struct OutOfRange {
    pub(crate) what: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) value: i64,
    pub(crate) min: i64,
    pub(crate) max: i64,
}

impl OutOfRange {
    fn units(what: &'static str, value: i64, min: i64) -> Self {
        Self { what, unit: "units", value, min, max: i64::from(StockQuantity::UNITS_MAX) }
    }
}

/// A number of units that may be there: 0 to [`StockQuantity::UNITS_MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StockQuantity(u32);

impl StockQuantity {
    /// The most units that one stock level can have.
    pub const UNITS_MAX: u32 = 1_000_000_000;
    /// No units.
    pub const ZERO: Self = Self(0);
    /// [`StockQuantity::UNITS_MAX`] units.
    pub const MAX: Self = Self(Self::UNITS_MAX);

    /// Checks and wraps a number of units, 0 to [`StockQuantity::UNITS_MAX`].
    pub fn new(units: i64) -> Result<Self, OutOfRange> {
        match u32::try_from(units) {
            Ok(small) if small <= Self::UNITS_MAX => Ok(Self(small)),
            _ => Err(OutOfRange::units("quantity", units, 0)),
        }
    }

    /// The number of units.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Both together; `None` above [`StockQuantity::UNITS_MAX`].
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let sum = self.0.checked_add(other.0)?;
        (sum <= Self::UNITS_MAX).then_some(Self(sum))
    }

    /// What remains without `other`; `None` below zero.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// What remains without `other`, at least zero.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The quantity after a change; `None` outside 0 to [`StockQuantity::UNITS_MAX`].
    #[must_use]
    pub fn changed_by(self, delta: StockDelta) -> Option<Self> {
        Self::new(i64::from(self.0).checked_add(delta.0)?).ok()
    }

    /// The quantity after a change, brought into 0 to [`StockQuantity::UNITS_MAX`].
    #[must_use]
    pub fn saturating_changed_by(self, delta: StockDelta) -> Self {
        let units = i64::from(self.0).saturating_add(delta.0);
        Self::saturating_new(u64::try_from(units).unwrap_or(0))
    }

    /// A number of units, at most [`StockQuantity::UNITS_MAX`].
    pub(crate) fn saturating_new(units: u64) -> Self {
        u32::try_from(units).map_or(Self::MAX, |units| Self(units.min(Self::UNITS_MAX)))
    }
}

impl fmt::Display for StockQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number of units in a command or event: 1 to [`StockQuantity::UNITS_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PositiveQuantity(u32);

impl PositiveQuantity {
    /// Checks and wraps a number of units, 1 to [`StockQuantity::UNITS_MAX`].
    pub fn new(units: i64) -> Result<Self, OutOfRange> {
        match u32::try_from(units) {
            Ok(small) if (1..=StockQuantity::UNITS_MAX).contains(&small) => Ok(Self(small)),
            _ => Err(OutOfRange::units("quantity", units, 1)),
        }
    }

    /// The number of units.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Both together; `None` above [`StockQuantity::UNITS_MAX`].
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        StockQuantity(self.0).checked_add(StockQuantity(other.0)).map(|sum| Self(sum.0))
    }
}

impl fmt::Display for PositiveQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<PositiveQuantity> for StockQuantity {
    fn from(quantity: PositiveQuantity) -> Self {
        Self(quantity.0)
    }
}

impl TryFrom<StockQuantity> for PositiveQuantity {
    type Error = OutOfRange;

    fn try_from(quantity: StockQuantity) -> Result<Self, OutOfRange> {
        Self::new(i64::from(quantity.0))
    }
}

/// A signed change of a stock level: at most [`StockQuantity::UNITS_MAX`] units up or down.
///
/// Zero is allowed: it is what a count finds when the shelf agrees with the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StockDelta(i64);

impl StockDelta {
    const UNITS_MAX: i64 = StockQuantity::UNITS_MAX as i64;
    /// No change.
    pub const ZERO: Self = Self(0);

    /// Checks and wraps a change in units, -[`StockQuantity::UNITS_MAX`] to [`StockQuantity::UNITS_MAX`].
    pub fn new(units: i64) -> Result<Self, OutOfRange> {
        if (-Self::UNITS_MAX..=Self::UNITS_MAX).contains(&units) {
            Ok(Self(units))
        } else {
            Err(OutOfRange::units("stock change", units, -Self::UNITS_MAX))
        }
    }

    /// The change that leads from one quantity to another.
    #[must_use]
    pub fn between(from: StockQuantity, to: StockQuantity) -> Self {
        Self(i64::from(to.0) - i64::from(from.0))
    }

    /// The change in units; negative when stock goes away.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The change that takes away what this one brings.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self(-self.0)
    }

    /// Whether nothing changes.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl From<PositiveQuantity> for StockDelta {
    fn from(quantity: PositiveQuantity) -> Self {
        Self(i64::from(quantity.0))
    }
}

impl fmt::Display for StockDelta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX: i64 = 1_000_000_000;

    #[test]
    fn quantities_have_bounds() {
        for units in [0, 1, MAX] {
            assert_eq!(i64::from(StockQuantity::new(units).unwrap().get()), units);
        }
        for units in [-1, MAX + 1, i64::MIN, i64::MAX, 1 << 32] {
            assert!(StockQuantity::new(units).is_err(), "{units} must be refused");
            assert!(PositiveQuantity::new(units).is_err(), "{units} must be refused");
        }
        assert!(PositiveQuantity::new(0).is_err());
        assert_eq!(PositiveQuantity::new(MAX).unwrap().get(), StockQuantity::UNITS_MAX);
    }

    #[test]
    fn changes_have_bounds() {
        for units in [-MAX, -1, 0, 1, MAX] {
            assert_eq!(StockDelta::new(units).unwrap().get(), units);
        }
        for units in [-MAX - 1, MAX + 1, i64::MIN, i64::MAX] {
            assert!(StockDelta::new(units).is_err(), "{units} must be refused");
        }
    }

    #[test]
    fn an_error_names_the_value_and_the_bounds() {
        let error = PositiveQuantity::new(-7).unwrap_err();
        assert_eq!(
            error.to_string(),
            "quantity -7 units is out of range: give 1 to 1000000000 units"
        );
    }

    #[test]
    fn arithmetic_is_checked() {
        let (one, max) = (StockQuantity::new(1).unwrap(), StockQuantity::MAX);
        assert_eq!(max.checked_add(one), None);
        assert_eq!(StockQuantity::ZERO.checked_sub(one), None);
        assert_eq!(StockQuantity::ZERO.saturating_sub(one), StockQuantity::ZERO);
        assert_eq!(one.checked_add(one), StockQuantity::new(2).ok());
        assert_eq!(max.changed_by(StockDelta::new(1).unwrap()), None);
        assert_eq!(one.changed_by(StockDelta::new(-2).unwrap()), None);
        assert_eq!(one.changed_by(StockDelta::new(-1).unwrap()), Some(StockQuantity::ZERO));
        let most = PositiveQuantity::new(MAX).unwrap();
        assert_eq!(most.checked_add(PositiveQuantity::new(1).unwrap()), None);
    }

    #[test]
    fn history_saturates() {
        let one = StockQuantity::new(1).unwrap();
        let (up, down) = (StockDelta::new(MAX).unwrap(), StockDelta::new(-MAX).unwrap());
        assert_eq!(one.saturating_changed_by(up), StockQuantity::MAX);
        assert_eq!(one.saturating_changed_by(down), StockQuantity::ZERO);
        assert_eq!(StockQuantity::saturating_new(u64::MAX), StockQuantity::MAX);
        assert_eq!(StockQuantity::saturating_new(1 << 31), StockQuantity::MAX);
    }

    #[test]
    fn a_change_leads_from_one_quantity_to_another() {
        let (low, high) = (StockQuantity::new(3).unwrap(), StockQuantity::MAX);
        assert_eq!(low.changed_by(StockDelta::between(low, high)), Some(high));
        assert_eq!(high.changed_by(StockDelta::between(high, low)), Some(low));
        assert_eq!(StockDelta::between(low, StockQuantity::ZERO).to_string(), "-3");
    }
}

//! How a supplier delivers: after how many days, from which quantity on, and in which steps.

/// Whole days from an order to its delivery: 0 to 730.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeadTime {
    days: u16,
}

/// Days that no delivery takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a lead time must be 0 to {max} whole days, got {days}", max = LeadTime::DAYS_MAX)]
pub struct InvalidLeadTime {
    /// The refused number of days.
    pub days: u64,
}

impl LeadTime {
    /// The longest: two years.
    pub const DAYS_MAX: u16 = 730;

    /// Checks and wraps a number of days.
    pub fn from_days(days: u64) -> Result<Self, InvalidLeadTime> {
        let fitting = u16::try_from(days).ok().filter(|days| *days <= Self::DAYS_MAX);
        fitting.map(|days| Self { days }).ok_or(InvalidLeadTime { days })
    }

    /// The number of days.
    #[must_use]
    pub const fn as_days(self) -> u16 {
        self.days
    }
}

/// Units of a product that are ordered together: 1 to 1,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderQuantity(u32);

/// Units that nobody orders together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a quantity to order must be 1 to {max} units, got {units}", max = OrderQuantity::MAX)]
pub struct InvalidOrderQuantity {
    /// The refused number of units.
    pub units: u64,
}

impl OrderQuantity {
    /// One unit: what holds where nothing is said.
    pub const ONE: Self = Self(1);
    /// The greatest quantity.
    pub const MAX: u32 = 1_000_000;

    /// Checks and wraps a number of units.
    pub fn new(units: u64) -> Result<Self, InvalidOrderQuantity> {
        let fitting = u32::try_from(units).ok().filter(|units| (1..=Self::MAX).contains(units));
        fitting.map(Self).ok_or(InvalidOrderQuantity { units })
    }

    /// The number of units.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lead_times_are_bounded() {
        for days in [0, 1, 730] {
            assert_eq!(u64::from(LeadTime::from_days(days).unwrap().as_days()), days);
        }
        for days in [731, 65_536, u64::MAX] {
            let error = LeadTime::from_days(days).unwrap_err().to_string();
            assert!(error.contains(&days.to_string()) && error.contains("0 to 730"), "{error}");
        }
    }

    #[test]
    fn quantities_to_order_are_bounded() {
        for units in [1, 12, 1_000_000] {
            assert_eq!(u64::from(OrderQuantity::new(units).unwrap().get()), units);
        }
        for units in [0, 1_000_001, u64::MAX] {
            let error = OrderQuantity::new(units).unwrap_err().to_string();
            assert!(error.contains(&units.to_string()), "{error}");
        }
    }
}

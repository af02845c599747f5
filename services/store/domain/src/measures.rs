//! How large and how heavy a unit of a product is.

/// How large and how heavy a unit of a product is, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// From side to side, in millimetres.
    pub width: Option<Measure>,
    /// From bottom to top, in millimetres.
    pub height: Option<Measure>,
    /// From front to back, in millimetres.
    pub depth: Option<Measure>,
    /// With its packing, in grams.
    pub weight: Option<Measure>,
    /// Of what is in it, in millilitres.
    pub volume: Option<Measure>,
}

/// A whole number of millimetres, grams or millilitres: 1 to 100,000,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measure(u32);

/// A measure that no unit has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a measure must be 1 to {max} whole millimetres, grams or millilitres, got {value}; leave out what is not known",
    max = Measure::MAX
)]
pub struct InvalidMeasure {
    /// The refused measure.
    pub value: u64,
}

impl Measure {
    /// The greatest measure: 100 km, 100 t or 100 m³.
    pub const MAX: u32 = 100_000_000;

    /// Checks and wraps a number.
    pub fn new(value: u64) -> Result<Self, InvalidMeasure> {
        let fitting = u32::try_from(value).ok().filter(|value| (1..=Self::MAX).contains(value));
        fitting.map(Self).ok_or(InvalidMeasure { value })
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_bounded() {
        for value in [1, 750, 100_000_000] {
            assert_eq!(u64::from(Measure::new(value).unwrap().get()), value);
        }
        for value in [0, 100_000_001, u64::MAX] {
            let error = Measure::new(value).unwrap_err().to_string();
            assert!(error.contains(&value.to_string()), "{error}");
        }
    }
}

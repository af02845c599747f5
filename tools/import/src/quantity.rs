//! The quantity of a line, in pieces.

use anyhow::{bail, ensure};

use super::csv_file::{Column, CsvFile, Place, Row};
use super::fields;
use super::format::measure::{self, Units};
use super::format::numbers::NumberFormat;
use super::reject::Reject;

const UNIT: Column = Column {
    what: "unit of measure",
    names: &["uom", "unit_of_measure", "unit", "measure_unit", "quantity_unit"],
};
const FACTOR: Column = Column {
    what: "number of pieces",
    names: &["conversion_factor", "units_per_uom", "pieces_per_unit", "unit_factor"],
};

/// Where the quantity of a line is, and how many pieces its unit has.
#[derive(Clone, Debug)]
pub(super) struct QuantityColumns {
    what: &'static str,
    pub(super) quantity: Place,
    unit: Place,
    factor: Place,
    /// The pieces by the name of the unit, if they were given so.
    units: Option<Units>,
}

impl QuantityColumns {
    /// Finds the columns.
    pub(super) fn find(
        csv_file: &CsvFile,
        quantity: &Column,
        units: Option<&Units>,
    ) -> anyhow::Result<Self> {
        let unit = csv_file.find(&UNIT);
        let mut factor = csv_file.find(&FACTOR);
        match units {
            Some(Units::ByColumn(name)) => {
                factor = csv_file.find_name(name);
                ensure!(factor.is_some(), "the file has no column {name:?} for --units");
            }
            Some(Units::ByName(_)) if unit.is_none() => bail!(
                "the file has no column for the {}, which --units is about: name one of {} in its first line",
                UNIT.what,
                UNIT.names.join(", ")
            ),
            Some(Units::ByName(_)) | None => {}
        }
        let quantity_place = csv_file.require(quantity)?;
        Ok(Self {
            what: quantity.what,
            quantity: quantity_place,
            unit,
            factor,
            units: units.cloned(),
        })
    }

    /// The columns that say what the quantity is counted in.
    pub(super) fn measure(&self) -> [Place; 2] {
        [self.unit, self.factor]
    }

    /// The pieces of a line.
    pub(super) fn read(&self, row: &Row, numbers: NumberFormat) -> Result<i64, Reject> {
        let quantity = fields::units(row.required(self.quantity, self.what)?, self.what, numbers)?;
        let factor = self.factor(row, numbers)?;
        quantity.checked_mul(factor).ok_or_else(|| {
            let reason = format!("{} {quantity} times {factor} pieces is too many", self.what);
            Reject::new("invalid-quantity", reason)
        })
    }

    fn factor(&self, row: &Row, numbers: NumberFormat) -> Result<i64, Reject> {
        let unit = row.text(self.unit)?;
        let unknown = || {
            let reason = format!(
                "unit {unit:?} has no known number of pieces: say it, such as --units {unit}=24"
            );
            Reject::new("unknown-unit", reason)
        };
        match &self.units {
            Some(Units::ByColumn(_)) => match row.text(self.factor)? {
                "" if measure::is_piece(unit) => Ok(1),
                "" => Err(unknown()),
                text => fields::units(text, FACTOR.what, numbers).and_then(|factor| {
                    let zero =
                        || Reject::new("invalid-quantity", "a unit must have at least one piece");
                    if factor > 0 { Ok(factor) } else { Err(zero()) }
                }),
            },
            Some(Units::ByName(pieces)) => match pieces.get(&unit.to_lowercase()) {
                Some(factor) => Ok(i64::from(*factor)),
                None if measure::is_piece(unit) => Ok(1),
                None => Err(unknown()),
            },
            None => Ok(1),
        }
    }
}

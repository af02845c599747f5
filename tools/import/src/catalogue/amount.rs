//! Amounts of money in files of the catalogue.

use gondola_store_domain::{Currency, Price};

use super::Fields;
use crate::csv_file::{Column, Place};
use crate::fields;
use crate::format::numbers::NumberFormat;
use crate::reject::Reject;

/// Where an amount of money is: with decimals, or in minor units, and in which currency.
pub(super) struct Amount {
    pub(super) decimal: (Place, &'static Column),
    pub(super) minor_units: Place,
    pub(super) currency: (Place, &'static Column),
}

impl Amount {
    /// In what it is, where the line says.
    pub(super) fn currency(&self, fields: &mut Fields<'_>) -> Result<Option<Currency>, Reject> {
        let (place, column) = self.currency;
        fields.read(place, column, |text| Currency::new(text).ok())
    }

    /// The amount; without a currency it means nothing.
    pub(super) fn read(
        &self,
        fields: &mut Fields<'_>,
        currency: Option<Currency>,
        numbers: NumberFormat,
    ) -> Result<Option<Price>, Reject> {
        let (place, column) = self.decimal;
        let minor_units = fields.read(self.minor_units, column, |text| {
            Price::new(text.parse().ok()?, currency?).ok()
        })?;
        if minor_units.is_some() {
            return Ok(minor_units);
        }
        let text = fields.row.text(place)?;
        let price = match currency {
            Some(currency) if !text.is_empty() => {
                fields::price(text, column.what, currency, numbers)?
            }
            _ => None,
        };
        fields.read(place, column, |_| price)
    }
}

//! The parts of bodies about products: words, money, measures.

use gondola_store_domain::{
    Currency, InvalidMeasure, InvalidPrice, Measure, Measures, Price, ProductStatus,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::word::word_list;

word_list! {
    /// Whether a product is still sold.
    ProductStatusWord as ProductStatus of ProductStatus {
        /// It is.
        Active,
        /// It is not ordered again; what is left may be sold.
        Discontinued,
    }
}

/// Money in whole minor units.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = UnitPrice)]
pub(super) struct PriceBody {
    /// Cents, centavos, yen.
    #[schema(maximum = 1_000_000_000_000_i64, example = 29_990)]
    minor_units: u64,
    /// Three letters of ISO 4217.
    #[schema(min_length = 3, max_length = 3, example = "BRL")]
    currency: String,
}

impl PriceBody {
    pub(super) fn domain(&self) -> Result<Price, InvalidPrice> {
        Price::new(self.minor_units, Currency::new(&self.currency)?)
    }

    pub(super) fn of(price: Price) -> Self {
        Self { minor_units: price.minor_units(), currency: price.currency().to_string() }
    }
}

/// How large and how heavy one unit is, as far as it is known; each from 1 to 100,000,000.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = Measures)]
pub(super) struct MeasuresBody {
    /// From side to side, in millimetres.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100_000_000, example = 80)]
    width_mm: Option<u32>,
    /// From bottom to top, in millimetres.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100_000_000, example = 300)]
    height_mm: Option<u32>,
    /// From front to back, in millimetres.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100_000_000, example = 80)]
    depth_mm: Option<u32>,
    /// With its packing, in grams.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100_000_000, example = 1250)]
    weight_g: Option<u32>,
    /// Of what is in it, in millilitres.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100_000_000, example = 750)]
    volume_ml: Option<u32>,
}

impl MeasuresBody {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn domain(&self) -> Result<Measures, InvalidMeasure> {
        let measure =
            |value: Option<u32>| value.map(|value| Measure::new(value.into())).transpose();
        Ok(Measures {
            width: measure(self.width_mm)?,
            height: measure(self.height_mm)?,
            depth: measure(self.depth_mm)?,
            weight: measure(self.weight_g)?,
            volume: measure(self.volume_ml)?,
        })
    }

    pub(super) fn of(measures: &Measures) -> Self {
        Self {
            width_mm: measures.width.map(Measure::get),
            height_mm: measures.height.map(Measure::get),
            depth_mm: measures.depth.map(Measure::get),
            weight_g: measures.weight.map(Measure::get),
            volume_ml: measures.volume.map(Measure::get),
        }
    }
}

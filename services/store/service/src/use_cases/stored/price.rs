//! How a price is stored.

use gondola_store_domain::{Currency, InvalidPrice, Price};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StoredPrice {
    minor_units: u64,
    currency: String,
}

impl StoredPrice {
    /// A price as it is stored.
    pub(super) fn of(price: Price) -> Self {
        Self { minor_units: price.minor_units(), currency: price.currency().to_string() }
    }

    /// The price that was stored.
    pub(super) fn read(self) -> Result<Price, InvalidPrice> {
        Price::new(self.minor_units, Currency::new(&self.currency)?)
    }
}

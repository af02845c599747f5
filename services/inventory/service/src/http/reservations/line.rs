//! One line of a basket, of a commit or of a release.

use gondola_inventory_domain::{Part, PositiveQuantity};
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::fields::positive;
use crate::http::names::product_ref;
use crate::use_cases::ProductRef;

/// One line of a basket, of a commit or of a release.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"productSku": "PROD123456", "quantity": 1}))]
pub(in crate::http) struct BasketLine {
    /// The product, by id; this, `productSku` or `productGtin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// The product, by its SKU in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    product_sku: Option<String>,
    /// The product, by its barcode: 8, 12, 13 or 14 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 8, max_length = 14)]
    product_gtin: Option<String>,
    /// How many units.
    #[schema(minimum = 1, maximum = 1_000_000_000, example = 1)]
    quantity: i64,
}

impl BasketLine {
    pub(in crate::http) fn parse(&self) -> Result<(ProductRef, PositiveQuantity), Problem> {
        let (sku, gtin) = (self.product_sku.as_deref(), self.product_gtin.as_deref());
        let product = product_ref(self.product_id, sku, gtin)?;
        Ok((product, positive("quantity", self.quantity)?))
    }
}

/// The part of a reservation that a body names: units of its only line, or lines; all of it when it names none.
pub(super) fn part(
    quantity: Option<i64>,
    lines: Option<&[BasketLine]>,
) -> Result<Part<ProductRef>, Problem> {
    match (quantity, lines) {
        (None, None) => Ok(Part::All),
        (Some(units), None) => Ok(Part::Units(positive("quantity", units)?)),
        (None, Some(lines)) => {
            Ok(Part::Lines(lines.iter().map(BasketLine::parse).collect::<Result<_, _>>()?))
        }
        (Some(_), Some(_)) => Err(Problem::invalid("lines", "give quantity or lines, not both")),
    }
}

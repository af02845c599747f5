//! One line of a basket or of a commit.

use gondola_inventory_domain::PositiveQuantity;
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::fields::positive;
use crate::http::names::product_ref;
use crate::use_cases::ProductRef;

/// One line of a basket or of a commit.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"productSku": "PROD123456", "quantity": 1}))]
pub(in crate::http) struct BasketLine {
    /// The product, by id; this or `productSku`.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// The product, by its SKU in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    product_sku: Option<String>,
    /// How many units.
    #[schema(minimum = 1, maximum = 1_000_000_000, example = 1)]
    quantity: i64,
}

impl BasketLine {
    pub(super) fn parse(&self) -> Result<(ProductRef, PositiveQuantity), Problem> {
        let product = product_ref(self.product_id, self.product_sku.as_deref())?;
        Ok((product, positive("quantity", self.quantity)?))
    }
}

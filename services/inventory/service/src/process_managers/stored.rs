//! What the stored events of processes have in common: lines and reasons.

use gondola_inventory_domain::{PositiveQuantity, ProductId, Reason};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a stored event is not what it should be.
pub(super) type Unreadable = Box<dyn std::error::Error + Send + Sync>;

/// Units of one product.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EventLine)]
pub(super) struct StoredLine {
    #[schema(value_type = Uuid)]
    product_id: ProductId,
    quantity: i64,
}

/// A shape as JSON.
pub(super) fn json(value: &impl Serialize) -> Box<str> {
    // plain structs of numbers and texts always serialise
    serde_json::to_string(value).unwrap_or_default().into()
}

pub(super) fn read_reason(stored: Option<String>) -> Result<Option<Reason>, Unreadable> {
    Ok(stored.map(|text| Reason::new(&text)).transpose()?)
}

pub(super) fn read_lines(
    stored: &[StoredLine],
) -> Result<Vec<(ProductId, PositiveQuantity)>, Unreadable> {
    let line = |line: &StoredLine| Ok((line.product_id, PositiveQuantity::new(line.quantity)?));
    stored.iter().map(line).collect()
}

pub(super) fn stored_lines(lines: &[(ProductId, PositiveQuantity)]) -> Vec<StoredLine> {
    let line = |(product_id, quantity): &(ProductId, PositiveQuantity)| StoredLine {
        product_id: *product_id,
        quantity: i64::from(quantity.get()),
    };
    lines.iter().map(line).collect()
}

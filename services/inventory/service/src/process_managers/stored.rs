//! What the stored events of processes have in common: lines, reasons, and the personal compartment.

use gondola_inventory_domain::{CustomerRef, PositiveQuantity, ProductId, Reason};
use serde::{Deserialize, Serialize};

/// Why a stored event is not what it should be.
pub(super) type Unreadable = Box<dyn std::error::Error + Send + Sync>;

/// Units of one product.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StoredLine {
    product_id: ProductId,
    quantity: i64,
}

/// The personal compartment, as that of the events of stock.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Personal {
    customer_id: String,
}

impl Personal {
    /// Who it is for.
    pub(super) fn of(customer: &CustomerRef) -> Self {
        Self { customer_id: customer.as_str().to_owned() }
    }

    /// Whom a stored compartment names.
    pub(super) fn read(stored: &str) -> Result<CustomerRef, Unreadable> {
        let Self { customer_id } = serde_json::from_str(stored)?;
        Ok(CustomerRef::new(&customer_id)?)
    }
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

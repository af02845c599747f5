//! Integration events of the notification context: confirmed orders.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An order whose checkout is committed: its units are sold. Who bought is not told; `orderId` leads there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderConfirmedEvent {
    /// The checkout.
    pub checkout_id: Uuid,
    /// The store that serves it.
    pub store_id: Uuid,
    /// The order, if the checkout named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// The sale.
    pub transaction_id: String,
    /// How many of which.
    pub lines: Vec<ConfirmedLine>,
}

/// Units of one product of a confirmed order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmedLine {
    /// The product.
    pub product_id: Uuid,
    /// How many units; at least 1.
    pub quantity: u32,
}

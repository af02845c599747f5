//! One line of a batch, as a till sends it.

use gondola_inventory_domain::{PosLine, PosLineId, ProductId, StockDelta, TransactionRef};
use kit_core::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::faults::Faults;
use crate::http::names::{ONE_NAME, product_ref};
use crate::use_cases::ProductRef;

/// What a line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) enum PosLineType {
    /// Units left with a customer.
    Sale,
    /// Units came back.
    Return,
}

/// Units of one product that were sold or returned.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "productSku": "PROD123456", "quantity": 2, "occurredAt": "2026-11-27T10:15:30Z", "transactionId": "R-4711"
}))]
pub(in crate::http) struct PosBatchLine {
    /// The till's own name of the line, unique within the batch; the line's place when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    line_id: Option<String>,
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
    /// How many units: sold, or with `type` `return` returned. Less than zero is a return too, without `type`. Not zero.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = 2)]
    quantity: i64,
    /// What it tells; by the sign of `quantity` when absent.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    line_type: Option<PosLineType>,
    /// When, by the till's clock, RFC 3339: at most 400 days ago, and at most 5 minutes ahead of the server, which then counts
    /// as now.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    /// The receipt.
    #[schema(min_length = 1, max_length = 100)]
    transaction_id: String,
}

/// What is known of a line before its product is looked up.
pub(super) struct ReadLine {
    id: Option<PosLineId>,
    product: ProductRef,
    change: StockDelta,
    occurred_at: Timestamp,
    transaction: TransactionRef,
}

impl ReadLine {
    /// How the till names the product.
    pub(super) const fn product(&self) -> &ProductRef {
        &self.product
    }

    /// The line, once its product is known.
    pub(super) fn of(self, product: ProductId) -> PosLine {
        let Self { id, change, occurred_at, transaction, .. } = self;
        PosLine { id, product, change, occurred_at, transaction }
    }
}

impl PosBatchLine {
    /// Reads a line at a place; nothing once its faults are noted.
    pub(super) fn read(&self, place: usize, faults: &mut Faults) -> Option<ReadLine> {
        let at = |field: &'static str| move || format!("/lines/{place}/{field}");
        let id = self.line_id.as_deref().map(PosLineId::new).transpose();
        let id = faults.take(at("lineId"), id);
        let (sku, gtin) = (self.product_sku.as_deref(), self.product_gtin.as_deref());
        let named = match (self.product_id, gtin) {
            (Some(_), _) => "productId",
            (None, Some(_)) => "productGtin",
            (None, None) => "productSku",
        };
        let product = product_ref(self.product_id, sku, gtin);
        let wrong = format!(
            "{ONE_NAME}: an id, a SKU of 1 to 64 printable characters, or a GTIN with its check digit"
        );
        let product = faults.take(at(named), product.map_err(|_| wrong));
        let change = faults.take(at("quantity"), self.change());
        let transaction = TransactionRef::new(&self.transaction_id);
        let transaction = faults.take(at("transactionId"), transaction);
        Some(ReadLine {
            id: id?,
            product: product?,
            change: change?,
            occurred_at: self.occurred_at,
            transaction: transaction?,
        })
    }

    /// What it changes on the shelf.
    fn change(&self) -> Result<StockDelta, String> {
        let units = match (self.line_type, self.quantity) {
            (_, 0) => return Err("a line has 1 unit or more, not 0: leave the line out".to_owned()),
            (Some(_), ..0) => {
                let why = "a quantity below zero is a return by itself: give it without type, or above zero with it";
                return Err(why.to_owned());
            }
            (Some(PosLineType::Return), units) => units,
            (_, units) => units.checked_neg().unwrap_or(i64::MAX),
        };
        StockDelta::new(units).map_err(|error| error.to_string())
    }

    /// The till's own name of it.
    pub(super) fn line_id(&self) -> Option<&str> {
        self.line_id.as_deref()
    }
}

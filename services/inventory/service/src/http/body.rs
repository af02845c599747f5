//! Request bodies: their shapes, and the domain's commands that they become.

use gondola_inventory_domain::{
    AddStock, AdjustStock, Command, CountStock, CustomerRef, InvalidText, OnShortage, OrderRef,
    OutOfRange, PositiveQuantity, Reason, Reference, ReservationId, ReserveStock, SetStockPolicy,
    StockDelta, StockQuantity, TimeToLive, TransactionRef,
};
use kit_core::Timestamp;
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::names::{product_ref, store_ref};
use crate::use_cases::{ProductRef, StoreRef};

/// Declares bodies about one stock level: the four ways to name it come first, unknown fields are refused.
macro_rules! stock_bodies {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })+) => {$(
        #[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        $(#[$meta])*
        pub(super) struct $name {
            /// The store, by id; this or `storeCode`.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(example = "11111111-1111-1111-1111-111111111111")]
            store_id: Option<Uuid>,
            /// The store, by its code in the catalogue.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(max_length = 64)]
            store_code: Option<String>,
            /// The product, by id; this or `productSku`.
            #[serde(skip_serializing_if = "Option::is_none")]
            product_id: Option<Uuid>,
            /// The product, by its SKU in the catalogue.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(max_length = 64, example = "PROD123456")]
            product_sku: Option<String>,
            $($(#[$field_doc])* $field: $kind,)*
        }

        impl $name {
            pub(super) fn level(&self) -> Result<(StoreRef, ProductRef), Problem> {
                let store = store_ref(self.store_id, self.store_code.as_deref())?;
                let product = product_ref(self.product_id, self.product_sku.as_deref())?;
                Ok((store, product))
            }
        }
    )+};
}

stock_bodies! {
    /// Units arrived.
    #[schema(example = json!({"storeId": "11111111-1111-1111-1111-111111111111", "productSku": "PROD123456", "quantity": 100, "reason": "Delivery"}))]
    AddStockRequest {
        /// How many units.
        #[schema(minimum = 1, maximum = 1_000_000_000, example = 100)]
        quantity: i64,
        /// Why, in people's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200, example = "Delivery")]
        reason: Option<String>,
        /// What it belongs to, such as a delivery note.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200)]
        reference: Option<String>,
        /// When they arrived, RFC 3339; now when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        occurred_at: Option<Timestamp>,
    }
    /// Units appeared or went away other than by delivery or sale.
    #[schema(example = json!({"storeId": "11111111-1111-1111-1111-111111111111", "productSku": "PROD123456", "delta": -2, "reason": "Breakage"}))]
    AdjustStockRequest {
        /// The change in units; not zero.
        #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = -2)]
        delta: i64,
        /// Why, in people's words.
        #[schema(min_length = 1, max_length = 200, example = "Breakage")]
        reason: String,
        /// What it belongs to.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200)]
        reference: Option<String>,
        /// When it happened, RFC 3339; now when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        occurred_at: Option<Timestamp>,
        /// What to do when promised units are gone.
        #[serde(default)]
        on_shortage: Shortage,
    }
    /// Somebody counted the shelf.
    #[schema(example = json!({"storeId": "11111111-1111-1111-1111-111111111111", "productSku": "PROD123456", "counted": 98, "reason": "Stocktake"}))]
    CountStockRequest {
        /// What lay there, promised units included.
        #[schema(minimum = 0, maximum = 1_000_000_000, example = 98)]
        counted: i64,
        /// Why, in people's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200, example = "Stocktake")]
        reason: Option<String>,
        /// What it belongs to, such as a stocktake.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200)]
        reference: Option<String>,
        /// When it was counted, RFC 3339; now when absent. Movements recorded since then are not undone.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        occurred_at: Option<Timestamp>,
        /// What to do when promised units are gone.
        #[serde(default)]
        on_shortage: Shortage,
    }
    /// What is kept back and when to reorder; an absent value stays as it is.
    #[schema(example = json!({"storeId": "11111111-1111-1111-1111-111111111111", "productSku": "PROD123456", "safetyStock": 2, "reorderPoint": 10}))]
    StockPolicyRequest {
        /// Units that are not offered.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0, maximum = 1_000_000_000, example = 2)]
        safety_stock: Option<i64>,
        /// Reorder at or below so many available units.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0, maximum = 1_000_000_000, example = 10)]
        reorder_point: Option<i64>,
    }
    /// Promise units of one product until a deadline.
    #[schema(example = json!({"storeId": "11111111-1111-1111-1111-111111111111", "productSku": "PROD123456", "quantity": 5, "reason": "Online order checkout"}))]
    ReserveRequest {
        /// How many units; all or none.
        #[schema(minimum = 1, maximum = 1_000_000_000, example = 5)]
        quantity: i64,
        /// Why, in people's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200, example = "Online order checkout")]
        reason: Option<String>,
        /// The caller's own id of the promise; it also makes a repetition harmless. Made by the server when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        reservation_id: Option<Uuid>,
        /// Who it is for; personal data, kept apart and never logged.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 100, example = "CUST12345")]
        customer_id: Option<String>,
        /// The order that it is for.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 100)]
        order_id: Option<String>,
        /// Seconds until the deadline; 300 when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 1, maximum = 86_400, example = 300)]
        ttl_seconds: Option<i64>,
    }
}

/// What to do when a correction leaves fewer units on hand than are promised.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Shortage {
    /// Refuse the correction and name the shortage.
    #[default]
    Refuse,
    /// Revoke the newest promises until the rest can be kept.
    Revoke,
}

/// Promise several products of one store until a deadline, all or nothing.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "storeId": "11111111-1111-1111-1111-111111111111",
    "lines": [{"productSku": "PROD123456", "quantity": 1}, {"productSku": "PROD123457", "quantity": 2}],
    "reason": "Online order checkout"
}))]
pub(super) struct BasketRequest {
    /// The store, by id; this or `storeCode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "11111111-1111-1111-1111-111111111111")]
    store_id: Option<Uuid>,
    /// The store, by its code in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    store_code: Option<String>,
    /// 1 to 500 lines; lines of the same product are added up before stock is checked.
    #[schema(min_items = 1, max_items = 500)]
    pub(super) lines: Vec<BasketLine>,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Online order checkout")]
    reason: Option<String>,
    /// The caller's own id of the promise; it also makes a repetition harmless. Made by the server when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_id: Option<Uuid>,
    /// Who it is for; personal data, kept apart and never logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    customer_id: Option<String>,
    /// The order that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    order_id: Option<String>,
    /// Seconds until the deadline; 300 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 86_400)]
    ttl_seconds: Option<i64>,
}

/// One line of a basket or of a commit.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"productSku": "PROD123456", "quantity": 1}))]
pub(super) struct BasketLine {
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
    pub(super) fn product(&self) -> Result<ProductRef, Problem> {
        product_ref(self.product_id, self.product_sku.as_deref())
    }

    pub(super) fn quantity(&self) -> Result<PositiveQuantity, Problem> {
        positive("quantity", self.quantity)
    }
}

/// The sale happened: promised units leave the store.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "reservationId": "018f9a3e-7b1c-7000-8000-000000000001",
    "transactionId": "TX-2026-000017",
    "customerId": "CUST12345"
}))]
pub(super) struct CommitRequest {
    /// The promise.
    pub(super) reservation_id: Uuid,
    /// The sale.
    #[schema(min_length = 1, max_length = 100, example = "TX-2026-000017")]
    transaction_id: String,
    /// Who bought; personal data, kept apart and never logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, example = "CUST12345")]
    customer_id: Option<String>,
    /// Units sold of a reservation of one product; all of them when absent. The rest returns.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub(super) quantity: Option<i64>,
    /// What was sold of a basket, line by line; everything when absent. What is not named returns.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 500)]
    pub(super) lines: Option<Vec<BasketLine>>,
}

impl CommitRequest {
    pub(super) fn transaction(&self) -> Result<TransactionRef, Problem> {
        TransactionRef::new(&self.transaction_id).map_err(|error| text("transactionId", &error))
    }

    pub(super) fn customer(&self) -> Result<Option<CustomerRef>, Problem> {
        customer(self.customer_id.as_deref())
    }

    pub(super) fn units(&self) -> Result<Option<StockQuantity>, Problem> {
        let units = self.quantity.map(|units| positive("quantity", units)).transpose()?;
        Ok(units.map(StockQuantity::from))
    }
}

/// The promise is void.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReleaseRequest {
    /// The promise.
    pub(super) reservation_id: Uuid,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Cart abandoned")]
    reason: Option<String>,
}

impl ReleaseRequest {
    pub(super) fn reason(&self) -> Result<Option<Reason>, Problem> {
        reason(self.reason.as_deref())
    }
}

/// Keep a promise alive: its deadline becomes now plus `ttlSeconds`, and never earlier than it was.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ExtendRequest {
    /// The promise.
    pub(super) reservation_id: Uuid,
    /// Seconds from now until the deadline.
    #[schema(minimum = 1, maximum = 86_400, example = 300)]
    ttl_seconds: i64,
}

impl ExtendRequest {
    pub(super) fn ttl(&self) -> Result<TimeToLive, Problem> {
        ttl(Some(self.ttl_seconds))
    }
}

impl AddStockRequest {
    pub(super) fn command(&self) -> Result<Command, Problem> {
        Ok(Command::AddStock(AddStock {
            quantity: positive("quantity", self.quantity)?,
            reason: reason(self.reason.as_deref())?,
            reference: reference(self.reference.as_deref())?,
            occurred_at: self.occurred_at,
        }))
    }
}

impl AdjustStockRequest {
    pub(super) fn command(&self) -> Result<Command, Problem> {
        Ok(Command::AdjustStock(AdjustStock {
            delta: StockDelta::new(self.delta).map_err(|error| range("delta", &error))?,
            reason: Reason::new(&self.reason).map_err(|error| text("reason", &error))?,
            reference: reference(self.reference.as_deref())?,
            occurred_at: self.occurred_at,
            on_shortage: self.on_shortage.into(),
        }))
    }
}

impl CountStockRequest {
    pub(super) fn count(&self) -> Result<CountStock, Problem> {
        Ok(CountStock {
            counted: StockQuantity::new(self.counted).map_err(|error| range("counted", &error))?,
            on_hand_then: None,
            reason: reason(self.reason.as_deref())?,
            reference: reference(self.reference.as_deref())?,
            occurred_at: self.occurred_at,
            on_shortage: self.on_shortage.into(),
        })
    }
}

impl StockPolicyRequest {
    pub(super) fn command(&self) -> Result<Command, Problem> {
        let units = |field, value: Option<i64>| {
            let units = value.map(StockQuantity::new).transpose();
            units.map_err(|error| range(field, &error))
        };
        let safety_stock = units("safetyStock", self.safety_stock)?;
        let reorder_point = units("reorderPoint", self.reorder_point)?;
        if safety_stock.is_none() && reorder_point.is_none() {
            return Err(Problem::invalid("safetyStock", "give safetyStock, reorderPoint or both"));
        }
        Ok(Command::SetStockPolicy(SetStockPolicy { safety_stock, reorder_point }))
    }
}

impl ReserveRequest {
    pub(super) fn chosen_id(&self) -> Option<ReservationId> {
        self.reservation_id.map(ReservationId::from_uuid)
    }

    pub(super) fn command(&self, reservation_id: ReservationId) -> Result<Command, Problem> {
        let Self { quantity, reason: why, order_id, customer_id, ttl_seconds, .. } = self;
        Ok(Command::ReserveStock(ReserveStock {
            reservation_id,
            quantity: positive("quantity", *quantity)?,
            ttl: ttl(*ttl_seconds)?,
            reason: reason(why.as_deref())?,
            order: order(order_id.as_deref())?,
            customer: customer(customer_id.as_deref())?,
        }))
    }
}

impl BasketRequest {
    pub(super) fn store(&self) -> Result<StoreRef, Problem> {
        store_ref(self.store_id, self.store_code.as_deref())
    }

    pub(super) fn chosen_id(&self) -> Option<ReservationId> {
        self.reservation_id.map(ReservationId::from_uuid)
    }

    pub(super) fn command(
        &self,
        reservation_id: ReservationId,
        quantity: PositiveQuantity,
    ) -> Result<Command, Problem> {
        Ok(Command::ReserveStock(ReserveStock {
            reservation_id,
            quantity,
            ttl: ttl(self.ttl_seconds)?,
            reason: reason(self.reason.as_deref())?,
            order: order(self.order_id.as_deref())?,
            customer: customer(self.customer_id.as_deref())?,
        }))
    }
}

impl From<Shortage> for OnShortage {
    fn from(shortage: Shortage) -> Self {
        match shortage {
            Shortage::Refuse => Self::Refuse,
            Shortage::Revoke => Self::RevokeNewest,
        }
    }
}

fn positive(field: &str, units: i64) -> Result<PositiveQuantity, Problem> {
    PositiveQuantity::new(units).map_err(|error| range(field, &error))
}

fn ttl(seconds: Option<i64>) -> Result<TimeToLive, Problem> {
    let ttl = seconds.map_or(Ok(TimeToLive::default()), TimeToLive::from_seconds);
    ttl.map_err(|error| range("ttlSeconds", &error))
}

fn reason(value: Option<&str>) -> Result<Option<Reason>, Problem> {
    value.map(Reason::new).transpose().map_err(|error| text("reason", &error))
}

fn reference(value: Option<&str>) -> Result<Option<Reference>, Problem> {
    value.map(Reference::new).transpose().map_err(|error| text("reference", &error))
}

fn order(value: Option<&str>) -> Result<Option<OrderRef>, Problem> {
    value.map(OrderRef::new).transpose().map_err(|error| text("orderId", &error))
}

fn customer(value: Option<&str>) -> Result<Option<CustomerRef>, Problem> {
    value.map(CustomerRef::new).transpose().map_err(|error| text("customerId", &error))
}

fn range(field: &str, error: &OutOfRange) -> Problem {
    Problem::invalid(field, error.to_string())
}

fn text(field: &str, error: &InvalidText) -> Problem {
    Problem::invalid(field, error.to_string())
}

//! Fields of request bodies, parsed into the domain's types: out of range or unprintable is the field's own problem.

use gondola_inventory_domain::{
    CustomerRef, InvalidText, OnShortage, OrderRef, OutOfRange, PositiveQuantity, Reason,
    Reference, TimeToLive, TransactionRef,
};
use kit_http::Problem;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What to do when a correction leaves fewer units on hand than are reserved.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Shortage {
    /// Refuse the correction and name the shortage.
    #[default]
    Refuse,
    /// Revoke the newest reservations until the rest can be kept.
    Revoke,
}

impl From<Shortage> for OnShortage {
    fn from(shortage: Shortage) -> Self {
        match shortage {
            Shortage::Refuse => Self::Refuse,
            Shortage::Revoke => Self::RevokeNewest,
        }
    }
}

pub(super) fn positive(field: &str, units: i64) -> Result<PositiveQuantity, Problem> {
    PositiveQuantity::new(units).map_err(|error| range(field, &error))
}

pub(super) fn ttl(seconds: Option<i64>) -> Result<TimeToLive, Problem> {
    let ttl = seconds.map_or(Ok(TimeToLive::default()), TimeToLive::from_seconds);
    ttl.map_err(|error| range("ttlSeconds", &error))
}

pub(super) fn reason(value: Option<&str>) -> Result<Option<Reason>, Problem> {
    value.map(Reason::new).transpose().map_err(|error| text("reason", &error))
}

pub(super) fn reference(value: Option<&str>) -> Result<Option<Reference>, Problem> {
    value.map(Reference::new).transpose().map_err(|error| text("reference", &error))
}

pub(super) fn order(value: Option<&str>) -> Result<Option<OrderRef>, Problem> {
    value.map(OrderRef::new).transpose().map_err(|error| text("orderId", &error))
}

pub(super) fn customer(value: Option<&str>) -> Result<Option<CustomerRef>, Problem> {
    value.map(CustomerRef::new).transpose().map_err(|error| text("customerId", &error))
}

pub(super) fn range(field: &str, error: &OutOfRange) -> Problem {
    Problem::invalid(field, error.to_string())
}

fn text(field: &str, error: &InvalidText) -> Problem {
    Problem::invalid(field, error.to_string())
}

pub(super) fn transaction(value: &str) -> Result<TransactionRef, Problem> {
    TransactionRef::new(value).map_err(|error| text("transactionId", &error))
}

pub(super) fn required_reason(value: &str) -> Result<Reason, Problem> {
    Reason::new(value).map_err(|error| text("reason", &error))
}

//! One line of a bulk write: what it asks for, and how it is answered.

use gondola_inventory_domain::ReservationId;
use kit_core::Timestamp;
use kit_executor::CommandReceipt;
use kit_http::Problem;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::{
    AddStockRequest, AdjustStockRequest, CommitRequest, CountStockRequest, ExtendRequest,
    ReleaseRequest, ReserveRequest, StockPolicyRequest,
};
use crate::use_cases::Answer;

/// One command; `op` says which, the other fields are those of its own route.
#[derive(Debug, Serialize)]
#[serde(tag = "op", rename_all = "camelCase")]
pub(super) enum BatchLine {
    /// As `POST /inventory/stock`.
    Stock(AddStockRequest),
    /// As `POST /inventory/adjust`.
    Adjust(AdjustStockRequest),
    /// As `POST /inventory/count`.
    Count(CountStockRequest),
    /// As `POST /inventory/policy`.
    Policy(StockPolicyRequest),
    /// As `POST /inventory/reserve`.
    Reserve(ReserveRequest),
    /// As `POST /inventory/commit`.
    Commit(CommitRequest),
    /// As `POST /inventory/release`.
    Release(ReleaseRequest),
    /// As `POST /inventory/extend`.
    Extend(ExtendRequest),
}

impl BatchLine {
    /// Name of the operation, as its own route is called.
    pub(super) fn operation(&self) -> &'static str {
        match self {
            Self::Stock(_) => "stock",
            Self::Adjust(_) => "adjust",
            Self::Count(_) => "count",
            Self::Policy(_) => "policy",
            Self::Reserve(_) => "reserve",
            Self::Commit(_) => "commit",
            Self::Release(_) => "release",
            Self::Extend(_) => "extend",
        }
    }

    /// The status of success.
    pub(super) fn success(&self) -> u16 {
        match self {
            Self::Stock(_) | Self::Reserve(_) => 201,
            _ => 200,
        }
    }

    /// The reservation id that the caller chose, if the line makes a reservation.
    pub(super) fn chosen_id(&self) -> Option<ReservationId> {
        match self {
            Self::Reserve(body) => body.chosen_id(),
            _ => None,
        }
    }
}

/// The answer to one line, in the order of the lines.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchAnswer<'a> {
    /// Number of the line, from 1.
    line: usize,
    /// Status, as the line's own route would have it.
    status: u16,
    /// Stable name of the problem, when it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    /// The problem, when it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'a Problem>,
    /// The reservation that it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_id: Option<Uuid>,
    /// Its deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// The product.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// Units available after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    available: Option<u32>,
    /// Version of the stock level after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    /// Position of the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    /// Whether it repeats the answer to an earlier sending.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    replayed: bool,
}

impl<'a> BatchAnswer<'a> {
    /// A line that was done.
    pub(super) fn done(line: usize, status: u16, done: &CommandReceipt<Answer>) -> Self {
        let level = done.answer.lines.first().map(|line| line.level);
        Self {
            line,
            status,
            code: None,
            problem: None,
            reservation_id: done.answer.reservation.map(|id| id.as_uuid()),
            expires_at: done.answer.expires_at,
            product_id: level.map(|level| level.product.as_uuid()),
            available: level.map(|level| level.available()),
            version: level.map(|level| level.version.get()),
            position: Some(done.position.get()),
            replayed: done.repeated,
        }
    }

    /// A line that was not done.
    pub(super) fn failed(line: usize, problem: &'a Problem) -> Self {
        Self {
            line,
            status: problem.status().as_u16(),
            code: Some(problem.code()),
            problem: Some(problem),
            reservation_id: None,
            expires_at: None,
            product_id: None,
            available: None,
            version: None,
            position: None,
            replayed: false,
        }
    }
}

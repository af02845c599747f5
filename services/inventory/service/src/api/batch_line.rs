//! One line of a bulk write: what it asks for, and how it is answered.

use gondola_inventory_domain::ReservationId;
use kit_core::Timestamp;
use kit_event_store::executor::Done;
use kit_http::Problem;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::batch_fields::{self, Operation};
use super::body::{
    AddStockRequest, AdjustStockRequest, CommitRequest, CountStockRequest, ExtendRequest,
    ReleaseRequest, ReserveRequest, StockPolicyRequest,
};
use crate::application::Answer;

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

/// The operations, as `op` names them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Op {
    Stock,
    Adjust,
    Count,
    Policy,
    Reserve,
    Commit,
    Release,
    Extend,
}

impl<'de> Operation<'de> for Op {
    type Line = BatchLine;

    fn read<D: Deserializer<'de>>(self, fields: D) -> Result<BatchLine, D::Error> {
        Ok(match self {
            Self::Stock => BatchLine::Stock(Deserialize::deserialize(fields)?),
            Self::Adjust => BatchLine::Adjust(Deserialize::deserialize(fields)?),
            Self::Count => BatchLine::Count(Deserialize::deserialize(fields)?),
            Self::Policy => BatchLine::Policy(Deserialize::deserialize(fields)?),
            Self::Reserve => BatchLine::Reserve(Deserialize::deserialize(fields)?),
            Self::Commit => BatchLine::Commit(Deserialize::deserialize(fields)?),
            Self::Release => BatchLine::Release(Deserialize::deserialize(fields)?),
            Self::Extend => BatchLine::Extend(Deserialize::deserialize(fields)?),
        })
    }
}

impl<'de> Deserialize<'de> for BatchLine {
    fn deserialize<D: Deserializer<'de>>(line: D) -> Result<Self, D::Error> {
        batch_fields::read::<Op, D>(line)
    }
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
    pub(super) fn done(line: usize, status: u16, done: &Done<Answer>) -> Self {
        let level = done.answer.levels.first();
        Self {
            line,
            status,
            code: None,
            problem: None,
            reservation_id: done.answer.reservation.map(|id| id.as_uuid()),
            expires_at: done.answer.expires_at,
            product_id: level.map(|level| level.product.as_uuid()),
            available: level.map(|level| level.available),
            version: level.map(|level| level.version.get()),
            position: Some(done.position.get()),
            replayed: done.replayed,
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

#[cfg(test)]
mod tests {
    use kit_http::Json;
    use serde_json::{Value, json};

    use super::*;

    const LEVEL: &str = r#""storeId":"11111111-1111-1111-1111-111111111111","productSku":"A1""#;

    fn parse(line: &str) -> Result<Value, Value> {
        let value = |line: BatchLine| serde_json::to_value(line).unwrap();
        let told = |problem: Problem| serde_json::to_value(problem).unwrap();
        Json::<BatchLine>::parse(line.as_bytes()).map(value).map_err(told)
    }

    #[test]
    fn op_may_stand_anywhere() {
        let first = parse(&format!(r#"{{"op":"stock",{LEVEL},"quantity":7}}"#)).unwrap();
        assert_eq!((&first["op"], &first["quantity"]), (&json!("stock"), &json!(7)));
        for line in [
            format!(r#"{{{LEVEL},"op":"stock","quantity":7}}"#),
            format!(r#"{{"quantity":7,{LEVEL},"op":"stock"}}"#),
            format!(r#"{{"\u0071uantity":7,{LEVEL},"\u006fp":"stock"}}"#),
        ] {
            assert_eq!(parse(&line), Ok(first.clone()), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_wherever_op_stands() {
        for (fields, blamed) in [
            (r#""quantity":7,"quantity":8"#, "quantity"),
            (r#""quantity":"many""#, "quantity"),
            (r#""quantity":7,"colour":"red""#, "colour"),
            (r#""quantity":7,"reference":[]"#, "reference"),
        ] {
            for line in [
                format!(r#"{{"op":"stock",{LEVEL},{fields}}}"#),
                format!(r#"{{{fields},"op":"stock",{LEVEL}}}"#),
            ] {
                let problem = parse(&line).unwrap_err();
                let named = problem.to_string().contains(blamed);
                assert!(named && problem["status"] == 422, "{line}: {problem}");
            }
        }
        for line in ["{}", r#"{"quantity":7}"#, r#"{"op":"steal"}"#, r#"{"op":7}"#, "[]", "7"] {
            let problem = parse(line).unwrap_err();
            assert_eq!(problem["status"], 422, "{line}: {problem}");
        }
        assert_eq!(parse(r#"{"op":"stock""#).unwrap_err()["status"], 400);
    }

    #[test]
    fn a_field_of_a_field_is_not_taken_twice_either() {
        let lines = r#""lines":[{"productSku":"A1","quantity":1,"quantity":2}]"#;
        let line = format!(
            r#"{{{lines},"op":"reserve","storeId":"11111111-1111-1111-1111-111111111111"}}"#
        );
        assert_eq!(parse(&line).unwrap_err()["status"], 422);
    }
}

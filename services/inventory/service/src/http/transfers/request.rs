//! Asking for a transfer.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::TimeToLive;
use http::StatusCode;
use kit_http::{CallerHeaders, Json, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer;
use super::body::TransferBody;
use crate::http::AppState;
use crate::http::body_lines::BodyLines;
use crate::http::fields::{range, reason, reference};
use crate::http::names::store_ref;
use crate::http::reservations::line::BasketLine;
use crate::process_managers::transfers::TransferOrder;

/// How long units are held when nothing else is said, in seconds: a day.
const HOLD_SECONDS: i64 = 86_400;

/// Send units of one store to another.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "sourceStoreCode": "SP-CD-CAJAMAR", "destinationStoreCode": "SP-PAULISTA",
    "lines": [{"productSku": "PROD123456", "quantity": 24}], "reason": "Replenishment"
}))]
pub(in crate::http) struct TransferRequest {
    /// The store that sends, by id; this or `sourceStoreCode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_store_id: Option<Uuid>,
    /// The store that sends, by its code in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    source_store_code: Option<String>,
    /// The store that receives, by id; this or `destinationStoreCode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    destination_store_id: Option<Uuid>,
    /// The store that receives, by its code in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    destination_store_code: Option<String>,
    /// 1 to 500 lines; lines of the same product are added up.
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<BasketLine>,
    /// Seconds for which the source holds the units; a day when absent. Then the transfer is cancelled, unless they have left.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 7_776_000)]
    hold_seconds: Option<i64>,
    /// What you call it; no other transfer may have it, unless that one was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "DN-2026-0412")]
    reference: Option<String>,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Replenishment")]
    reason: Option<String>,
}

impl TransferRequest {
    fn order(&self) -> Result<TransferOrder, Problem> {
        let hold = TimeToLive::from_seconds(self.hold_seconds.unwrap_or(HOLD_SECONDS));
        let store = |end, id, code: Option<&str>| {
            let wrong = format!("name the {end} by exactly one of its id and its code");
            store_ref(id, code).map_err(|_| Problem::invalid(&format!("{end}StoreId"), wrong))
        };
        Ok(TransferOrder {
            source: store("source", self.source_store_id, self.source_store_code.as_deref())?,
            destination: store(
                "destination",
                self.destination_store_id,
                self.destination_store_code.as_deref(),
            )?,
            lines: BasketLine::parse_all(&self.lines)?,
            hold: hold.map_err(|error| range("holdSeconds", &error))?,
            reference: reference(self.reference.as_deref())?,
            reason: reason(self.reason.as_deref())?,
        })
    }
}

/// Ask for a transfer, whose units the source holds.
///
/// It begins in any case, and the answer says how it stands: `held`, or `refused` with the reason in `detail` where the
/// source has not enough.
#[utoipa::path(
    post, path = "/api/v1/inventory/transfers", tag = "Transfers", operation_id = "requestTransfer",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = TransferRequest,
    responses((status = 201, description = "Begun", body = TransferBody), Problems)
)]
pub(in crate::http) async fn request_transfer(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Json(body): Json<TransferRequest>,
) -> Result<Response, Problem> {
    let caller = headers.caller(&body);
    let performed = state.transfers.request(body.order()?, caller).await;
    let lines =
        |problem| BodyLines::at("/lines", &body.lines).with_unknown(problem, &state.catalogue);
    answer(&state, StatusCode::CREATED, performed).map_err(lines)
}

//! Committing a split reservation: the sale happened.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::SplitReservationId;
use http::StatusCode;
use kit_http::{CallerHeaders, Json, Path, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer;
use super::body::SplitReservationBody;
use crate::http::AppState;
use crate::http::fields::{customer, transaction};

/// The sale happened: all parts leave their stores.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"transactionId": "TX-2026-000017"}))]
pub(in crate::http) struct CommitSplitRequest {
    /// The sale.
    #[schema(min_length = 1, max_length = 100, example = "TX-2026-000017")]
    transaction_id: String,
    /// Who bought, if not who it was reserved for; personal data, kept apart and never logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, example = "CUST12345")]
    customer_id: Option<String>,
}

/// Commit a split reservation: all parts are sold, or none.
///
/// Ordered before the deadline it is finished, however long that takes: 202 says that it is under way. A part whose units were
/// found missing meanwhile undoes the sale of the others, and the answer is 409.
#[utoipa::path(
    post, path = "/api/v1/inventory/split-reservations/{splitReservationId}/commit", tag = "Split reservations",
    operation_id = "commitSplitReservation",
    params(
        ("splitReservationId" = Uuid, Path, description = "The split reservation"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = CommitSplitRequest,
    responses(
        (status = 200, description = "Committed", body = SplitReservationBody),
        (status = 202, description = "Being committed", body = SplitReservationBody),
        (status = 410, description = "The deadline has passed", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(in crate::http) async fn commit_split_reservation(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    Json(body): Json<CommitSplitRequest>,
) -> Result<Response, Problem> {
    let id = SplitReservationId::from_uuid(id);
    let (transaction, customer) =
        (transaction(&body.transaction_id)?, customer(body.customer_id.as_deref())?);
    let caller = headers.caller(&body);
    let performed = state.split_reservations.commit(id, transaction, customer, caller).await;
    answer(&state, StatusCode::OK, performed)
}

//! Committing a checkout: the units are sold, and the order is confirmed.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::CheckoutId;
use http::StatusCode;
use kit_http::{CallerHeaders, Json, Path, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer;
use super::body::CheckoutBody;
use crate::http::AppState;
use crate::http::fields::{customer, transaction};

/// The customer has paid.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"transactionId": "018f9a3e-7b1c-7000-8000-000000000001"}))]
pub(in crate::http) struct CommitCheckoutRequest {
    /// The sale.
    #[schema(max_length = 100)]
    transaction_id: String,
    /// Who bought; the one of the checkout when absent. Personal data, kept apart and never logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    customer_id: Option<String>,
}

/// Commit a checkout: the units are sold, and the confirmation is let go; both, or neither.
///
/// A commit that is repeated with the same `transactionId` changes nothing. 202 says that it takes longer than two seconds and
/// goes on; 409 `checkout-revoked`, that the units were not held any more and all is rolled back.
#[utoipa::path(
    post, path = "/api/v1/checkouts/{checkoutId}/commit", tag = "Checkouts", operation_id = "commitCheckout",
    params(
        ("checkoutId" = Uuid, Path, description = "The checkout"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = CommitCheckoutRequest,
    responses(
        (status = 200, description = "Committed", body = CheckoutBody),
        (status = 202, description = "Being committed", body = CheckoutBody),
        (status = 410, description = "The deadline has passed", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(in crate::http) async fn commit_checkout(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    Json(body): Json<CommitCheckoutRequest>,
) -> Result<Response, Problem> {
    let id = CheckoutId::from_uuid(id);
    let (transaction, customer) =
        (transaction(&body.transaction_id)?, customer(body.customer_id.as_deref())?);
    let performed = state.checkouts.commit(id, transaction, customer, headers.caller(&body)).await;
    answer(&state, StatusCode::OK, performed)
}

//! Cancelling a checkout: it is rolled back everywhere.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{CancelCheckout, CheckoutCommand};
use kit_http::{CallerHeaders, Json, Path, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::CheckoutBody;
use super::perform;
use crate::http::AppState;
use crate::http::fields::reason;

/// Nothing comes of it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"reason": "Cart abandoned"}))]
pub(in crate::http) struct CancelCheckoutRequest {
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Cart abandoned")]
    reason: Option<String>,
}

/// Cancel a checkout: its units are released and its confirmation is dropped, also while it is still being accepted.
#[utoipa::path(
    post, path = "/api/v1/checkouts/{checkoutId}/cancel", tag = "Checkouts", operation_id = "cancelCheckout",
    params(
        ("checkoutId" = Uuid, Path, description = "The checkout"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = CancelCheckoutRequest,
    responses(
        (status = 200, description = "Cancelled", body = CheckoutBody),
        (status = 202, description = "Being rolled back", body = CheckoutBody),
        (status = 410, description = "The deadline has passed", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(in crate::http) async fn cancel_checkout(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    Json(body): Json<CancelCheckoutRequest>,
) -> Result<Response, Problem> {
    let cancel = CancelCheckout { reason: reason(body.reason.as_deref())? };
    let command = CheckoutCommand::CancelCheckout(cancel);
    perform(&state, id, command, headers.caller(&body)).await
}

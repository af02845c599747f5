//! Reading a checkout.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::CheckoutId;
use kit_http::{Json, Path, Problem, Problems, RequestContext};
use uuid::Uuid;

use super::body::CheckoutBody;
use crate::http::AppState;

/// A checkout as it stands, behind every earlier change of it, with its steps and what happened.
#[utoipa::path(
    get, path = "/api/v1/checkouts/{checkoutId}", tag = "Checkouts", operation_id = "getCheckout",
    params(("checkoutId" = Uuid, Path, description = "The checkout")),
    responses((status = 200, description = "Found", body = CheckoutBody), Problems)
)]
pub(in crate::http) async fn checkout(
    State(state): State<Arc<AppState>>,
    Path(id): Path<Uuid>,
    context: RequestContext,
) -> Result<Json<CheckoutBody>, Problem> {
    let found = state.checkouts.find(CheckoutId::from_uuid(id), &context.scope).await?;
    let found = found.ok_or_else(|| Problem::not_found(format!("no checkout {id}")))?;
    let history = state.checkouts.history(&found).await?;
    let body = CheckoutBody::of(&found, found.position, &state.catalogue);
    Ok(Json(body.with_history(&history)?))
}

//! Forgetting a customer.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::{Customer, CustomerKey};
use kit_http::{Json, Problem, Problems, RequestContext};
use kit_service::CommandError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{named, reservations};
use crate::http::AppState;

/// Whom to forget.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"customerId": "CUST12345"}))]
pub(in crate::http) struct ForgetCustomerRequest {
    /// The customer, as reservations and sales name them.
    #[schema(min_length = 1, max_length = 100, example = "CUST12345")]
    customer_id: String,
}

/// What was forgotten.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ForgottenCustomer {
    /// Whether there was a key to destroy.
    forgotten: bool,
    /// The id by which the log knew the customer; it leads to nobody any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_key: Option<Uuid>,
    /// Whether events name the customer in clear, as those of earlier releases do: these stay as they are.
    left_in_clear: bool,
}

/// Forget a customer: their key is destroyed for ever.
///
/// Reservations and sales stay, and nobody can tell any more whose they were. One that is under way while this is done is
/// forgotten with the others. A customer who comes again gets a new key, and is another one. Where several processes share
/// the event store this takes three seconds, after which none of them can have the key in memory.
#[utoipa::path(
    post, path = "/api/v1/privacy/forget", tag = "Privacy", operation_id = "forgetCustomer",
    request_body = ForgetCustomerRequest,
    responses((status = 200, description = "Forgotten, now or before", body = ForgottenCustomer), Problems)
)]
pub(in crate::http) async fn forget_customer(
    State(state): State<Arc<AppState>>,
    context: RequestContext,
    Json(body): Json<ForgetCustomerRequest>,
) -> Result<Json<ForgottenCustomer>, Problem> {
    let customer = named(&body.customer_id)?;
    let forgotten = match state.commands.customers.keys() {
        Some(keys) => keys.forget(&customer).await.map_err(CommandError::from)?,
        None => None,
    };
    let key = forgotten.map(|record| record.key);
    tracing::info!(
        actor = context.actor.as_str(),
        customer_key = key.map(tracing::field::display),
        "customer_forgotten"
    );
    // also where there was no key: another call may have destroyed it a moment ago
    if let Some(keys) = state.commands.customers.keys() {
        keys.forgotten_everywhere().await;
    }
    let in_clear = vec![Customer::InClear(customer)];
    let left = reservations(&state, in_clear, context.scope, None, 1).await?;
    Ok(Json(ForgottenCustomer {
        forgotten: forgotten.is_some(),
        customer_key: key.map(CustomerKey::as_uuid),
        left_in_clear: !left.reservations.is_empty() || left.next.is_some(),
    }))
}

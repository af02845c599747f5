//! Exporting what is kept of a customer.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::{Customer, CustomerKey, ReservationId};
use kit_core::Timestamp;
use kit_http::{Cursor, Json, Limit, Page, Place, Problem, Problems, RequestContext};
use kit_service::ReadError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{named, reservations};
use crate::http::AppState;
use crate::http::reservations::get::ReservationDetails;
use crate::use_cases::FoundReservations;

/// The order of the pages, as their cursors name it.
const ORDER: &str = "reservations of a customer";

/// Whose data.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"customerId": "CUST12345"}))]
pub(in crate::http) struct CustomerExportRequest {
    /// The customer, as reservations and sales name them.
    #[schema(min_length = 1, max_length = 100, example = "CUST12345")]
    customer_id: String,
    /// Reservations per page.
    #[serde(default)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[schema(value_type = Option<String>)]
    cursor: Option<Cursor<Place<(i64, Uuid)>>>,
}

/// What is kept of a customer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct CustomerExport {
    /// Whether the customer has a key. One who has none was never seen, was forgotten, or was only named before there were
    /// keys: then there are reservations with `inClear`.
    known: bool,
    /// The id by which the log knows the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_key: Option<Uuid>,
    /// When the customer was first seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    first_seen_at: Option<Timestamp>,
    /// Their reservations, in the order of their deadlines.
    #[serde(flatten)]
    page: Page<CustomerReservation>,
    /// The moment for which it holds.
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
}

/// A reservation of a customer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct CustomerReservation {
    #[serde(flatten)]
    details: ReservationDetails,
    /// Whether its events name the customer in clear, as those of earlier releases do: no key can make that unreadable.
    in_clear: bool,
}

/// What is kept of a customer: since when they are known, and all reservations and sales that name them.
#[utoipa::path(
    post, path = "/api/v1/privacy/export", tag = "Privacy", operation_id = "exportCustomer",
    request_body = CustomerExportRequest,
    responses((status = 200, description = "A page", body = CustomerExport), Problems)
)]
pub(in crate::http) async fn export_customer(
    State(state): State<Arc<AppState>>,
    context: RequestContext,
    Json(body): Json<CustomerExportRequest>,
) -> Result<Json<CustomerExport>, Problem> {
    let customer = named(&body.customer_id)?;
    let after = body.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?;
    let after =
        after.map(|(time, id)| (Timestamp::from_millis(time), ReservationId::from_uuid(id)));
    let customers = &state.commands.customers;
    let record = match customers.keys() {
        Some(keys) => keys.find(&customer).await.map_err(ReadError::from)?,
        None => None,
    };
    let known_as = customers.known_as(customer).await.map_err(ReadError::from)?;
    let limit = body.limit.get();
    let found = reservations(&state, known_as, context.scope, after, limit).await?;
    let FoundReservations { reservations, next, as_of } = found;
    let item = |one: gondola_inventory_domain::Reservation| {
        let in_clear = matches!(one.customer, Some(Customer::InClear(_)));
        let details = ReservationDetails::listed(one, as_of, &state.catalogue);
        CustomerReservation { details, in_clear }
    };
    let items = reservations.into_iter().map(item).collect();
    let next = next.map(|(time, id)| Cursor::in_order(ORDER, (time.as_millis(), id.as_uuid())));
    let key = record.map(|record| record.key);
    tracing::info!(
        actor = context.actor.as_str(),
        customer_key = key.map(tracing::field::display),
        "customer_exported"
    );
    Ok(Json(CustomerExport {
        known: record.is_some(),
        customer_key: key.map(CustomerKey::as_uuid),
        first_seen_at: record.map(|record| record.created_at),
        page: Page::new(items, next),
        as_of,
    }))
}

//! Reading a reservation.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::{LineStatus, Reservation, ReservationId};
use kit_core::Timestamp;
use kit_http::{Json, Path, Problem, Problems, RequestContext};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::AppState;
use crate::http::responses::ReservationStatus;
use crate::use_cases::Catalogue;

/// A reservation as it stands.
#[utoipa::path(
    get, path = "/api/v1/inventory/reservations/{reservationId}", tag = "Reservations",
    operation_id = "getReservation",
    params(("reservationId" = Uuid, Path, description = "The reservation")),
    responses((status = 200, description = "Found", body = ReservationDetails), Problems)
)]
pub(crate) async fn reservation(
    State(state): State<Arc<AppState>>,
    Path(id): Path<Uuid>,
    context: RequestContext,
) -> Result<Json<ReservationDetails>, Problem> {
    let found = state.queries.reservation(ReservationId::from_uuid(id)).await?;
    let found = found.filter(|one| context.scope.allows(one.store.as_uuid()));
    let reservation = found.ok_or_else(|| Problem::not_found(format!("no reservation {id}")))?;
    Ok(Json(ReservationDetails::of(reservation, state.queries.now(), &state.catalogue)))
}

/// A reservation as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReservationDetails {
    /// The reservation.
    reservation_id: Uuid,
    /// How it stands.
    status: ReservationStatus,
    /// The store.
    store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_code: Option<Arc<str>>,
    /// Its name, in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_name: Option<Arc<str>>,
    /// From when on.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Its deadline.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// The order that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    /// The sale that ended it, or the latest one of a part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<String>,
    /// Its lines.
    lines: Vec<ReservationDetailsLine>,
}

/// One product of a reservation as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReservationDetailsLine {
    /// The product.
    product_id: Uuid,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// Its name, in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_name: Option<Arc<str>>,
    /// Units reserved at first.
    quantity: u32,
    /// Units sold.
    committed: u32,
    /// Units still held.
    held: u32,
    /// How the line stands.
    status: ReservationStatus,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl ReservationDetails {
    /// A reservation in a list: with the names of store and products for people.
    pub(in crate::http) fn listed(
        reservation: Reservation,
        now: Timestamp,
        catalogue: &Catalogue,
    ) -> Self {
        let store_name = catalogue.of_store(reservation.store).map(|store| store.name);
        let products: Vec<_> = reservation.lines.iter().map(|line| line.product).collect();
        let mut details = Self { store_name, ..Self::of(reservation, now, catalogue) };
        for (line, product) in details.lines.iter_mut().zip(products) {
            line.product_name = catalogue.of_product(product).map(|product| product.name);
        }
        details
    }

    /// How a reservation stands at a moment.
    pub(super) fn of(reservation: Reservation, now: Timestamp, catalogue: &Catalogue) -> Self {
        let status = reservation.status(now).into();
        let overdue = reservation.expires_at <= now;
        let transaction_id = reservation.transaction().map(str::to_owned);
        let lines = reservation.lines.into_iter().map(|line| ReservationDetailsLine {
            product_id: line.product.as_uuid(),
            product_sku: catalogue.of_product(line.product).map(|product| product.code),
            product_name: None,
            quantity: line.quantity,
            committed: line.committed,
            held: if overdue { 0 } else { line.held },
            status: match line.status {
                LineStatus::Active if overdue => ReservationStatus::Expired,
                other => other.into(),
            },
            ended_at: line.ended_at,
        });
        Self {
            reservation_id: reservation.id.as_uuid(),
            status,
            store_id: reservation.store.as_uuid(),
            store_code: catalogue.of_store(reservation.store).map(|store| store.code),
            store_name: None,
            created_at: reservation.created_at,
            expires_at: reservation.expires_at,
            order_id: reservation.order,
            transaction_id,
            lines: lines.collect(),
        }
    }
}

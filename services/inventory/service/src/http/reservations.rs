//! Promising stock, and ending or extending the promise.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{ReservationId, sum_demand};
use http::StatusCode;
use kit_core::Caller;
use kit_http::{Json, Path, Problem, Problems};
use uuid::Uuid;

use super::body::{BasketRequest, CommitRequest, ExtendRequest, ReleaseRequest, ReserveRequest};
use super::sender::Sender;
use super::view::{Reservation, ReservationDetails, ReservationStatus, answered};
use super::{Context, problems};
use crate::use_cases::{EndReservation, Line, Sold, StoreCommand};

/// Reserve units of one product.
#[utoipa::path(
    post, path = "/api/v1/inventory/reserve", tag = "Reservations", operation_id = "reserveStock",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = ReserveRequest,
    responses((status = 201, description = "Reserved", body = Reservation), Problems)
)]
pub(super) async fn reserve(
    State(context): State<Arc<Context>>,
    sender: Sender,
    Json(body): Json<ReserveRequest>,
) -> Result<Response, Problem> {
    let command = context.reserve_command(&body).await?;
    let caller = sender.by("reserve", &body, body.chosen_id());
    let done = context.writes.execute(command, caller).await.map_err(problems::written)?;
    let view = Reservation::of_answer(&done, ReservationStatus::Active);
    Ok(answered(StatusCode::CREATED, &done, view))
}

/// Reserve a basket of one store, all or nothing.
///
/// A refusal names every line that falls short.
#[utoipa::path(
    post, path = "/api/v1/inventory/reservations", tag = "Reservations", operation_id = "reserveBasket",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = BasketRequest,
    responses((status = 201, description = "Reserved", body = Reservation), Problems)
)]
pub(super) async fn reserve_basket(
    State(context): State<Arc<Context>>,
    sender: Sender,
    Json(body): Json<BasketRequest>,
) -> Result<Response, Problem> {
    let command = context.basket_command(&body).await?;
    let caller = sender.by("reservations", &body, body.chosen_id());
    let done = context.writes.execute(command, caller).await.map_err(problems::written)?;
    let view = Reservation::of_answer(&done, ReservationStatus::Active);
    Ok(answered(StatusCode::CREATED, &done, view))
}

/// A reservation as it stands.
#[utoipa::path(
    get, path = "/api/v1/inventory/reservations/{reservationId}", tag = "Reservations",
    operation_id = "getReservation",
    params(("reservationId" = Uuid, Path, description = "The promise")),
    responses((status = 200, description = "Found", body = ReservationDetails), Problems)
)]
pub(super) async fn reservation(
    State(context): State<Arc<Context>>,
    Path(id): Path<Uuid>,
) -> Result<Json<ReservationDetails>, Problem> {
    // a reservation that was made a moment ago must be found
    let position = *context.queries.log().head().borrow();
    context.queries.reach(position).await.map_err(|error| problems::read(&error))?;
    let found = context.queries.levels().reservation(ReservationId::from_uuid(id)).await;
    let found = found.map_err(|error| problems::read(&error))?;
    let view = found.ok_or_else(|| Problem::not_found(format!("no reservation {id}")))?;
    Ok(Json(ReservationDetails::of_view(view, context.queries.now())))
}

/// Commit a reservation: the sale happened.
///
/// A partial commit returns the rest to the shelf.
#[utoipa::path(
    post, path = "/api/v1/inventory/commit", tag = "Reservations", operation_id = "commitReservation",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = CommitRequest,
    responses(
        (status = 200, description = "Committed", body = Reservation),
        (status = 410, description = "The reservation's deadline has passed", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(super) async fn commit(
    State(context): State<Arc<Context>>,
    sender: Sender,
    Json(body): Json<CommitRequest>,
) -> Result<Response, Problem> {
    let end = context.commit_of(&body).await?;
    let caller = sender.by("commit", &body, None);
    context.end(body.reservation_id, end, caller, ReservationStatus::Committed).await
}

/// Release a reservation: the promise is void.
#[utoipa::path(
    post, path = "/api/v1/inventory/release", tag = "Reservations", operation_id = "releaseReservation",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = ReleaseRequest,
    responses(
        (status = 200, description = "Released", body = Reservation),
        (status = 410, description = "The reservation's deadline has passed", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(super) async fn release(
    State(context): State<Arc<Context>>,
    sender: Sender,
    Json(body): Json<ReleaseRequest>,
) -> Result<Response, Problem> {
    let end = EndReservation::Release { reason: body.reason()? };
    let caller = sender.by("release", &body, None);
    context.end(body.reservation_id, end, caller, ReservationStatus::Released).await
}

/// Extend a reservation.
///
/// Its deadline becomes now plus `ttlSeconds`, never earlier than it was.
#[utoipa::path(
    post, path = "/api/v1/inventory/extend", tag = "Reservations", operation_id = "extendReservation",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = ExtendRequest,
    responses(
        (status = 200, description = "Extended", body = Reservation),
        (status = 410, description = "The reservation's deadline has passed", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(super) async fn extend(
    State(context): State<Arc<Context>>,
    sender: Sender,
    Json(body): Json<ExtendRequest>,
) -> Result<Response, Problem> {
    let end = EndReservation::Extend(body.ttl()?);
    let caller = sender.by("extend", &body, None);
    context.end(body.reservation_id, end, caller, ReservationStatus::Active).await
}

impl Context {
    /// The command of a reservation of one product.
    pub(super) async fn reserve_command(
        &self,
        body: &ReserveRequest,
    ) -> Result<StoreCommand, Problem> {
        let id = body.chosen_id().unwrap_or_else(|| self.writes.new_reservation_id());
        let command = body.command(id)?;
        let (store, product) = self.level(&body.level()?).await?;
        Ok(StoreCommand { makes: Some(id), ..StoreCommand::single(store, product, command) })
    }

    /// The command of a basket: every product once, with all that its lines ask for.
    async fn basket_command(&self, body: &BasketRequest) -> Result<StoreCommand, Problem> {
        let id = body.chosen_id().unwrap_or_else(|| self.writes.new_reservation_id());
        let store = self.store(&body.store()?).await?;
        let mut demand = Vec::with_capacity(body.lines.len());
        for line in &body.lines {
            demand.push((self.product(&line.product()?).await?, line.quantity()?));
        }
        let demand =
            sum_demand(&demand).map_err(|error| Problem::invalid("lines", error.to_string()))?;
        let mut lines = Vec::with_capacity(demand.len());
        for (product, quantity) in demand {
            lines.push(Line { product, command: body.command(id, quantity)?, optional: false });
        }
        Ok(StoreCommand { store, lines, makes: Some(id) })
    }

    /// What a commit says was sold.
    pub(super) async fn commit_of(&self, body: &CommitRequest) -> Result<EndReservation, Problem> {
        let sold = match (&body.lines, body.units()?) {
            (None, None) => Sold::All,
            (None, Some(units)) => Sold::Units(units),
            (Some(_), Some(_)) => {
                return Err(Problem::invalid("lines", "give quantity or lines, not both"));
            }
            (Some(lines), None) => {
                let mut sold = Vec::with_capacity(lines.len());
                for line in lines {
                    sold.push((self.product(&line.product()?).await?, line.quantity()?));
                }
                let sum = sum_demand(&sold);
                Sold::Lines(sum.map_err(|error| Problem::invalid("lines", error.to_string()))?)
            }
        };
        Ok(EndReservation::Commit {
            transaction: body.transaction()?,
            customer: body.customer()?,
            sold,
        })
    }

    async fn end(
        &self,
        id: Uuid,
        end: EndReservation,
        caller: Caller,
        status: ReservationStatus,
    ) -> Result<Response, Problem> {
        let ended = self.writes.end(ReservationId::from_uuid(id), end, caller).await;
        let done = ended.map_err(problems::written)?;
        Ok(answered(StatusCode::OK, &done, Reservation::of_answer(&done, status)))
    }
}

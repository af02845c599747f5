//! Asking for a split reservation.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::SplitBasket;
use http::StatusCode;
use kit_core::Scope;
use kit_http::{CallerHeaders, Json, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer;
use super::body::SplitReservationBody;
use crate::http::AppState;
use crate::http::body_lines::BodyLines;
use crate::http::fields::{customer, order, reason, ttl};
use crate::http::names::store_ref;
use crate::http::reservations::line::{BasketLine, each};
use crate::http::sourcing::SourcingRequest;
use crate::process_managers::split_reservations::{SplitReservationOrder, WantedParts};
use crate::use_cases::{ProductRef, SourcingQuestion, StoreRef};

/// What one store is to hold.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct WantedPart {
    /// The store, by id; this or `storeCode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_id: Option<Uuid>,
    /// The store, by its code in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    store_code: Option<String>,
    /// 1 to 500 lines; lines of the same product are added up.
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<BasketLine>,
}

impl WantedPart {
    fn parse(
        &self,
    ) -> Result<(StoreRef, Vec<(ProductRef, gondola_inventory_domain::PositiveQuantity)>), Problem>
    {
        let store = store_ref(self.store_id, self.store_code.as_deref())?;
        Ok((store, BasketLine::parse_all(&self.lines)?))
    }
}

/// Hold units in several stores until a deadline, all or nothing: from the stores of `parts`, or from those that are found
/// for `basket`.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "basket": {
        "lines": [{"productSku": "PROD123456", "quantity": 2}, {"productSku": "PROD123457", "quantity": 1}]
    },
    "reason": "Online order checkout"
}))]
pub(in crate::http) struct SplitReservationRequest {
    /// What each store is to hold: 1 to 20 stores, each once; this or `basket`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 20)]
    parts: Option<Vec<WantedPart>>,
    /// What is wanted and how it is to be split, as it is asked of `/sourcing`; this or `parts`. Where a store refuses what
    /// it was found to offer, stores are looked for twice more without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    basket: Option<SourcingRequest>,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Online order checkout")]
    reason: Option<String>,
    /// Who it is for; personal data, kept apart and never logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    customer_id: Option<String>,
    /// The order that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    order_id: Option<String>,
    /// Seconds until the deadline; 300 when absent. Up to 24 hours, or what `longestHoldSeconds` of each store says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 86_400)]
    ttl_seconds: Option<i64>,
}

impl SplitReservationRequest {
    fn lines(&self) -> BodyLines {
        let basket = self
            .basket
            .iter()
            .fold(BodyLines::default(), |lines, basket| lines.and("/basket/lines", basket.lines()));
        let parts = self.parts.iter().flatten().enumerate();
        parts.fold(basket, |lines, (number, part)| {
            lines.and(&format!("/parts/{number}/lines"), &part.lines)
        })
    }

    async fn order(
        &self,
        state: &AppState,
        scope: &Scope,
    ) -> Result<SplitReservationOrder, Problem> {
        let wanted = match (&self.parts, &self.basket) {
            (Some(parts), None) => WantedParts::Named(each("parts", parts, WantedPart::parse)?),
            (None, Some(basket)) => {
                let question = basket.question(state, scope).await;
                WantedParts::Found(found(question.map_err(|problem| problem.within("basket"))?))
            }
            _ => return Err(Problem::invalid("parts", "give exactly one of parts and basket")),
        };
        Ok(SplitReservationOrder {
            wanted,
            ttl: ttl(self.ttl_seconds)?,
            reason: reason(self.reason.as_deref())?,
            order: order(self.order_id.as_deref())?,
            customer: customer(self.customer_id.as_deref())?,
        })
    }
}

fn found(question: SourcingQuestion) -> SplitBasket {
    let SourcingQuestion { wanted, strategy, near, stores, parcels_max, .. } = question;
    SplitBasket { lines: wanted, strategy, near, stores, parcels_max }
}

/// Hold a basket in several stores as one, all or nothing.
///
/// The answer is 201 when all parts are held. 202 says that this takes longer than two seconds: look at `Location`. 409 says
/// that a store refused its part, or that the stores have not enough, and that nothing is held.
#[utoipa::path(
    post, path = "/api/v1/inventory/split-reservations", tag = "Split reservations",
    operation_id = "requestSplitReservation",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = SplitReservationRequest,
    responses(
        (status = 201, description = "Held", body = SplitReservationBody),
        (status = 202, description = "Being held", body = SplitReservationBody),
        Problems
    )
)]
pub(in crate::http) async fn request_split_reservation(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Json(body): Json<SplitReservationRequest>,
) -> Result<Response, Problem> {
    let caller = headers.caller(&body);
    let lines = |problem| body.lines().with_unknown(problem, &state.catalogue);
    let order = body.order(&state, &caller.scope).await.map_err(lines)?;
    let performed = state.split_reservations.request(order, caller).await;
    answer(&state, StatusCode::CREATED, performed).map_err(lines)
}

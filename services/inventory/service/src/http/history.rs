//! The movements of a stock level, page by page.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::ReleaseCause;
use kit_core::{Position, Timestamp};
use kit_http::{Cursor, Json, Limit, Page, Path, Place, Problem, Problems, Query, RequestContext};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::AppState;
use super::levels::level_in_path;
use crate::use_cases::{
    HistoryOrder, HistoryPlace, HistoryQuestion, Movement, MovementCause, OnRecord,
};

/// A page of a history.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryQuery {
    /// Movements per page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<WirePlace>>>,
    /// The time that movements are ordered by and that `from` and `to` are about.
    #[serde(default)]
    #[param(inline)]
    order_by: OrderBy,
    /// Only movements at or after this moment, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Only movements before this moment, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
}

/// A place in a history as its cursors have it: time, position, and on hand, shortfall and reserved before it.
type WirePlace = (i64, u64, [i64; 3]);

fn to_wire(place: HistoryPlace) -> WirePlace {
    let OnRecord { on_hand, shortfall, reserved } = place.before;
    (place.time.as_millis(), place.position.get(), [on_hand, shortfall, reserved])
}

fn from_wire((time, position, [on_hand, shortfall, reserved]): WirePlace) -> HistoryPlace {
    HistoryPlace {
        time: Timestamp::from_millis(time),
        position: Position::new(position),
        before: OnRecord { on_hand, shortfall, reserved },
    }
}

/// One of the two times of a movement.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum OrderBy {
    /// When it was recorded.
    #[default]
    RecordedAt,
    /// When it happened in the shop.
    OccurredAt,
}

impl OrderBy {
    const fn order(self) -> HistoryOrder {
        match self {
            Self::RecordedAt => HistoryOrder::RecordedAt,
            Self::OccurredAt => HistoryOrder::OccurredAt,
        }
    }

    /// The order as its cursors name it.
    const fn name(self) -> &'static str {
        match self {
            Self::RecordedAt => "movements by recordedAt",
            Self::OccurredAt => "movements by occurredAt",
        }
    }
}

/// The movements of a stock level, newest first by either of their times, each with its cause, its actor and the balance
/// after it.
///
/// The balance is what was on record then: the sum of all changes that were recorded up to the movement. Ordered by
/// `occurredAt` it is the same number; what was true at a moment of business time, a stock level tells with `effectiveAt`.
#[utoipa::path(
    get, path = "/api/v1/inventory/stores/{store}/products/{product}/history", tag = "Stock",
    operation_id = "getStockHistory",
    params(
        ("store" = String, Path, description = "Store id or code", max_length = 64),
        ("product" = String, Path, description = "Product id, SKU or GTIN", max_length = 64),
        HistoryQuery
    ),
    responses((status = 200, description = "A page", body = Page<MovementBody>), Problems)
)]
pub(super) async fn history(
    State(state): State<Arc<AppState>>,
    Path((store, product)): Path<(String, String)>,
    Query(query): Query<HistoryQuery>,
    context: RequestContext,
) -> Result<Json<Page<MovementBody>>, Problem> {
    let order = query.order_by.name();
    let below = query.cursor.map(|cursor| cursor.key_in(order)).transpose()?;
    let (store, product) = level_in_path(&state, &context.scope, &store, &product).await?;
    let question = HistoryQuestion {
        store,
        product,
        order: query.order_by.order(),
        from: query.from,
        to: query.to,
        below: below.map(from_wire),
        limit: query.limit.get(),
    };
    let slice = state.queries.history(question).await?;
    Ok(Json(slice.page(order, MovementBody::from, to_wire)))
}

/// One change of a stock level.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MovementView)]
pub(super) struct MovementBody {
    /// Place in the global order.
    position: u64,
    /// Version of the stock level after it.
    version: u64,
    /// Name of the event.
    event_type: String,
    /// What kind of change.
    #[schema(example = "reserved")]
    cause: &'static str,
    /// Units that a physical fact told of: those that came, negative those that went, or those that were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<i64>,
    /// Change of the units on hand.
    on_hand_delta: i64,
    /// Change of the shortfall: what was taken beyond what the books had, or was explained.
    #[serde(skip_serializing_if = "is_zero")]
    shortfall_delta: i64,
    /// The time of the count that had seen the fact already, so that it changed nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    included_in_count_of: Option<Timestamp>,
    /// Change of the units reserved.
    reserved_delta: i64,
    /// Units on hand after it. This and the next two go by the order of recording, in either order of the list.
    on_hand_after: i64,
    /// Units of the holds on record after it; an overdue one counts until its end is recorded.
    reserved_after: i64,
    /// The shortfall after it, if there was one.
    #[serde(skip_serializing_if = "is_zero")]
    shortfall_after: i64,
    /// Who.
    actor: String,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What it belongs to: a delivery note, an order, a sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// The reservation that it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_id: Option<Uuid>,
    /// When it happened in the shop.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

impl From<Movement> for MovementBody {
    fn from(movement: Movement) -> Self {
        Self {
            position: movement.position.get(),
            version: movement.version.get(),
            event_type: movement.event_type,
            cause: cause(movement.cause),
            quantity: movement.quantity,
            on_hand_delta: movement.on_hand_delta,
            shortfall_delta: movement.shortfall_delta,
            included_in_count_of: movement.included_in_count_of,
            reserved_delta: movement.reserved_delta,
            on_hand_after: movement.after.on_hand,
            reserved_after: movement.after.reserved,
            shortfall_after: movement.after.shortfall,
            actor: movement.actor,
            reason: movement.reason,
            reference: movement.reference,
            reservation_id: movement.reservation.map(|id| id.as_uuid()),
            occurred_at: movement.occurred_at,
            recorded_at: movement.recorded_at,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(units: &i64) -> bool {
    *units == 0
}

fn cause(cause: MovementCause) -> &'static str {
    match cause {
        MovementCause::Received => "received",
        MovementCause::Reserved => "reserved",
        MovementCause::Committed => "committed",
        MovementCause::Released(ReleaseCause::Cancelled) => "cancelled",
        MovementCause::Released(ReleaseCause::Expired) => "expired",
        MovementCause::Released(ReleaseCause::PartialCommit) => "partialCommit",
        MovementCause::Released(ReleaseCause::Shortage) => "shortage",
        MovementCause::Extended => "extended",
        MovementCause::Adjusted => "adjusted",
        MovementCause::Counted => "counted",
        MovementCause::PolicyChanged => "policyChanged",
        MovementCause::TransferredOut => "transferredOut",
        MovementCause::TransferredIn => "transferredIn",
    }
}

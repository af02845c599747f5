//! The live feed: events as they happen, as server-sent events or over a WebSocket, from a position on.

mod message;
mod opening;
mod places;
mod session;
mod sse;
mod streams;
mod websocket;

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use kit_http::{Problem, Problems, Query, RequestContext};
use serde::Deserialize;
use utoipa::IntoParams;

pub(super) use self::places::CallerPlaces;
pub(super) use self::streams::describe;

use self::opening::{Opening, Wire};
use self::session::Session;
use super::AppState;
use super::feed::{self, Wanted};

/// Which events of the live feed, and from where on.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LiveQuery {
    /// Begin after this position; without it, with what happens from now on. `Last-Event-ID` goes before it.
    after: Option<u64>,
    /// Only events in these stores: ids or codes, separated by commas.
    #[param(max_length = 4000)]
    stores: Option<String>,
    /// Only events of these products: ids, SKUs or GTINs, separated by commas.
    #[param(max_length = 4000)]
    products: Option<String>,
    /// Only events of these types, separated by commas.
    #[param(max_length = 4000, example = "StockReservedEvent,StockReleasedEvent")]
    types: Option<String>,
}

/// Events as they happen, in order and without gaps, until one side ends it.
///
/// With `Accept: text/event-stream` as server-sent events, as a WebSocket (RFC 6455) with the same messages as JSON texts
/// `{"event", "id", "data"}`. The first message is `log`, with the `incarnation` of the log and the `position` from which on
/// events come. Then each event of `readEvents` comes under its type, with its position as `id`, and every 15 s a `heartbeat` with the
/// position up to which everything has been sent. The last one is `ended`, whose `reason` is `too-slow` (events came faster than
/// they were taken, for 4,096 events), `credential` (it does not hold any more, or not for the same stores), `shutdown` or
/// `log-failed`; `resumeAfter` says where to go on: as `Last-Event-ID`, which browsers send by themselves, or as `after`.
#[utoipa::path(
    get, path = "/api/v1/live", tag = "Events", operation_id = "followEvents",
    params(
        LiveQuery,
        ("Last-Event-ID" = Option<u64>, Header, description = "Begin after this position")
    ),
    responses(
        (status = 101, description = "A WebSocket"),
        (status = 200, description = "Server-sent events", body = String, content_type = "text/event-stream"),
        (status = 406, description = "It is wanted in no form that there is", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(super) async fn live(
    State(state): State<Arc<AppState>>,
    Query(query): Query<LiveQuery>,
    context: RequestContext,
    opening: Opening,
) -> Result<Response, Problem> {
    let after = match opening.resumed {
        Some(position) => position,
        None => feed::position("after", query.after)?.unwrap_or_else(|| state.queries.head()),
    };
    state.queries.check_end(after).map_err(feed::beyond_end)?;
    let wanted = Wanted {
        stores: query.stores.as_deref(),
        products: query.products.as_deref(),
        types: query.types.as_deref(),
    };
    let filter = feed::filter(&state, &context.scope, wanted).await?;
    let session =
        Session::open(&state, opening.standing, state.queries.event_stream(after, filter))?;
    Ok(match opening.wire {
        Wire::ServerSentEvents => sse::sent(session),
        Wire::WebSocket(upgrade) => {
            let token = state.tasks.token();
            upgrade.on_upgrade(async move |socket| {
                websocket::serve(socket, session).await;
                drop(token);
            })
        }
    })
}

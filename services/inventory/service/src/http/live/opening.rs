//! What a request for the live feed says beside its query: over which wire, from where on, and who asks.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::extract::ws::{WebSocketUpgrade, rejection::WebSocketUpgradeRejection};
use axum::response::IntoResponse as _;
use http::StatusCode;
use http::request::Parts;
use kit_core::Position;
use kit_http::{Problem, Standing, wants_websocket};

use crate::http::{AppState, feed};

/// Longest message that a client may send, in bytes: none of them is looked at.
const MESSAGE_BYTES_MAX: usize = 1_024;

/// How the messages travel.
pub(super) enum Wire {
    ServerSentEvents,
    WebSocket(WebSocketUpgrade),
}

/// A request for the live feed.
pub(in crate::http) struct Opening {
    pub(super) wire: Wire,
    /// Where the client has come to, if it says so in `Last-Event-ID`.
    pub(super) resumed: Option<Position>,
    pub(super) standing: Standing,
}

impl FromRequestParts<Arc<AppState>> for Opening {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Problem> {
        let resumed = feed::last_event_id(&parts.headers)?;
        let Ok(standing) = Standing::from_request_parts(parts, state).await;
        let wire = if wants_websocket(&parts.headers) {
            let upgrade = WebSocketUpgrade::from_request_parts(parts, state).await;
            let upgrade = upgrade.map_err(no_websocket)?;
            let upgrade = upgrade.max_message_size(MESSAGE_BYTES_MAX);
            Wire::WebSocket(upgrade.max_frame_size(MESSAGE_BYTES_MAX))
        } else if feed::wants_stream(&parts.headers) {
            Wire::ServerSentEvents
        } else {
            return Err(neither());
        };
        Ok(Self { wire, resumed, standing })
    }
}

fn no_websocket(rejection: WebSocketUpgradeRejection) -> Problem {
    let detail = rejection.body_text();
    let is_old = rejection.into_response().status() == StatusCode::UPGRADE_REQUIRED;
    let why =
        if is_old { "this connection cannot go on as a WebSocket: use HTTP/1.1" } else { &detail };
    Problem::bad_request(why)
}

fn neither() -> Problem {
    let (code, title) = ("not-acceptable", "Not acceptable");
    Problem::new(StatusCode::NOT_ACCEPTABLE, code, title).detail(
        "the live feed comes as server-sent events (send Accept: text/event-stream) or over a WebSocket; pages of events are at \
         /api/v1/inventory/events",
    )
}

//! The ordered feed of everything that happened: pages, long poll, and server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use gondola_inventory_domain::parse_stream_id;
use http::{HeaderMap, header};
use kit_core::{Position, RecordedEvent, Timestamp};
use kit_event_store::{EventStore, StoreError};
use kit_http::{Json, Problem, Problems, Query};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{AppState, problems};

/// Events per page, unless the caller wants fewer.
const PAGE_EVENTS: u32 = 100;

/// Most events per page.
const PAGE_EVENTS_MAX: u32 = 1_000;

/// Longest long poll, in seconds.
const WAIT_SECONDS_MAX: u32 = 20;

/// Where and how to read the feed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FeedQuery {
    /// Begin after this position; 0 is the beginning.
    #[serde(default)]
    after: u64,
    /// Events per page, 1 to 1000.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// Seconds to wait for the first event when there is none, 0 to 20.
    #[serde(default)]
    #[param(minimum = 0, maximum = 20)]
    wait: u32,
}

/// A page of the feed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct EventPage {
    /// The events, in commit order, without gaps.
    items: Vec<FeedEvent>,
    /// Give it as `after` to go on.
    next_position: u64,
    /// The last position of the log.
    head_position: u64,
}

/// Something that happened to a stock level.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FeedEvent {
    /// Place in the global order.
    position: u64,
    /// Unique id of the event.
    event_id: Uuid,
    /// Name of the event.
    #[schema(example = "StockReservedEvent")]
    event_type: String,
    /// Version of the shape of `data`.
    schema_version: u16,
    /// The stock level's stream.
    stream: String,
    /// The store.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_id: Option<Uuid>,
    /// The product.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// Version of the stock level after it.
    version: u64,
    /// When it happened in the shop.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// What it is part of.
    correlation_id: Uuid,
    /// The command that caused it.
    causation_id: Uuid,
    /// Who.
    actor: String,
    /// What happened; its shape depends on type and schema version.
    #[schema(value_type = Object)]
    data: Box<RawValue>,
}

impl FeedEvent {
    fn of(recorded: &RecordedEvent) -> Result<Self, StoreError> {
        let level = parse_stream_id(&recorded.stream);
        let data = RawValue::from_string(recorded.event.data.to_string());
        Ok(Self {
            position: recorded.position.get(),
            event_id: recorded.event.event_id,
            event_type: recorded.event.event_type.to_string(),
            schema_version: recorded.event.schema_version,
            stream: recorded.stream.to_string(),
            store_id: level.map(|(_, store)| store.as_uuid()),
            product_id: level.map(|(product, _)| product.as_uuid()),
            version: recorded.version.get(),
            occurred_at: recorded.event.occurred_at,
            recorded_at: recorded.metadata.recorded_at,
            correlation_id: recorded.metadata.correlation_id,
            causation_id: recorded.metadata.causation_id,
            actor: recorded.metadata.actor.to_string(),
            data: data.map_err(|error| {
                StoreError::Corrupt(format!("event at position {}: {error}", recorded.position))
            })?,
        })
    }
}

/// Everything that happened, in order, from a position on.
///
/// Pages, long poll (`wait`), or with `Accept: text/event-stream` server-sent events whose id is the position
/// (`Last-Event-ID` resumes).
#[utoipa::path(
    get, path = "/api/v1/inventory/events", tag = "Events", operation_id = "readEvents",
    params(
        FeedQuery,
        ("Last-Event-ID" = Option<u64>, Header, description = "Resumes a stream of server-sent events")
    ),
    responses(
        (status = 200, description = "A page, or a stream of server-sent events", content(
            (EventPage = "application/json"), (String = "text/event-stream")
        )),
        Problems
    )
)]
pub(super) async fn events(
    State(context): State<Arc<AppState>>,
    Query(query): Query<FeedQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = query.limit.unwrap_or(PAGE_EVENTS);
    if !(1..=PAGE_EVENTS_MAX).contains(&limit) {
        return Err(Problem::invalid(
            "limit",
            format!("give 1 to {PAGE_EVENTS_MAX} events, not {limit}"),
        ));
    }
    if i64::try_from(query.after).is_err() {
        return Err(Problem::invalid("after", "give a position from an earlier answer"));
    }
    if query.wait > WAIT_SECONDS_MAX {
        let detail = format!("give 0 to {WAIT_SECONDS_MAX} seconds, not {}", query.wait);
        return Err(Problem::invalid("wait", detail));
    }
    let resumed = last_event_id(&headers)?;
    let log = Arc::clone(context.queries.log());
    let after = Position::new(query.after);
    if wants_stream(&headers) {
        let after = resumed.unwrap_or(after);
        return Ok(stream_events(log, after, context.stop.clone()).into_response());
    }
    if query.wait > 0 {
        let mut head = log.head();
        let more = head.wait_for(|head| *head > after);
        // without news until then the page is empty
        let _ = tokio::time::timeout(Duration::from_secs(u64::from(query.wait)), more).await;
    }
    let page = page(log.as_ref(), after, limit).await;
    Ok(Json(page.map_err(|error| problems::failed(&error))?).into_response())
}

async fn page(log: &dyn EventStore, after: Position, limit: u32) -> Result<EventPage, StoreError> {
    let events = log.read_all(after, usize::try_from(limit).unwrap_or(usize::MAX)).await?;
    let next_position = events.last().map_or(after, |last| last.position).get();
    let items = events.iter().map(|event| FeedEvent::of(event)).collect::<Result<_, _>>()?;
    Ok(EventPage { items, next_position, head_position: log.head().borrow().get() })
}

fn wants_stream(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

fn last_event_id(headers: &HeaderMap) -> Result<Option<Position>, Problem> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.parse().ok());
    let number = number.filter(|number| i64::try_from(*number).is_ok());
    let number = number.ok_or_else(|| Problem::bad_request("Last-Event-ID must be a position"))?;
    Ok(Some(Position::new(number)))
}

/// Where a stream of server-sent events is.
struct Following {
    log: Arc<dyn EventStore>,
    head: tokio::sync::watch::Receiver<Position>,
    after: Position,
    ready: std::vec::IntoIter<Arc<RecordedEvent>>,
    stop: tokio_util::sync::CancellationToken,
}

fn stream_events(
    log: Arc<dyn EventStore>,
    after: Position,
    stop: tokio_util::sync::CancellationToken,
) -> impl IntoResponse {
    let head = log.head();
    let following = Following { log, head, after, ready: Vec::new().into_iter(), stop };
    let events = stream::unfold(following, |mut following| async {
        let event = following.next().await?;
        Some((Ok::<_, Infallible>(event), following))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

impl Following {
    /// The next event; `None` ends the stream, and the client resumes by its last event id.
    async fn next(&mut self) -> Option<SseEvent> {
        loop {
            if let Some(recorded) = self.ready.next() {
                self.after = recorded.position;
                let event = FeedEvent::of(&recorded).ok()?;
                let data = serde_json::to_string(&event).ok()?;
                let id = recorded.position.to_string();
                return Some(SseEvent::default().id(id).event(event.event_type).data(data));
            }
            let after = self.after;
            tokio::select! {
                () = self.stop.cancelled() => return None,
                more = self.head.wait_for(|head| *head > after) => drop(more.ok()?),
            }
            let limit = usize::try_from(PAGE_EVENTS_MAX).unwrap_or(usize::MAX);
            self.ready = self.log.read_all(self.after, limit).await.ok()?.into_iter();
        }
    }
}

//! The ordered feed of everything that happened: pages, long poll, and server-sent events.

mod data;
mod event;
mod stream;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use gondola_inventory_domain::Event;
use http::{HeaderMap, HeaderName, header};
use kit_core::{Position, Scope};
use kit_event_store::EventStoreError;
use kit_http::{Json, Problem, Problems, Query, RequestContext, only_header};
use kit_service::{ReadError, holding};
use serde::{Deserialize, Serialize};
use tokio::sync::OwnedSemaphorePermit;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub(super) use self::event::FeedEvent;
use super::AppState;
use super::levels::stores_named;
use super::names::product_in_path;
use crate::use_cases::{Catalogue, EventFilter, EventPage};

/// Events per page, unless the caller wants fewer.
const PAGE_EVENTS: u32 = 100;

/// Most events per page.
const PAGE_EVENTS_MAX: u32 = 1_000;

/// Longest long poll, in seconds.
const WAIT_SECONDS_MAX: u32 = 20;

/// Most readers that wait for news at once, in streams and long polls. Each keeps a page in memory.
pub(super) const WAITING_READERS_MAX: usize = 512;

/// Most pages of the feed that are read at once; others wait for their turn.
pub(super) const PAGES_MAX: usize = 16;

/// When a reader that found no place may try again.
const RETRY_AFTER: Duration = Duration::from_secs(5);
/// Says where a stream of server-sent events broke off.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

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

impl FeedQuery {
    /// Checks the numbers and gives the events per page.
    fn limit(&self) -> Result<usize, Problem> {
        let limit = self.limit.unwrap_or(PAGE_EVENTS);
        if !(1..=PAGE_EVENTS_MAX).contains(&limit) {
            let detail = format!("give 1 to {PAGE_EVENTS_MAX} events, not {limit}");
            return Err(Problem::invalid("limit", detail));
        }
        position("after", Some(self.after))?;
        if self.wait > WAIT_SECONDS_MAX {
            let detail = format!("give 0 to {WAIT_SECONDS_MAX} seconds, not {}", self.wait);
            return Err(Problem::invalid("wait", detail));
        }
        Ok(usize::try_from(limit).unwrap_or(usize::MAX))
    }
}

/// A page of the feed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EventPage)]
pub(super) struct EventPageBody {
    /// The events, in commit order; none that was asked for is left out.
    items: Vec<FeedEvent>,
    /// Give it as `after` to go on.
    next_position: u64,
    /// The last position of the log.
    head_position: u64,
    /// Which log it is. When it changes, an older log was put back: positions seen before mean nothing any more, so read
    /// again from the beginning.
    incarnation: Uuid,
}

impl EventPageBody {
    fn of(page: &EventPage, catalogue: &Catalogue) -> Result<Self, EventStoreError> {
        let items = page.events.iter().map(|event| FeedEvent::of(event, catalogue));
        let items = items.collect::<Result<_, _>>()?;
        let (next_position, head_position) = (page.next.get(), page.head.get());
        let incarnation = page.incarnation.as_uuid();
        Ok(Self { items, next_position, head_position, incarnation })
    }
}

/// Everything that happened, in order, from a position on.
///
/// Pages, long poll (`wait`), or with `Accept: text/event-stream` server-sent events whose id is the position
/// (`Last-Event-ID` resumes). A stream begins with an event `log`, whose data has the `incarnation` that pages have too.
#[utoipa::path(
    get, path = "/api/v1/inventory/events", tag = "Events", operation_id = "readEvents",
    params(
        FeedQuery,
        ("Last-Event-ID" = Option<u64>, Header, description = "Resumes a stream of server-sent events")
    ),
    responses(
        (status = 200, description = "A page, or a stream of server-sent events", content(
            (EventPageBody = "application/json"), (String = "text/event-stream")
        )),
        Problems
    )
)]
pub(super) async fn events(
    State(state): State<Arc<AppState>>,
    Query(query): Query<FeedQuery>,
    context: RequestContext,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = query.limit()?;
    let after = Position::new(query.after);
    let resumed = last_event_id(&headers)?;
    let wanted = Wanted {
        stores: query.stores.as_deref(),
        products: query.products.as_deref(),
        types: query.types.as_deref(),
    };
    let filter = filter(&state, &context.scope, wanted).await?;
    if wants_stream(&headers) {
        let after = resumed.unwrap_or(after);
        state.queries.check_end(after).map_err(beyond_end)?;
        let place = waiting_place(&state)?;
        let events = state.queries.event_stream(after, filter);
        let catalogue = Arc::clone(&state.catalogue);
        return Ok(stream::sent(events, catalogue, state.stop.clone(), place).into_response());
    }
    state.queries.check_end(after).map_err(beyond_end)?;
    if query.wait > 0 {
        let _place = waiting_place(&state)?;
        let at_most = Duration::from_secs(u64::from(query.wait));
        // a server that is asked to end waits for no event
        let wait = state.queries.await_event(after, at_most);
        state.stop.run_until_cancelled(wait).await;
    }
    // from the file, a page takes a thread and a megabyte
    let place = Arc::clone(&state.places.feed_pages).acquire_owned();
    let place = place.await.map_err(Problem::internal)?;
    let reader = Arc::clone(&state);
    let page = async move { reader.queries.events(after, &filter, limit).await };
    let page = holding(place, page).await?;
    let page = EventPageBody::of(&page, &state.catalogue).map_err(ReadError::from)?;
    Ok(Json(page).into_response())
}

/// A position that a query names, if it is one.
pub(super) fn position(field: &str, given: Option<u64>) -> Result<Option<Position>, Problem> {
    if given.is_some_and(|given| i64::try_from(given).is_err()) {
        return Err(Problem::invalid(field, "give a position from an earlier answer"));
    }
    Ok(given.map(Position::new))
}

/// A place among those who wait for events.
pub(super) fn waiting_place(state: &AppState) -> Result<OwnedSemaphorePermit, Problem> {
    Arc::clone(&state.places.feed_readers).try_acquire_owned().map_err(|_| {
        let detail = format!("{WAITING_READERS_MAX} readers wait for the feed; read without wait");
        Problem::unavailable(detail, RETRY_AFTER)
    })
}

/// A position that no event has was not given by the feed.
pub(super) fn beyond_end(error: ReadError) -> Problem {
    match error {
        ReadError::BeyondEnd { .. } => Problem::invalid("after", error.to_string()),
        other => other.into(),
    }
}

/// Lists of names that a reader wants, as its query has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'q> {
    pub(super) stores: Option<&'q str>,
    pub(super) products: Option<&'q str>,
    pub(super) types: Option<&'q str>,
}

/// The events that a reader wants, of those that it may see.
pub(super) async fn filter(
    state: &AppState,
    scope: &Scope,
    wanted: Wanted<'_>,
) -> Result<EventFilter, Problem> {
    let mut products = None;
    if let Some(list) = wanted.products {
        let mut named = HashSet::new();
        for name in list.split(',') {
            let product = product_in_path(name.trim())?;
            named.insert(state.catalogue.product(&product).await?);
        }
        products = Some(named);
    }
    let stores = stores_named(state, scope, wanted.stores).await?;
    let stores = stores.map(|stores| stores.into_iter().collect());
    let types = wanted.types.map(event_types).transpose()?;
    Ok(EventFilter { stores, products, types })
}

/// The event types of a list; a name that no event has would wait for ever.
fn event_types(list: &str) -> Result<HashSet<&'static str>, Problem> {
    let known = |name: &str| {
        let known = Event::TYPE_NAMES.into_iter().find(|known| *known == name);
        known.ok_or_else(|| {
            let all = Event::TYPE_NAMES.join(", ");
            Problem::invalid(
                "types",
                format!("there is no event type `{name:.64}`; they are {all}"),
            )
        })
    };
    list.split(',').map(|name| known(name.trim())).collect()
}

/// Whether a request asks for server-sent events.
pub(super) fn wants_stream(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

/// Where a stream of server-sent events broke off, if the client says so.
pub(super) fn last_event_id(headers: &HeaderMap) -> Result<Option<Position>, Problem> {
    let Some(value) = only_header(headers, &LAST_EVENT_ID)? else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.parse().ok());
    let number = number.filter(|number| i64::try_from(*number).is_ok());
    let number = number.ok_or_else(|| Problem::bad_request("Last-Event-ID must be a position"))?;
    Ok(Some(Position::new(number)))
}

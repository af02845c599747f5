//! The feed as server-sent events.

use std::convert::Infallible;

use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{StreamExt as _, stream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::coop::consume_budget;
use tokio_util::sync::CancellationToken;

use super::event::FeedEvent;
use crate::use_cases::EventStream;

/// Says which log it is, and sends what comes until `stop`, from a place among those that wait.
pub(super) fn sent(
    events: EventStream,
    stop: CancellationToken,
    place: OwnedSemaphorePermit,
) -> impl IntoResponse {
    let log = format!(r#"{{"incarnation":"{}"}}"#, events.incarnation());
    let log = stream::iter([Ok(Event::default().event("log").data(log))]);
    let sent = stream::unfold((events, stop, place), |(mut events, stop, place)| async {
        // many events without a wait would keep the thread from others
        consume_budget().await;
        let event = next(&mut events, &stop).await?;
        Some((Ok::<_, Infallible>(event), (events, stop, place)))
    });
    Sse::new(log.chain(sent)).keep_alive(KeepAlive::default())
}

/// The next event; `None` ends the stream, and the client resumes by its last event id.
async fn next(events: &mut EventStream, stop: &CancellationToken) -> Option<Event> {
    let recorded = tokio::select! {
        () = stop.cancelled() => return None,
        recorded = events.next() => recorded.ok()??,
    };
    let event = FeedEvent::of(&recorded).ok()?;
    let data = serde_json::to_string(&event).ok()?;
    let id = recorded.position.to_string();
    Some(Event::default().id(id).event(&recorded.event.event_type).data(data))
}

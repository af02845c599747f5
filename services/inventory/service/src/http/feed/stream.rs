//! The feed as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;

use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{StreamExt as _, stream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::coop::consume_budget;
use tokio_util::sync::CancellationToken;

use super::event::FeedEvent;
use crate::use_cases::{Catalogue, EventStream, Streamed};

/// Says which log it is, and sends what comes until `stop`, from a place among those that wait.
pub(super) fn sent(
    events: EventStream,
    catalogue: Arc<Catalogue>,
    stop: CancellationToken,
    place: OwnedSemaphorePermit,
) -> impl IntoResponse {
    let log = format!(r#"{{"incarnation":"{}"}}"#, events.incarnation());
    let log = stream::iter([Ok(Event::default().event("log").data(log))]);
    let begin = (events, catalogue, stop, place);
    let sent = stream::unfold(begin, |(mut events, catalogue, stop, place)| async {
        // many events without a wait would keep the thread from others
        consume_budget().await;
        let event = next(&mut events, &catalogue, &stop).await?;
        Some((Ok::<_, Infallible>(event), (events, catalogue, stop, place)))
    });
    Sse::new(log.chain(sent)).keep_alive(KeepAlive::default())
}

/// The next event; `None` ends the stream, and the client resumes by its last event id.
async fn next(
    events: &mut EventStream,
    catalogue: &Catalogue,
    stop: &CancellationToken,
) -> Option<Event> {
    let recorded = loop {
        let next = tokio::select! {
            () = stop.cancelled() => return None,
            next = events.next() => next.ok()?,
        };
        match next {
            Streamed::Event(recorded) => break recorded,
            // who reads all of the log may take its time
            Streamed::Behind => {}
            Streamed::Closed => return None,
        }
    };
    let event = FeedEvent::of(&recorded, catalogue).ok()?;
    let data = serde_json::to_string(&event).ok()?;
    let id = recorded.position.to_string();
    Some(Event::default().id(id).event(&recorded.event.event_type).data(data))
}

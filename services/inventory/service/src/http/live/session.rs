//! One live stream, whatever its wire: events, heartbeats, and how it ends.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use kit_http::{Problem, Standing};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::coop::consume_budget;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use super::message::{Message, Reason};
use super::places::{CallerPlace, STREAMS_OF_CALLER_MAX};
use super::streams::OpenStream;
use crate::http::{AppState, feed};
use crate::use_cases::{Catalogue, EventStream, Streamed};

/// Time between heartbeats. Proxies commonly cut what is silent for 30 s or more.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(15);

/// How often a caller is asked about again.
const ASKED_AGAIN: Duration = Duration::from_secs(5);

/// When a caller with too many streams may try again.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// A live stream.
pub(super) struct Session {
    events: EventStream,
    catalogue: Arc<Catalogue>,
    standing: Standing,
    stop: CancellationToken,
    heartbeat: Interval,
    asked_again: Interval,
    /// Until it has been told.
    begun: Option<Message>,
    has_ended: bool,
    /// `None` until it is known over which wire.
    open: Option<OpenStream>,
    _places: (OwnedSemaphorePermit, Option<CallerPlace>),
}

impl Session {
    /// A stream in one of the places for those who wait for events.
    pub(super) fn open(
        state: &AppState,
        standing: Standing,
        events: EventStream,
    ) -> Result<Self, Problem> {
        let of_caller = match standing.caller() {
            Some(caller) => Some(state.places.live_callers.take(caller).ok_or_else(too_many)?),
            None => None,
        };
        let begun = Message::begun(events.incarnation(), events.position());
        Ok(Self {
            begun: Some(begun.map_err(Problem::internal)?),
            has_ended: false,
            catalogue: Arc::clone(&state.catalogue),
            stop: state.stop.clone(),
            heartbeat: every(HEARTBEAT),
            asked_again: every(ASKED_AGAIN),
            open: None,
            _places: (feed::waiting_place(state)?, of_caller),
            events,
            standing,
        })
    }

    /// Counts it as open over a wire.
    pub(super) fn count_as(&mut self, wire: &'static str) {
        self.open = Some(OpenStream::over(wire));
    }

    /// The next message; `None` after the last one. Not to be given up before it is there: a look at the caller would be lost.
    pub(super) async fn next(&mut self) -> Option<Message> {
        if self.begun.is_some() || self.has_ended {
            return self.begun.take();
        }
        loop {
            // many events without a wait would keep the thread from others
            consume_budget().await;
            let told = tokio::select! {
                biased;
                () = self.stop.cancelled() => return self.end(Reason::Shutdown),
                _ = self.asked_again.tick() => {
                    if self.standing.holds().await { continue }
                    return self.end(Reason::Credential);
                }
                _ = self.heartbeat.tick() => return Message::heartbeat(self.events.position()).ok(),
                told = self.events.next() => told,
            };
            let message = match told {
                Ok(Streamed::Event(recorded)) => Message::event(&recorded, &self.catalogue),
                Ok(Streamed::Behind) => return self.end(Reason::TooSlow),
                Ok(Streamed::Closed) => return self.end(Reason::Shutdown),
                Err(error) => Err(error),
            };
            return message.map_or_else(|error| self.fail(&error), Some);
        }
    }

    /// The client took nothing for too long.
    pub(super) fn too_slow(&mut self) {
        self.end(Reason::TooSlow);
    }

    fn fail(&mut self, error: &kit_event_store::EventStoreError) -> Option<Message> {
        tracing::warn!(%error, "live_stream_failed");
        self.end(Reason::LogFailed)
    }

    fn end(&mut self, reason: Reason) -> Option<Message> {
        self.has_ended = true;
        if let Some(open) = &mut self.open {
            open.ended(reason.as_str());
        }
        Message::ended(reason, self.events.position()).ok()
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

fn too_many() -> Problem {
    let (code, title) = ("too-many-streams", "Too many live streams");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, code, title)
        .detail(format!(
            "this caller has {STREAMS_OF_CALLER_MAX} live streams open: use one for several filters, or end one that is not read"
        ))
        .with("limit", STREAMS_OF_CALLER_MAX)
        .retry_after(RETRY_AFTER)
}

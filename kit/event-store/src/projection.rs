//! Keeps a view up to date: catches up from the log, then follows it, with no gap between.
//!
//! A follower only ever reads the log after its own checkpoint; the live signal merely says that there is more.
//! What it has applied it can therefore neither miss nor see twice. A stream with an event that it cannot read is
//! [parked](crate::parking).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Epoch, Position, RecordedEvent, StreamId};
use kit_process::critical_task;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::follower_metrics::FollowerMetrics;
use crate::incarnation::LostEvents;
use crate::parking::{PARKED_STREAMS_MAX, ParkedStream, Parking};
use crate::port::{EventLog, EventStore, EventStoreError};
pub use crate::progress::{Progress, Tracker};

/// Most events per batch. Between two batches a follower waits for the runtime, for milliseconds in a bulk load: with
/// batches of 10,000 events the views fell behind.
const BATCH_EVENTS: usize = 40_000;

/// Most events of a batch of a log with little to do.
const FEW_EVENTS: u64 = 64;

/// Longest pause after [`FEW_EVENTS`], least pause after more: what comes within it is shown together, by the time that
/// people call at once.
const PAUSE_SHORT: Duration = Duration::from_millis(20);

/// Longest pause; a reader that waits for a position cuts it short.
const PAUSE_MAX: Duration = Duration::from_millis(250);

/// Pause after a batch, as a multiple of the time that the batch took: a view takes a ninth of a processor at most.
/// A busy log is then applied in few, large batches, in which each changed row is written once.
const REST: u32 = 8;

/// Events behind the log that end a pause early, so that a view reads them while they are still in the log's memory.
const LAG_EVENTS: u64 = 8_192;

/// Events of a parked stream that are offered again at once.
const TAKE_UP_EVENTS: usize = 10_000;

/// Pause before the first repetition of a failed application; doubled up to [`RETRY_PAUSE_MAX`].
const RETRY_PAUSE: Duration = Duration::from_millis(100);

/// Longest pause between repetitions.
const RETRY_PAUSE_MAX: Duration = Duration::from_secs(10);

/// A view failed to take events.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The log could not be read.
    #[error("the view cannot read the log")]
    Store(#[from] EventStoreError),
    /// The view is ahead of its log.
    #[error(transparent)]
    LostEvents(#[from] LostEvents),
    /// The view could not be written.
    #[error("the view cannot be written: {0}")]
    View(String),
    /// Another process keeps the view up to date now.
    #[error("another process, which has epoch {by} of the lease, has gone on in place of this one")]
    Superseded {
        /// The epoch of that process.
        by: Epoch,
    },
    /// Another stream has an event that cannot be read, and as many as can be are parked.
    #[error(
        "events of more than {PARKED_STREAMS_MAX} streams cannot be read, lastly: {reason}; use the version of the \
         program that wrote them"
    )]
    TooManyParked {
        /// Why the last one cannot be read.
        reason: String,
    },
}

/// A view could not be read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ViewReadError {
    /// It lacks something that it may have again.
    #[error("the view cannot be read now: {0}; try again shortly")]
    Unavailable(String),
    /// It failed.
    #[error("the view cannot be read: {0}")]
    Failed(String),
}

/// A view that is built from the log.
#[async_trait]
pub trait Projection: Send {
    /// Name in logs and metrics.
    fn name(&self) -> &'static str;

    /// The position up to which the view is complete.
    async fn checkpoint(&mut self) -> Result<Position, ProjectionError>;

    /// Applies events and stores the last one's position as the checkpoint, both or neither. Events from before the
    /// checkpoint are those of a stream that was parked; the checkpoint stays then.
    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError>;

    /// The streams that it passes over; a view that parks none has none.
    fn parking(&self) -> Parking {
        Parking::default()
    }

    /// Forgets that a stream was parked, since it has been applied up to the checkpoint.
    async fn release(&mut self, stream: &StreamId) -> Result<(), ProjectionError> {
        self.parking().release(stream);
        Ok(())
    }
}

/// Brings a view to the present end of the log at a start, its parked streams included where they can be read now.
/// Returns that position.
pub async fn catch_up(
    log: &dyn EventStore,
    projection: &mut dyn Projection,
) -> Result<Position, ProjectionError> {
    let at = projection.checkpoint().await?;
    for parked in projection.parking().streams() {
        take_up(log, projection, parked, at).await?;
    }
    advance(log, projection, Position::new(u64::MAX), |_| {}).await
}

/// Offers a view the events of a parked stream up to its checkpoint, until one cannot be read.
async fn take_up(
    log: &dyn EventStore,
    projection: &mut dyn Projection,
    parked: ParkedStream,
    checkpoint: Position,
) -> Result<(), ProjectionError> {
    let ParkedStream { stream, mut applied, .. } = parked;
    loop {
        let mut events = match log.read_stream(&stream, applied, TAKE_UP_EVENTS).await {
            Err(EventStoreError::Corrupt(reason)) => {
                tracing::error!(view = projection.name(), %stream, reason, "stream_stays_parked");
                return Ok(());
            }
            read => read?,
        };
        events.retain(|event| event.position <= checkpoint);
        let Some(last) = events.last().map(|event| event.version) else {
            return projection.release(&stream).await;
        };
        projection.apply(events).await?;
        match projection.parking().find(&stream) {
            Some(parked) if parked.applied == last => applied = last,
            _ => return Ok(()),
        }
    }
}

/// Brings a view to a position, or to the end of a shorter log, and returns where it is; tells where it is after each batch.
pub async fn catch_up_to(
    log: &dyn EventLog,
    projection: &mut dyn Projection,
    target: Position,
    reached: impl Fn(Position),
) -> Result<Position, ProjectionError> {
    advance(log, projection, target, reached).await
}

async fn advance(
    log: &dyn EventLog,
    projection: &mut dyn Projection,
    target: Position,
    reached: impl Fn(Position),
) -> Result<Position, ProjectionError> {
    let mut at = projection.checkpoint().await?;
    while at < target {
        let room = target.get().saturating_sub(at.get());
        let limit = usize::try_from(room).map_or(BATCH_EVENTS, |room| room.min(BATCH_EVENTS));
        let mut events = log.read_all(at, limit).await?;
        events.retain(|event| event.position <= target);
        let Some(last) = events.last().map(|event| event.position) else { break };
        // by value, so that the events are dropped on the view's background thread
        projection.apply(events).await?;
        at = last;
        reached(at);
    }
    Ok(at)
}

/// Keeps a view up to date until `stop` is cancelled. A failed batch is retried with growing pauses; meanwhile the view
/// does not advance. A panic ends the process.
pub async fn follow(
    log: Arc<dyn EventLog>,
    mut projection: Box<dyn Projection>,
    progress: Tracker,
    stop: CancellationToken,
) {
    let name = projection.name();
    let following = follow_until_superseded(log.as_ref(), projection.as_mut(), &progress, &stop);
    critical_task(name, following).await;
}

/// The same, and ends as well when another process keeps the view up to date: the answer is its epoch.
pub async fn follow_until_superseded(
    log: &dyn EventLog,
    projection: &mut dyn Projection,
    progress: &Tracker,
    stop: &CancellationToken,
) -> Option<Epoch> {
    let mut head = log.head();
    let mut pause = RETRY_PAUSE;
    let mut before = progress.position.borrow().get();
    let metrics = FollowerMetrics::new(projection.name());
    loop {
        // only up to the present head: a log that keeps growing must not delay the readers of this view
        let end = *head.borrow_and_update();
        let began = Instant::now();
        metrics.lags(end.get().saturating_sub(before));
        let reached = |position| {
            progress.position.send_replace(position);
        };
        let advanced = advance(log, projection, end, reached).await;
        let (wait, rush_at) = match advanced {
            Ok(position) => {
                progress.position.send_replace(position);
                pause = RETRY_PAUSE;
                if position < end {
                    // the head may be ahead of what can be read: read again without waiting for the next event
                    head.mark_changed();
                }
                let applied = position.get().saturating_sub(before);
                before = position.get();
                metrics.advanced(applied, end.get().saturating_sub(before));
                (rest(applied, began.elapsed()), end.get().saturating_add(LAG_EVENTS))
            }
            Err(ProjectionError::Superseded { by }) => return Some(by),
            Err(error) => {
                tracing::error!(view = projection.name(), error = %chain(&error), "projection_failed");
                pause = (pause * 2).min(RETRY_PAUSE_MAX);
                head.mark_changed();
                (pause, u64::MAX)
            }
        };
        let next = async {
            let mut ahead = head.clone();
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = progress.hurry.notified() => {}
                _ = ahead.wait_for(|at| at.get() >= rush_at) => {}
            }
            head.changed().await
        };
        tokio::select! {
            () = stop.cancelled() => return None,
            changed = next => if changed.is_err() { return None },
        }
    }
}

/// Pause after a batch that took some time.
fn rest(applied: u64, took: Duration) -> Duration {
    let share = took * REST;
    if applied <= FEW_EVENTS { share.min(PAUSE_SHORT) } else { share.clamp(PAUSE_SHORT, PAUSE_MAX) }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_with_little_to_do_is_never_late_and_one_with_much_takes_it_together() {
        let took = Duration::from_millis(1);
        assert_eq!(rest(FEW_EVENTS, took), took * REST);
        assert_eq!(rest(FEW_EVENTS, Duration::from_secs(9)), PAUSE_SHORT);
        assert_eq!(rest(FEW_EVENTS + 1, Duration::from_millis(5)), Duration::from_millis(40));
        assert_eq!(rest(FEW_EVENTS + 1, Duration::ZERO), PAUSE_SHORT);
        assert_eq!(rest(FEW_EVENTS + 1, Duration::from_secs(9)), PAUSE_MAX);
    }
}

//! Sends what is due: each message signed, each attempt written down, no receiver in the way of another.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use gondola_notification_domain::{Answer, DeliveryId, Jitter, WebhookId, judge};
use kit_core::{Clock, IdSource};
use kit_process::critical_task;
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::{AttemptMade, DeliveryQueue, DueDelivery, Received, Receiver, SenderMetrics, sign};

/// Attempts under way at once, to all receivers.
const IN_FLIGHT_MAX: usize = 64;

/// Attempts under way at once to one receiver: one that hangs keeps no other waiting.
const IN_FLIGHT_OF_EACH: usize = 4;

/// Pause between two looks at what has become due.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Pause between two times of tidying up.
const TIDY_EVERY: Duration = Duration::from_secs(15);

/// Longest reason that is kept of an attempt without an answer, in bytes.
const ERROR_BYTES_MAX: usize = 300;

/// What a sender works with.
#[derive(Clone)]
pub struct SenderDeps {
    /// What is due.
    pub queue: Arc<dyn DeliveryQueue>,
    /// Where it goes.
    pub receiver: Arc<dyn Receiver>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub ids: Arc<dyn IdSource>,
    /// Told when something has become due.
    pub wake: Arc<Notify>,
}

/// Sends deliveries until it is told to stop.
pub struct Sender {
    deps: SenderDeps,
    metrics: Arc<SenderMetrics>,
    in_flight: HashMap<DeliveryId, WebhookId>,
    attempts: JoinSet<DeliveryId>,
}

impl Sender {
    /// A sender that has not begun.
    #[must_use]
    pub fn new(deps: SenderDeps) -> Self {
        let metrics = Arc::new(SenderMetrics::default());
        Self { deps, metrics, in_flight: HashMap::new(), attempts: JoinSet::new() }
    }

    /// Sends until `stop`. What is under way then is cut off and sent again after the next start: a receiver may hang for
    /// longer than a process has to end. A panic ends the process.
    pub async fn run(self, stop: CancellationToken) {
        critical_task("webhook-sender", self.send_until(stop)).await;
    }

    async fn send_until(mut self, stop: CancellationToken) {
        let mut tidy = interval(TIDY_EVERY);
        tidy.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let wake = Arc::clone(&self.deps.wake);
        while !stop.is_cancelled() {
            self.begin_due().await;
            tokio::select! {
                () = stop.cancelled() => break,
                Some(ended) = self.attempts.join_next() => self.ended(ended),
                () = wake.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = tidy.tick() => self.tidy().await,
            }
        }
    }

    /// Begins an attempt of everything that is due and has a place.
    async fn begin_due(&mut self) {
        if self.in_flight.len() >= IN_FLIGHT_MAX {
            return;
        }
        let due = self.deps.queue.due(self.deps.clock.now(), IN_FLIGHT_OF_EACH).await;
        let due = due.unwrap_or_else(|error| {
            tracing::error!(%error, "webhook_deliveries_cannot_be_read");
            Vec::new()
        });
        for delivery in due {
            if self.has_place(&delivery) {
                self.in_flight.insert(delivery.id, delivery.webhook);
                let (deps, metrics) = (self.deps.clone(), Arc::clone(&self.metrics));
                self.attempts.spawn(attempt(deps, metrics, delivery));
            }
        }
    }

    /// Whether an attempt may begin: it is not under way, and neither are as many as may be.
    fn has_place(&self, delivery: &DueDelivery) -> bool {
        let to_it = self.in_flight.values().filter(|webhook| **webhook == delivery.webhook);
        self.in_flight.len() < IN_FLIGHT_MAX
            && to_it.count() < IN_FLIGHT_OF_EACH
            && !self.in_flight.contains_key(&delivery.id)
    }

    fn ended(&mut self, ended: Result<DeliveryId, JoinError>) {
        match ended {
            Ok(delivery) => {
                self.in_flight.remove(&delivery);
            }
            Err(failed) => {
                if let Ok(panic) = failed.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
            }
        }
    }

    async fn tidy(&self) {
        let now = self.deps.clock.now();
        match self.deps.queue.tidy(now).await {
            Ok(tally) => self.metrics.tallied(&tally, now),
            Err(error) => tracing::error!(%error, "webhook_deliveries_cannot_be_tidied"),
        }
    }
}

/// Makes one attempt and writes down what came of it. What cannot be written is sent again, with the same id.
async fn attempt(
    deps: SenderDeps,
    metrics: Arc<SenderMetrics>,
    delivery: DueDelivery,
) -> DeliveryId {
    let (began, at) = (Instant::now(), deps.clock.now());
    let DueDelivery { id, webhook, url, event_id, payload, tries, secrets } = delivery;
    let received = match sign(&secrets, event_id, at, &payload) {
        Some(signed) => deps.receiver.post(&url, signed, payload).await,
        None => Received::Refused("the webhook's secret is damaged: rotate it".to_owned()),
    };
    let (latency, ended_at) = (began.elapsed(), deps.clock.now());
    let jitter = Jitter::from_number(deps.ids.next_id(ended_at).as_u128());
    let verdict = judge(answer(&received), tries.saturating_add(1), jitter);
    metrics.attempted(&received, verdict, latency);
    let (status, error, answer) = match received {
        Received::Answer { status, beginning, .. } => {
            (Some(status), None, Some(beginning).filter(|body| !body.is_empty()))
        }
        Received::Refused(why) | Received::Nothing(why) => (None, Some(cut(why)), None),
    };
    let made = AttemptMade {
        delivery: id,
        webhook,
        at,
        latency,
        status,
        error,
        answer,
        verdict,
        ended_at,
    };
    if let Err(error) = deps.queue.record(made).await {
        tracing::error!(delivery = %id, %error, "webhook_attempt_cannot_be_written");
        // the disk may be full: not at once again
        tokio::time::sleep(LOOK_EVERY).await;
    }
    id
}

const fn answer(received: &Received) -> Answer {
    match received {
        Received::Answer { status, retry_after, .. } => {
            Answer::Status { status: *status, retry_after: *retry_after }
        }
        Received::Refused(_) | Received::Nothing(_) => Answer::Nothing,
    }
}

fn cut(mut why: String) -> String {
    why.truncate(why.floor_char_boundary(ERROR_BYTES_MAX));
    why
}

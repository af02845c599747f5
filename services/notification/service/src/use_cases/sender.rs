//! Sends webhooks what is due: each message signed, each attempt written down.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_notification_domain::{Answer, Jitter, WebhookId, judge};
use kit_core::{Clock, IdSource};
use tokio::time::Instant;

use super::dispatcher::{LOOK_EVERY, Task, Work, cut};
use super::{AttemptMade, DeliveryQueue, DueDelivery, Received, Receiver, SenderMetrics, sign};

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
}

/// The work of sending deliveries.
pub struct Sender {
    deps: SenderDeps,
    metrics: SenderMetrics,
}

impl Sender {
    /// A sender with these dependencies.
    #[must_use]
    pub fn new(deps: SenderDeps) -> Self {
        Self { deps, metrics: SenderMetrics::default() }
    }
}

#[async_trait]
impl Work for Sender {
    type Due = DueDelivery;
    type Receiver = WebhookId;

    fn name(&self) -> &'static str {
        "webhook-sender"
    }

    fn task(&self, due: &DueDelivery) -> Task<WebhookId> {
        Task { id: due.id.as_uuid(), receiver: due.webhook }
    }

    async fn due(&self, of_each: usize) -> Vec<DueDelivery> {
        let due = self.deps.queue.due(self.deps.clock.now(), of_each).await;
        due.unwrap_or_else(|error| {
            tracing::error!(%error, "webhook_deliveries_cannot_be_read");
            Vec::new()
        })
    }

    /// What cannot be written is sent again, with the same id.
    async fn attempt(&self, delivery: DueDelivery) {
        let deps = &self.deps;
        let (began, at) = (Instant::now(), deps.clock.now());
        let DueDelivery { id, webhook, url, event_id, payload, tries, secrets } = delivery;
        let received = match sign(&secrets, event_id, at, &payload) {
            Some(signed) => deps.receiver.post(&url, signed, payload).await,
            None => Received::Refused("the webhook's secret is damaged: rotate it".to_owned()),
        };
        let (latency, ended_at) = (began.elapsed(), deps.clock.now());
        let jitter = Jitter::from_number(deps.ids.next_id(ended_at).as_u128());
        let verdict = judge(answer(&received), tries.saturating_add(1), jitter);
        self.metrics.attempted(&received, verdict, latency);
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
    }

    async fn tidy(&self) {
        let now = self.deps.clock.now();
        match self.deps.queue.tidy(now).await {
            Ok(tally) => self.metrics.tallied(&tally, now),
            Err(error) => tracing::error!(%error, "webhook_deliveries_cannot_be_tidied"),
        }
    }
}

const fn answer(received: &Received) -> Answer {
    match received {
        Received::Answer { status, retry_after, .. } => {
            Answer::Status { status: *status, retry_after: *retry_after }
        }
        Received::Refused(_) | Received::Nothing(_) => Answer::Nothing,
    }
}

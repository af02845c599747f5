//! Sends people what is due: each message written in their language when it is sent, each attempt written down.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_notification_domain::{Channel, ChannelAnswer, Jitter, Verdict, judge_answer};
use kit_core::{Clock, IdSource};
use tokio::time::Instant;

use super::message::named;
use super::metrics::NotificationMetrics;
use super::{
    CatalogueNames, Channels, DueNotification, Messages, NotificationAttemptMade,
    NotificationQueue, Outgoing, Sent,
};
use crate::use_cases::dispatcher::{LOOK_EVERY, Task, Work, cut};

/// What a sender works with.
pub struct NotificationSenderDeps {
    /// What is due.
    pub queue: Arc<dyn NotificationQueue>,
    /// What is said.
    pub messages: Messages,
    /// Who knows what stores and products are called.
    pub names: Arc<dyn CatalogueNames>,
    /// Where it goes.
    pub channels: Arc<dyn Channels>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub ids: Arc<dyn IdSource>,
}

/// The work of sending notifications.
pub struct NotificationSender {
    deps: NotificationSenderDeps,
    metrics: NotificationMetrics,
}

impl NotificationSender {
    /// A sender with these dependencies.
    #[must_use]
    pub fn new(deps: NotificationSenderDeps) -> Self {
        Self { deps, metrics: NotificationMetrics::default() }
    }

    /// Writes the message and sends it; with subject and text, where there are any.
    async fn send(&self, due: &DueNotification) -> (Sent, Option<(String, String)>) {
        let DueNotification { id, subscription, severity, notices, .. } = due;
        let (stores, products) = named(notices);
        let names = self.deps.names.names(&stores, &products).await;
        let to = (subscription.id, &subscription.settings);
        let message = match self.deps.messages.message(to, notices, &names) {
            Ok(message) => message,
            Err(wrong) => {
                return (Sent::Failed { reason: wrong.to_string(), retry_after: None }, None);
            }
        };
        let said = Some((message.subject.clone(), message.text.clone()));
        let outgoing = Outgoing {
            id: *id,
            subscription: subscription.clone(),
            severity: *severity,
            message,
            at: self.deps.clock.now(),
        };
        (self.deps.channels.send(outgoing).await, said)
    }
}

#[async_trait]
impl Work for NotificationSender {
    type Due = DueNotification;
    type Receiver = Channel;

    fn name(&self) -> &'static str {
        "notification-sender"
    }

    fn task(&self, due: &DueNotification) -> Task<Channel> {
        let receiver = due.subscription.settings.recipient.channel();
        Task { id: due.id.as_uuid(), receiver }
    }

    async fn due(&self, of_each: usize) -> Vec<DueNotification> {
        let due = self.deps.queue.due_notifications(self.deps.clock.now(), of_each).await;
        due.unwrap_or_else(|error| {
            tracing::error!(%error, "notifications_cannot_be_read");
            Vec::new()
        })
    }

    /// What cannot be written is sent again, with the same id.
    async fn attempt(&self, due: DueNotification) {
        let (began, at) = (Instant::now(), self.deps.clock.now());
        let (sent, said) = self.send(&due).await;
        let (latency, ended_at) = (began.elapsed(), self.deps.clock.now());
        let jitter = Jitter::from_number(self.deps.ids.next_id(ended_at).as_u128());
        let verdict = judge_answer(answer(&sent), due.tries.saturating_add(1), jitter);
        let settings = &due.subscription.settings;
        let channel = settings.recipient.channel();
        NotificationMetrics::attempted(channel, &sent, verdict, latency);
        let (answer, reason) = match sent {
            Sent::Accepted(answer) => (Some(cut(answer)).filter(|text| !text.is_empty()), None),
            Sent::Rejected(reason) | Sent::Failed { reason, .. } => (None, Some(cut(reason))),
        };
        let due_at = match verdict {
            // what failed in the evening does not come at night
            Verdict::Retry(pause) => Some(settings.release(ended_at.after(pause), due.severity)),
            _ => None,
        };
        if matches!(verdict, Verdict::Dead) {
            tracing::warn!(notification = %due.id, recipient = %settings.recipient, "notification_is_dead");
        }
        let notification = due.id;
        let made = NotificationAttemptMade {
            notification,
            channel,
            at,
            latency,
            reason,
            answer,
            said,
            verdict,
            due_at,
            ended_at,
        };
        if let Err(error) = self.deps.queue.record_notification(made).await {
            tracing::error!(%notification, %error, "notification_attempt_cannot_be_written");
            // the disk may be full: not at once again
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn tidy(&self) {
        let now = self.deps.clock.now();
        match self.deps.queue.tidy_notifications(now).await {
            Ok(tally) => self.metrics.tallied(&tally, now),
            Err(error) => tracing::error!(%error, "notifications_cannot_be_tidied"),
        }
    }
}

const fn answer(sent: &Sent) -> ChannelAnswer {
    match sent {
        Sent::Accepted(_) => ChannelAnswer::Accepted,
        Sent::Rejected(_) => ChannelAnswer::Rejected,
        Sent::Failed { retry_after, .. } => ChannelAnswer::Failed { retry_after: *retry_after },
    }
}

//! Ports: where webhooks and deliveries are kept, and how a message reaches its receiver.

use std::time::Duration;

use async_trait::async_trait;
use gondola_notification_domain::{DeliveryId, WebhookId};
use kit_core::Timestamp;
use kit_service::{ReadError, Slice};

use super::{
    AttemptMade, DayFigures, Delivery, DeliveryDetail, DeliveryQuery, DueDelivery, HistoryEntry,
    Replay, Signed, Tally, Wanted, WebhookEntry, WriteError,
};

/// Keeps webhooks. A change is on disk when it is answered; events, state and secrets change together.
#[async_trait]
pub trait WebhookRepository: Send + Sync {
    /// Carries out a command, if the domain grants it; `None` when the webhook is no more.
    async fn perform(&self, wanted: Wanted) -> Result<Option<WebhookEntry>, WriteError>;

    /// Makes deliveries that have ended due once more, with all attempts before them; says how many.
    async fn replay(&self, which: Replay, now: Timestamp) -> Result<usize, WriteError>;
}

/// Shows webhooks and deliveries as they are.
#[async_trait]
pub trait WebhookReadModel: Send + Sync {
    /// Some webhooks by id, after one.
    async fn webhooks(
        &self,
        after: Option<WebhookId>,
        limit: usize,
    ) -> Result<Slice<WebhookEntry, WebhookId>, ReadError>;

    /// One.
    async fn webhook(&self, id: WebhookId) -> Result<Option<WebhookEntry>, ReadError>;

    /// The newest things that happened to a webhook, newest first.
    async fn history(&self, id: WebhookId, limit: usize) -> Result<Vec<HistoryEntry>, ReadError>;

    /// Some deliveries, newest first.
    async fn deliveries(
        &self,
        query: DeliveryQuery,
    ) -> Result<Slice<Delivery, DeliveryId>, ReadError>;

    /// One delivery of a webhook.
    async fn delivery(
        &self,
        webhook: WebhookId,
        id: DeliveryId,
    ) -> Result<Option<DeliveryDetail>, ReadError>;

    /// What came of the attempts to a webhook in its latest days, newest first.
    async fn figures(&self, webhook: WebhookId, days: usize) -> Result<Vec<DayFigures>, ReadError>;
}

/// The deliveries as their sender sees them.
#[async_trait]
pub trait DeliveryQueue: Send + Sync {
    /// What is due, of enabled webhooks only and at most so many of each, the longest due first.
    async fn due(&self, now: Timestamp, of_each: usize) -> Result<Vec<DueDelivery>, ReadError>;

    /// Writes an attempt and all that follows from it, together. Nothing, when the delivery is no more.
    async fn record(&self, made: AttemptMade) -> Result<(), WriteError>;

    /// Forgets what is older than it is kept, and counts the rest.
    async fn tidy(&self, now: Timestamp) -> Result<Tally, WriteError>;
}

/// What came of a message that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// The receiver answered.
    Answer {
        /// With this HTTP status.
        status: u16,
        /// The pause that it asks for.
        retry_after: Option<Duration>,
        /// The beginning of the body; what is not UTF-8 is replaced.
        beginning: String,
    },
    /// It is not to be reached, and was not asked.
    Refused(String),
    /// It did not answer, or not in time.
    Nothing(String),
}

/// Receivers of messages.
#[async_trait]
pub trait Receiver: Send + Sync {
    /// Why an address is not to be reached, as far as its form tells.
    fn check(&self, url: &str) -> Result<(), String>;

    /// Posts a message.
    async fn post(&self, url: &str, signed: Signed, body: String) -> Received;
}

//! Ports: where subscriptions and notifications are kept, who knows names, and how a message reaches its recipient.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use gondola_notification_domain::{
    Language, NotificationId, Recipient, Severity, Subscription, SubscriptionId,
};
use kit_core::Timestamp;
use kit_service::{ReadError, Slice};
use uuid::Uuid;

use super::{
    DayOfChannel, DueNotification, Message, Notification, NotificationAttemptMade,
    NotificationDetail, NotificationQuery, NotificationReplay, NotificationTally,
    SubscriptionEntry, SubscriptionError, WantedSubscription,
};

/// Keeps subscriptions. A change is on disk when it is answered.
#[async_trait]
pub trait SubscriptionRepository: Send + Sync {
    /// Carries out a write; `None` when the subscription is no more.
    async fn write(
        &self,
        wanted: WantedSubscription,
    ) -> Result<Option<SubscriptionEntry>, SubscriptionError>;

    /// Makes notifications that have ended due once more, with all attempts before them; says how many.
    async fn replay_notifications(
        &self,
        which: NotificationReplay,
        now: Timestamp,
    ) -> Result<usize, SubscriptionError>;
}

/// Shows subscriptions and notifications as they are.
#[async_trait]
pub trait NotificationReadModel: Send + Sync {
    /// Some subscriptions by id, after one.
    async fn subscriptions(
        &self,
        after: Option<SubscriptionId>,
        limit: usize,
    ) -> Result<Slice<SubscriptionEntry, SubscriptionId>, ReadError>;

    /// One.
    async fn subscription(
        &self,
        id: SubscriptionId,
    ) -> Result<Option<SubscriptionEntry>, ReadError>;

    /// Some notifications, newest first.
    async fn notifications(
        &self,
        query: NotificationQuery,
    ) -> Result<Slice<Notification, NotificationId>, ReadError>;

    /// One notification.
    async fn notification(
        &self,
        id: NotificationId,
    ) -> Result<Option<NotificationDetail>, ReadError>;

    /// What came of the attempts of the latest days, newest day first, each channel of it by its word.
    async fn channel_figures(&self, days: usize) -> Result<Vec<DayOfChannel>, ReadError>;
}

/// The notifications as their sender sees them.
#[async_trait]
pub trait NotificationQueue: Send + Sync {
    /// What is due, at most so many of each channel, the longest due first. No event joins any of these from now on.
    async fn due_notifications(
        &self,
        now: Timestamp,
        of_each: usize,
    ) -> Result<Vec<DueNotification>, SubscriptionError>;

    /// Writes an attempt and all that follows from it, together. Nothing, when the notification is no more.
    async fn record_notification(
        &self,
        made: NotificationAttemptMade,
    ) -> Result<(), SubscriptionError>;

    /// Forgets what is older than it is kept, and counts the rest.
    async fn tidy_notifications(
        &self,
        now: Timestamp,
    ) -> Result<NotificationTally, SubscriptionError>;
}

/// Who knows what stores and products are called.
#[async_trait]
pub trait CatalogueNames: Send + Sync {
    /// The names for people of stores and products, those that are known.
    async fn names(&self, stores: &[Uuid], products: &[Uuid]) -> HashMap<Uuid, String>;
}

/// A message on its way.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The notification: the same in every attempt, so that a repetition can be told.
    pub id: NotificationId,
    /// The subscription that it is sent for.
    pub subscription: Subscription,
    /// How much it matters.
    pub severity: Severity,
    /// What it says.
    pub message: Message,
    /// The present moment.
    pub at: Timestamp,
}

impl Outgoing {
    /// Whom it is for.
    #[must_use]
    pub const fn recipient(&self) -> &Recipient {
        &self.subscription.settings.recipient
    }

    /// In which language it is.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.subscription.settings.language
    }
}

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The channel has it; with what it answered.
    Accepted(String),
    /// It will never take it, and said why.
    Rejected(String),
    /// It did not take it this time.
    Failed {
        /// Why.
        reason: String,
        /// The pause that it asks for.
        retry_after: Option<Duration>,
    },
}

/// The channels.
#[async_trait]
pub trait Channels: Send + Sync {
    /// Why nothing can be sent to a recipient, as far as can be told without sending.
    fn check(&self, recipient: &Recipient) -> Result<(), String>;

    /// Sends a message by the channel of its recipient.
    async fn send(&self, outgoing: Outgoing) -> Sent;
}

//! Notifications: one message to one subscription, with the events that it tells of and what came of every attempt.

use std::time::Duration;

use gondola_notification_domain::{
    Channel, NotificationId, Severity, Subscription, SubscriptionId, Verdict,
};
use kit_core::Timestamp;
use uuid::Uuid;

use super::Notice;

/// How a notification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationState {
    /// It waits for its time, or for its next attempt.
    Pending,
    /// Its channel has taken it.
    Sent,
    /// No attempt follows, unless somebody asks for it.
    Dead,
}

impl NotificationState {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Pending, Self::Sent, Self::Dead].into_iter().find(|one| one.as_str() == word)
    }
}

/// A notification without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Which.
    pub id: NotificationId,
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// How much that matters which matters most of it.
    pub severity: Severity,
    /// Of how many events it tells.
    pub events: u32,
    /// How it stands.
    pub state: NotificationState,
    /// When its first event came.
    pub created_at: Timestamp,
    /// When it is tried next, while it is pending.
    pub due_at: Option<Timestamp>,
    /// Attempts that were made.
    pub attempts: u32,
    /// When it was sent or died.
    pub ended_at: Option<Timestamp>,
    /// Why its last attempt failed.
    pub reason: Option<String>,
}

/// A notification with all there is about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationDetail {
    /// The notification.
    pub notification: Notification,
    /// Its subject as it was last sent; `None` before its first attempt.
    pub subject: Option<String>,
    /// Its text as it was last sent.
    pub text: Option<String>,
    /// What it tells of, in order.
    pub events: Vec<NotificationEvent>,
    /// The latest 100 attempts, oldest first.
    pub attempts: Vec<NotificationAttempt>,
}

/// An event that a notification tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationEvent {
    /// The event's id.
    pub event_id: Uuid,
    /// Its type.
    pub event_type: String,
    /// How much it matters.
    pub severity: Severity,
}

/// An attempt that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationAttempt {
    /// Its place among those of the notification, from 1.
    pub number: u32,
    /// When it was begun.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub latency_ms: u64,
    /// Why it failed.
    pub reason: Option<String>,
    /// What the channel answered when it took it, such as the mail server's id.
    pub answer: Option<String>,
}

/// A notification that is to be tried now.
#[derive(Clone, Debug)]
pub struct DueNotification {
    /// Which.
    pub id: NotificationId,
    /// To which subscription, as it is now.
    pub subscription: Subscription,
    /// How much that matters which matters most of it.
    pub severity: Severity,
    /// Attempts since it was made or last replayed.
    pub tries: u32,
    /// What it tells of, in order.
    pub notices: Vec<Notice>,
}

/// An attempt and what it means.
#[derive(Clone, Debug)]
pub struct NotificationAttemptMade {
    /// Of which notification.
    pub notification: NotificationId,
    /// By which channel.
    pub channel: Channel,
    /// When it was begun.
    pub at: Timestamp,
    /// How long it took.
    pub latency: Duration,
    /// Why it failed.
    pub reason: Option<String>,
    /// What the channel answered when it took it.
    pub answer: Option<String>,
    /// What was sent: subject and text.
    pub said: Option<(String, String)>,
    /// What becomes of the notification.
    pub verdict: Verdict,
    /// When it is tried again, if it is.
    pub due_at: Option<Timestamp>,
    /// When that was known.
    pub ended_at: Timestamp,
}

/// Which notifications are wanted.
#[derive(Clone, Debug)]
pub struct NotificationQuery {
    /// Only those of this subscription.
    pub subscription: Option<SubscriptionId>,
    /// Only those that stand so.
    pub state: Option<NotificationState>,
    /// Only those made at this moment or later.
    pub since: Option<Timestamp>,
    /// Only those made before this moment.
    pub until: Option<Timestamp>,
    /// Only those before this one, newest first.
    pub before: Option<NotificationId>,
    /// How many at most.
    pub limit: usize,
}

/// Which notifications are to be sent once more.
#[derive(Clone, Copy, Debug)]
pub enum NotificationReplay {
    /// One.
    One(NotificationId),
    /// Those of a time that are dead, oldest first.
    Dead {
        /// Only those of this subscription.
        subscription: Option<SubscriptionId>,
        /// Made at this moment or later.
        since: Timestamp,
        /// Made before this moment.
        until: Timestamp,
        /// How many at most.
        limit: usize,
    },
}

/// What came of a day's attempts by a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayOfChannel {
    /// The day, UTC, such as `2026-11-28`.
    pub day: String,
    /// Which channel.
    pub channel: Channel,
    /// Notifications that were sent.
    pub sent: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Notifications that died.
    pub dead: u64,
}

/// How all notifications stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NotificationTally {
    /// How many wait for their time or for an attempt.
    pub pending: u64,
    /// How many are dead and kept.
    pub dead: u64,
    /// The moment since which the oldest is due.
    pub oldest_due: Option<Timestamp>,
}

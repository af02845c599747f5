//! Notifications on the wire.

use kit_core::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::{ChannelWord, SeverityWord};
use crate::use_cases::subscriptions::{
    DayOfChannel, Notification, NotificationAttempt, NotificationDetail, NotificationEvent,
    NotificationState,
};

/// How a notification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum NotificationStateWord {
    /// It waits for its time, or for its next attempt.
    Pending,
    /// Its channel has taken it.
    Sent,
    /// It was given up; a replay tries it again.
    Dead,
}

impl NotificationStateWord {
    pub(super) const fn state(self) -> NotificationState {
        match self {
            Self::Pending => NotificationState::Pending,
            Self::Sent => NotificationState::Sent,
            Self::Dead => NotificationState::Dead,
        }
    }

    const fn of(state: NotificationState) -> Self {
        match state {
            NotificationState::Pending => Self::Pending,
            NotificationState::Sent => Self::Sent,
            NotificationState::Dead => Self::Dead,
        }
    }
}

/// One message to one subscription.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NotificationBody {
    /// Which.
    notification_id: Uuid,
    /// For which subscription.
    subscription_id: Uuid,
    /// How much that matters which matters most of it.
    severity: SeverityWord,
    /// Of how many events it tells.
    event_count: u32,
    /// How it stands.
    state: NotificationStateWord,
    /// How often it was tried.
    attempts: u32,
    /// Why its last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// When its first event came.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it is tried next, while it is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    /// When it was sent or given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl From<Notification> for NotificationBody {
    fn from(one: Notification) -> Self {
        Self {
            notification_id: one.id.as_uuid(),
            subscription_id: one.subscription.as_uuid(),
            severity: SeverityWord::of(one.severity),
            event_count: one.events,
            state: NotificationStateWord::of(one.state),
            attempts: one.attempts,
            reason: one.reason,
            created_at: one.created_at,
            due_at: one.due_at,
            ended_at: one.ended_at,
        }
    }
}

/// A notification with what it says and what came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NotificationDetailBody {
    /// The notification.
    notification: NotificationBody,
    /// Its subject as it was last sent; absent before its first attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// Its text as it was last sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// What it tells of, in order.
    events: Vec<NotificationEventBody>,
    /// The latest 100 attempts, oldest first.
    attempts: Vec<NotificationAttemptBody>,
}

/// An event that a notification tells of.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NotificationEventBody {
    /// The event's id.
    event_id: Uuid,
    /// The event's type.
    event_type: String,
    /// How much it matters.
    severity: SeverityWord,
}

/// An attempt to send a notification.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NotificationAttemptBody {
    /// Its number, from 1.
    number: u32,
    /// When it was begun.
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    /// How long it took, in milliseconds.
    latency_ms: u64,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What the channel answered when it took it, such as the mail server's id of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

impl From<NotificationDetail> for NotificationDetailBody {
    fn from(detail: NotificationDetail) -> Self {
        let NotificationDetail { notification, subject, text, events, attempts } = detail;
        let event = |one: NotificationEvent| NotificationEventBody {
            event_id: one.event_id,
            event_type: one.event_type,
            severity: SeverityWord::of(one.severity),
        };
        let attempt = |one: NotificationAttempt| {
            let NotificationAttempt { number, at, latency_ms, reason, answer } = one;
            NotificationAttemptBody { number, made_at: at, latency_ms, reason, answer }
        };
        Self {
            notification: notification.into(),
            subject,
            text,
            events: events.into_iter().map(event).collect(),
            attempts: attempts.into_iter().map(attempt).collect(),
        }
    }
}

/// What came of attempts, by day and channel.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NotificationFigures {
    /// Days with attempts, newest first.
    pub(super) days: Vec<NotificationDay>,
}

/// A day's attempts by a channel.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NotificationDay {
    /// The day, UTC.
    #[schema(example = "2026-11-28")]
    day: String,
    /// Which channel.
    channel: ChannelWord,
    /// Notifications that were sent.
    sent: u64,
    /// Attempts that failed.
    failed_attempts: u64,
    /// Notifications that were given up.
    dead: u64,
}

impl From<DayOfChannel> for NotificationDay {
    fn from(figures: DayOfChannel) -> Self {
        let DayOfChannel { day, channel, sent, failed, dead } = figures;
        Self { day, channel: ChannelWord::of(channel), sent, failed_attempts: failed, dead }
    }
}

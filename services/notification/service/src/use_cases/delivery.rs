//! Deliveries: one event to one webhook, with what came of every attempt.

use std::time::Duration;

use gondola_notification_domain::{DeliveryId, Verdict, WebhookId};
use kit_core::Timestamp;
use uuid::Uuid;

use super::Secret;

/// How a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It waits for its next attempt.
    Pending,
    /// The receiver has it.
    Delivered,
    /// No attempt follows, unless somebody asks for it.
    Dead,
}

impl DeliveryState {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Pending, Self::Delivered, Self::Dead].into_iter().find(|one| one.as_str() == word)
    }
}

/// A delivery without its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Which.
    pub id: DeliveryId,
    /// The event's id, which every attempt has as `webhook-id`.
    pub event_id: Uuid,
    /// The event's type.
    pub event_type: String,
    /// What the event is about.
    pub subject: String,
    /// How it stands.
    pub state: DeliveryState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it is tried next, while it is pending.
    pub due_at: Option<Timestamp>,
    /// Attempts that were made.
    pub attempts: u32,
    /// When it was delivered or died.
    pub ended_at: Option<Timestamp>,
}

/// A delivery with all there is about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryDetail {
    /// The delivery.
    pub delivery: Delivery,
    /// What is sent.
    pub payload: String,
    /// The latest 100 attempts, oldest first.
    pub attempts: Vec<Attempt>,
}

/// An attempt that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Its place among those of the delivery, from 1.
    pub number: u32,
    /// When it was begun.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub latency_ms: u64,
    /// The HTTP status that the receiver answered.
    pub status: Option<u16>,
    /// Why there is no answer.
    pub error: Option<String>,
    /// The beginning of the answer's body; what is not UTF-8 is replaced.
    pub answer: Option<String>,
}

/// A delivery that is to be tried now.
#[derive(Clone, Debug)]
pub struct DueDelivery {
    /// Which.
    pub id: DeliveryId,
    /// To which webhook.
    pub webhook: WebhookId,
    /// Where that is.
    pub url: String,
    /// The event's id.
    pub event_id: Uuid,
    /// What is sent.
    pub payload: String,
    /// Attempts since it was made or last replayed.
    pub tries: u32,
    /// What to sign with, the present secret first.
    pub secrets: Vec<Secret>,
}

/// An attempt and what it means.
#[derive(Clone, Debug)]
pub struct AttemptMade {
    /// Of which delivery.
    pub delivery: DeliveryId,
    /// To which webhook.
    pub webhook: WebhookId,
    /// When it was begun.
    pub at: Timestamp,
    /// How long it took.
    pub latency: Duration,
    /// The HTTP status of the answer.
    pub status: Option<u16>,
    /// Why there is none.
    pub error: Option<String>,
    /// The beginning of its body.
    pub answer: Option<String>,
    /// What becomes of the delivery.
    pub verdict: Verdict,
    /// When that was known.
    pub ended_at: Timestamp,
}

/// Which deliveries are wanted.
#[derive(Clone, Debug)]
pub struct DeliveryQuery {
    /// Of which webhook.
    pub webhook: WebhookId,
    /// Only those that stand so.
    pub state: Option<DeliveryState>,
    /// Only those of events of this type.
    pub event_type: Option<String>,
    /// Only those made at this moment or later.
    pub since: Option<Timestamp>,
    /// Only those made before this moment.
    pub until: Option<Timestamp>,
    /// Only those before this one, newest first.
    pub before: Option<DeliveryId>,
    /// How many at most.
    pub limit: usize,
}

/// Which deliveries are to be sent once more.
#[derive(Clone, Debug)]
pub enum Replay {
    /// One of a webhook.
    One(WebhookId, DeliveryId),
    /// Those that a webhook was to get in a time, oldest first.
    Range {
        /// Which webhook.
        webhook: WebhookId,
        /// Those that stand so.
        state: DeliveryState,
        /// Made at this moment or later.
        since: Timestamp,
        /// Made before this moment.
        until: Timestamp,
        /// How many at most.
        limit: usize,
    },
}

/// What came of a day's attempts to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayFigures {
    /// The day, UTC, such as `2026-11-28`.
    pub day: String,
    /// Deliveries that the receiver has.
    pub delivered: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Deliveries that died.
    pub dead: u64,
}

/// How all deliveries stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many wait for an attempt, those of disabled webhooks included.
    pub pending: u64,
    /// How many are dead and kept.
    pub dead: u64,
    /// The moment since which the oldest is due that an enabled webhook has.
    pub oldest_due: Option<Timestamp>,
}

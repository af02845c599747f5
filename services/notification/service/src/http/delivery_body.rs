//! Deliveries on the wire.

use kit_core::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::use_cases::{Attempt, DayFigures, Delivery, DeliveryDetail, DeliveryState};

/// How a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum DeliveryStateWord {
    /// It waits for its next attempt.
    Pending,
    /// The receiver has it.
    Delivered,
    /// It was given up; a replay tries it again.
    Dead,
}

impl DeliveryStateWord {
    pub(super) const fn state(self) -> DeliveryState {
        match self {
            Self::Pending => DeliveryState::Pending,
            Self::Delivered => DeliveryState::Delivered,
            Self::Dead => DeliveryState::Dead,
        }
    }

    const fn of(state: DeliveryState) -> Self {
        match state {
            DeliveryState::Pending => Self::Pending,
            DeliveryState::Delivered => Self::Delivered,
            DeliveryState::Dead => Self::Dead,
        }
    }
}

/// The delivery of one event to one webhook.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveryBody {
    /// Which.
    delivery_id: Uuid,
    /// The event's id: `webhook-id` of every attempt.
    event_id: Uuid,
    /// The event's type.
    event_type: String,
    /// What the event is about.
    subject: String,
    /// How it stands.
    state: DeliveryStateWord,
    /// How often it was tried.
    attempts: u32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it is tried next, while it is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    /// When it was delivered or given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl From<Delivery> for DeliveryBody {
    fn from(delivery: Delivery) -> Self {
        Self {
            delivery_id: delivery.id.as_uuid(),
            event_id: delivery.event_id,
            event_type: delivery.event_type,
            subject: delivery.subject,
            state: DeliveryStateWord::of(delivery.state),
            attempts: delivery.attempts,
            created_at: delivery.created_at,
            due_at: delivery.due_at,
            ended_at: delivery.ended_at,
        }
    }
}

/// A delivery with what is sent and what came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveryDetailBody {
    /// The delivery.
    delivery: DeliveryBody,
    /// What is sent, letter by letter as it is signed.
    payload: String,
    /// The latest 100 attempts, oldest first.
    attempts: Vec<AttemptBody>,
}

/// An attempt to deliver.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AttemptBody {
    /// Its number, from 1.
    number: u32,
    /// When it was begun.
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    /// How long it took, in milliseconds.
    latency_ms: u64,
    /// The HTTP status that the receiver answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Why there is no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// The beginning of the answer's body, at most 512 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

impl From<DeliveryDetail> for DeliveryDetailBody {
    fn from(detail: DeliveryDetail) -> Self {
        let DeliveryDetail { delivery, payload, attempts } = detail;
        let attempts = attempts.into_iter().map(AttemptBody::from).collect();
        Self { delivery: delivery.into(), payload, attempts }
    }
}

impl From<Attempt> for AttemptBody {
    fn from(attempt: Attempt) -> Self {
        let Attempt { number, at, latency_ms, status, error, answer } = attempt;
        Self { number, made_at: at, latency_ms, status, error, answer }
    }
}

/// What came of attempts, by day.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebhookFigures {
    /// Days with attempts, newest first.
    pub(super) days: Vec<WebhookDay>,
}

/// A day's attempts to a webhook.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WebhookDay {
    /// The day, UTC.
    #[schema(example = "2026-11-28")]
    day: String,
    /// Deliveries that the receiver has.
    delivered: u64,
    /// Attempts that failed.
    failed_attempts: u64,
    /// Deliveries that were given up.
    dead: u64,
}

impl From<DayFigures> for WebhookDay {
    fn from(figures: DayFigures) -> Self {
        let DayFigures { day, delivered, failed, dead } = figures;
        Self { day, delivered, failed_attempts: failed, dead }
    }
}

//! Refusals as problems.

use gondola_notification_domain::{
    DeliveryId, NotificationId, Refusal, SubscriptionId, SubscriptionRefusal, WebhookId,
};
use http::StatusCode;
use kit_http::Problem;

use crate::use_cases::WriteError;
use crate::use_cases::subscriptions::SubscriptionError;

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        let detail = error.to_string();
        match error {
            WriteError::Refused(Refusal::NotFound(id)) => unknown_webhook(id),
            WriteError::KeyReused(_) | WriteError::KeyGone(_) => {
                Self::idempotency_key_reused(detail)
            }
            WriteError::Changed { actual, .. } => {
                Self::precondition_failed(detail).with("version", actual.get())
            }
            WriteError::TooMany { .. } => {
                Self::conflict("too-many-webhooks", "Too many webhooks").detail(detail)
            }
            WriteError::Refused(Refusal::AlreadyRegistered(_)) | WriteError::Failed(_) => {
                Self::internal(detail)
            }
        }
    }
}

pub(super) fn unknown_webhook(id: WebhookId) -> Problem {
    let detail = Refusal::NotFound(id).to_string();
    Problem::new(StatusCode::NOT_FOUND, "webhook-not-found", "Not found").detail(detail)
}

pub(super) fn unknown_delivery(webhook: WebhookId, id: DeliveryId) -> Problem {
    let detail =
        format!("webhook {webhook} has no delivery {id}; one that has ended is kept for 30 days");
    Problem::new(StatusCode::NOT_FOUND, "webhook-delivery-not-found", "Not found").detail(detail)
}

impl From<SubscriptionError> for Problem {
    fn from(error: SubscriptionError) -> Self {
        let detail = error.to_string();
        match error {
            SubscriptionError::Refused(SubscriptionRefusal::NotFound(id)) => {
                unknown_subscription(id)
            }
            SubscriptionError::KeyReused(_) => Self::idempotency_key_reused(detail),
            SubscriptionError::Changed { actual, .. } => {
                Self::precondition_failed(detail).with("version", actual.get())
            }
            SubscriptionError::TooMany { .. } => {
                Self::conflict("too-many-subscriptions", "Too many subscriptions").detail(detail)
            }
            SubscriptionError::Failed(_) => Self::internal(detail),
        }
    }
}

pub(super) fn unknown_subscription(id: SubscriptionId) -> Problem {
    let detail = SubscriptionRefusal::NotFound(id).to_string();
    Problem::new(StatusCode::NOT_FOUND, "subscription-not-found", "Not found").detail(detail)
}

pub(super) fn unknown_notification(id: NotificationId) -> Problem {
    let detail = format!("there is no notification {id}; one that has ended is kept for 30 days");
    Problem::new(StatusCode::NOT_FOUND, "notification-not-found", "Not found").detail(detail)
}

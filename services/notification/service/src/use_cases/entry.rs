//! Webhooks as they are kept and changed.

use gondola_notification_domain::{Webhook, WebhookCommand, WebhookId};
use kit_core::{Actor, Timestamp, Version};

use super::Secret;

/// A webhook with what is known of it besides its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEntry {
    /// The webhook.
    pub webhook: Webhook,
    /// How many events it has had.
    pub version: Version,
    /// Since when every attempt has failed; `None` after a success.
    pub failing_since: Option<Timestamp>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Until when messages are signed with the secret before the present one as well.
    pub previous_secret_valid_until: Option<Timestamp>,
}

/// A change that is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Of which webhook.
    pub id: WebhookId,
    /// What.
    pub command: WebhookCommand,
    /// The version that it is for; any, where none is said.
    pub expected: Option<Version>,
    /// The new secret, where the command makes one.
    pub secret: Option<Secret>,
    /// Who wants it.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
}

/// Something that happened to a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Its place among those of the webhook.
    pub version: Version,
    /// What happened, such as `WebhookDisabledEvent`.
    pub event_type: String,
    /// Its data as JSON.
    pub data: String,
    /// When.
    pub recorded_at: Timestamp,
    /// By whom.
    pub actor: String,
}

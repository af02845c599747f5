//! What happened to a webhook.

use std::time::Duration;

use crate::{DisabledReason, Settings, WebhookId};

/// Something that happened to a webhook. No event has a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhookEvent {
    /// It was registered, and is enabled.
    Registered {
        /// Which it is.
        id: WebhookId,
        /// What was decided about it.
        settings: Settings,
    },
    /// Other settings hold from now on.
    Changed {
        /// All of them.
        settings: Settings,
    },
    /// Events are sent again.
    Enabled,
    /// Events are sent no more.
    Disabled {
        /// Why.
        reason: DisabledReason,
    },
    /// It has a new secret.
    SecretRotated {
        /// How long the one before it is used as well, whole seconds.
        overlap: Duration,
    },
    /// It is no more.
    Removed,
}

impl WebhookEvent {
    /// Its name where events are stored.
    #[must_use]
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "WebhookRegisteredEvent",
            Self::Changed { .. } => "WebhookChangedEvent",
            Self::Enabled => "WebhookEnabledEvent",
            Self::Disabled { .. } => "WebhookDisabledEvent",
            Self::SecretRotated { .. } => "WebhookSecretRotatedEvent",
            Self::Removed => "WebhookRemovedEvent",
        }
    }
}

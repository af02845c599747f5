//! Why a command about a webhook is refused.

use crate::WebhookId;

/// A command that is not carried out; nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such webhook.
    #[error("there is no webhook {0}; GET /api/v1/webhooks lists those there are")]
    NotFound(WebhookId),
    /// Its id is taken.
    #[error("there is a webhook {0} already; leave the id to the server")]
    AlreadyRegistered(WebhookId),
}

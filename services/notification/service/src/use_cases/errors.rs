//! Why a change of this context's state did not happen.

use gondola_notification_domain::{Refusal, WebhookId};
use kit_core::Version;

use super::keyed_id::KeyReused;

/// A change that did not happen.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WriteError {
    /// The domain refused it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Its key was used for another request.
    #[error(transparent)]
    KeyReused(#[from] KeyReused),
    /// What its key has made is gone.
    #[error("this Idempotency-Key has made webhook {0}, which was removed: take a new key")]
    KeyGone(WebhookId),
    /// It was for another version than the present one.
    #[error(
        "the webhook has version {actual}, not {expected}: read it again and send the change with its present ETag"
    )]
    Changed {
        /// The version that the caller has seen.
        expected: Version,
        /// The present one.
        actual: Version,
    },
    /// There are as many webhooks as there may be.
    #[error("there are {most} webhooks, the most there may be: remove one first")]
    TooMany {
        /// How many.
        most: usize,
    },
    /// It could not be written.
    #[error("the state of webhooks cannot be written: {0}")]
    Failed(String),
}

//! What makes a repeated request harmless: its key, and a fingerprint of what it asked for.

use axum::extract::FromRequestParts;
use gondola_inventory_domain::ReservationId;
use http::request::Parts;
use kit_event_store::executor::Idempotency;
use kit_http::{Problem, RequestContext};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::application::By;

/// Longest `Idempotency-Key`, in bytes.
const KEY_BYTES_MAX: usize = 255;

/// Who sends a command, as the headers tell it: request context and `Idempotency-Key`.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    pub(super) context: RequestContext,
    key: Option<Box<str>>,
}

impl<S: Sync> FromRequestParts<S> for Sender {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let context = RequestContext::from_request_parts(parts, state).await?;
        let key = match parts.headers.get("idempotency-key") {
            None => None,
            Some(value) => Some(value.to_str().ok().and_then(valid_key).ok_or_else(|| {
                let detail = format!("Idempotency-Key must be 1 to {KEY_BYTES_MAX} visible ASCII characters");
                Problem::bad_request(detail)
            })?),
        };
        Ok(Self { context, key })
    }
}

fn valid_key(text: &str) -> Option<Box<str>> {
    let valid = !text.is_empty() && text.len() <= KEY_BYTES_MAX && text.bytes().all(|byte| byte.is_ascii_graphic());
    valid.then(|| text.into())
}

impl Sender {
    /// The sender of one command: the header's key, else the reservation id that the caller chose.
    pub(super) fn by(
        &self,
        operation: &str,
        body: &impl Serialize,
        chosen: Option<ReservationId>,
    ) -> By {
        let key = match (&self.key, chosen) {
            (Some(key), _) => Some(format!("key:{key}")),
            (None, Some(id)) => Some(format!("reservation:{id}")),
            (None, None) => None,
        };
        self.with_key(key, operation, body)
    }

    /// The sender of one line of a batch: the batch's key with the line's number, so that a batch may be sent again.
    pub(super) fn by_line(
        &self,
        line: usize,
        operation: &str,
        body: &impl Serialize,
        chosen: Option<ReservationId>,
    ) -> By {
        let key = match (&self.key, chosen) {
            (Some(key), _) => Some(format!("key:{key}:{line}")),
            (None, Some(id)) => Some(format!("reservation:{id}")),
            (None, None) => None,
        };
        self.with_key(key, operation, body)
    }

    fn with_key(&self, key: Option<String>, operation: &str, body: &impl Serialize) -> By {
        let idempotency = key.map(|key| Idempotency {
            key: key.into(),
            fingerprint: fingerprint(operation, body),
        });
        By {
            actor: self.context.actor.clone(),
            correlation_id: self.context.correlation_id,
            idempotency,
        }
    }
}

/// A digest of what was asked, however it was spaced or ordered.
fn fingerprint(operation: &str, body: &impl Serialize) -> Box<str> {
    use std::fmt::Write;
    let mut digest = Sha256::new();
    digest.update(operation);
    digest.update(serde_json::to_vec(body).unwrap_or_default());
    let mut text = String::with_capacity(32);
    for byte in &digest.finalize()[..16] {
        // writing to a string does not fail
        let _ = write!(text, "{byte:02x}");
    }
    text.into()
}

//! Who sends a command, as the headers tell it, and under which idempotency key.

use axum::extract::FromRequestParts;
use gondola_inventory_domain::ReservationId;
use http::request::Parts;
use kit_core::{Caller, Idempotency};
use kit_http::{IdempotencyKey, Problem, RequestContext};
use serde::Serialize;

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
        let IdempotencyKey(key) = IdempotencyKey::from_request_parts(parts, state).await?;
        Ok(Self { context, key })
    }
}

impl Sender {
    /// The sender of one command: the header's key, else the reservation id that the caller chose.
    pub(super) fn by(
        &self,
        operation: &str,
        body: &impl Serialize,
        chosen: Option<ReservationId>,
    ) -> Caller {
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
    ) -> Caller {
        let key = match (&self.key, chosen) {
            (Some(key), _) => Some(format!("key:{key}:{line}")),
            (None, Some(id)) => Some(format!("reservation:{id}")),
            (None, None) => None,
        };
        self.with_key(key, operation, body)
    }

    fn with_key(&self, key: Option<String>, operation: &str, body: &impl Serialize) -> Caller {
        let idempotency = key.map(|key| Idempotency {
            key: key.into(),
            fingerprint: IdempotencyKey::fingerprint(operation, body),
        });
        Caller {
            actor: self.context.actor.clone(),
            correlation_id: self.context.correlation_id,
            idempotency,
        }
    }
}

//! Who sends a request, as its headers tell it.

use axum::extract::FromRequestParts;
use http::request::Parts;
use kit_core::{Caller, Idempotency};
use kit_http::{IdempotencyKey, Problem, RequestContext};
use serde::Serialize;

/// Who sends a command, as the headers tell it, and what to: method and path.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    context: RequestContext,
    operation: String,
    key: Option<Box<str>>,
}

impl<S: Sync> FromRequestParts<S> for Sender {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let context = RequestContext::from_request_parts(parts, state).await?;
        let operation = format!("{} {}", parts.method, parts.uri.path());
        let IdempotencyKey(key) = IdempotencyKey::from_request_parts(parts, state).await?;
        Ok(Self { context, operation, key })
    }
}

impl Sender {
    /// The sender of a command with this body.
    pub(super) fn by(self, body: &impl Serialize) -> Caller {
        let Self { context, operation, key } = self;
        let idempotency = |key| {
            let fingerprint = IdempotencyKey::fingerprint(&operation, body);
            Idempotency { key, fingerprint }
        };
        Caller {
            actor: context.actor,
            correlation_id: context.correlation_id,
            idempotency: key.map(idempotency),
        }
    }
}

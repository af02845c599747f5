//! The caller of a command, from the headers of the request.

use axum::extract::FromRequestParts;
use http::request::Parts;
use kit_core::{Caller, Idempotency};
use serde::Serialize;

use crate::{IdempotencyKey, Problem, RequestContext};

/// The caller of a request, before its body is known. Method, path and body name the command.
#[derive(Clone, Debug)]
pub struct CallerHeaders {
    context: RequestContext,
    operation: String,
    key: Option<Box<str>>,
}

impl<S: Sync> FromRequestParts<S> for CallerHeaders {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let context = RequestContext::from_request_parts(parts, state).await?;
        let operation = format!("{} {}", parts.method, parts.uri.path());
        let IdempotencyKey(key) = IdempotencyKey::from_request_parts(parts, state).await?;
        Ok(Self { context, operation, key })
    }
}

impl CallerHeaders {
    /// The caller, with an idempotency key that is bound to method, path and this body.
    pub fn caller(self, body: &impl Serialize) -> Caller {
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

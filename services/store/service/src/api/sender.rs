//! Who sends a request, and what makes a repeated request harmless: its key, and a fingerprint of what it asked for.

use std::fmt::Write;

use axum::extract::FromRequestParts;
use http::request::Parts;
use kit_event_store::executor::Idempotency;
use kit_http::{Problem, RequestContext};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::application::By;

/// Longest `Idempotency-Key`, in bytes.
const KEY_BYTES_MAX: usize = 255;

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
        let key = parts.headers.get("idempotency-key");
        let key = key.map(|value| value.to_str().ok().and_then(valid_key).ok_or_else(invalid_key));
        Ok(Self { context, operation, key: key.transpose()? })
    }
}

fn valid_key(text: &str) -> Option<Box<str>> {
    let fits = (1..=KEY_BYTES_MAX).contains(&text.len());
    (fits && text.bytes().all(|byte| byte.is_ascii_graphic())).then(|| text.into())
}

fn invalid_key() -> Problem {
    Problem::bad_request(format!(
        "header idempotency-key must be 1 to {KEY_BYTES_MAX} visible ASCII characters"
    ))
}

impl Sender {
    /// The sender of a command with this body.
    pub(super) fn by(self, body: &impl Serialize) -> By {
        let Self { context, operation, key } = self;
        let fingerprint = |key| Idempotency { key, fingerprint: fingerprint(&operation, body) };
        By {
            actor: context.actor,
            correlation_id: context.correlation_id,
            idempotency: key.map(fingerprint),
        }
    }
}

/// A digest of what was asked, however its body was spaced or ordered.
fn fingerprint(operation: &str, body: &impl Serialize) -> Box<str> {
    let mut digest = Sha256::new();
    digest.update(operation);
    digest.update("\n");
    // request bodies are plain structs, which always serialise
    digest.update(serde_json::to_vec(body).unwrap_or_default());
    let mut text = String::with_capacity(64);
    for byte in digest.finalize() {
        // writing to a string does not fail
        let _ = write!(text, "{byte:02x}");
    }
    text.into()
}

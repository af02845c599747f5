//! Idempotent requests: the key, and a fingerprint of the request.

use std::fmt::Write;

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{Problem, only_header};

/// Says of an answer that it is the one of an earlier request.
pub(crate) const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Marks an answer as the one of an earlier request with the same key.
pub fn mark_replayed(headers: &mut HeaderMap) {
    headers.insert(IDEMPOTENCY_REPLAYED, HeaderValue::from_static("true"));
}

/// Carries the key.
const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The header `Idempotency-Key`, if there is one: 1 to [`IdempotencyKey::BYTES_MAX`] visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<Box<str>>);

impl IdempotencyKey {
    /// Longest key, in bytes.
    pub const BYTES_MAX: usize = 255;

    /// Digest of an operation's name and body, however the body was spaced or ordered: 64 hexadecimal digits.
    ///
    /// Tells a repetition from another request under the same key.
    pub fn fingerprint(operation: &str, body: &impl Serialize) -> Box<str> {
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
}

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = only_header(&parts.headers, &HEADER)? else { return Ok(Self(None)) };
        let fits = (1..=Self::BYTES_MAX).contains(&value.len());
        match value.to_str() {
            Ok(text) if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(Self(Some(text.into())))
            }
            _ => Err(Problem::bad_request(format!(
                "header {HEADER} must be 1 to {} visible ASCII characters",
                Self::BYTES_MAX
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn key_of(values: &[&[u8]]) -> Result<IdempotencyKey, Problem> {
        let mut request = http::Request::builder();
        for value in values {
            request = request.header("Idempotency-Key", *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        IdempotencyKey::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn keys_are_visible_ascii_of_limited_length() {
        assert_eq!(key_of(&[b"order-17"]).await.unwrap(), IdempotencyKey(Some("order-17".into())));
        for bad in [&b""[..], b"two words", b"\xff", &[b'x'; 256]] {
            assert_eq!(key_of(&[bad]).await.unwrap_err().status(), 400);
        }
    }

    #[tokio::test]
    async fn two_keys_are_refused_even_when_they_are_equal() {
        for second in [&b"order-17"[..], b"order-18"] {
            let problem = key_of(&[b"order-17", second]).await.unwrap_err();
            assert_eq!(
                problem.to_string(),
                "400 bad-request: header idempotency-key is there 2 times, send one"
            );
        }
    }

    #[test]
    fn a_fingerprint_tells_operations_and_bodies_apart() {
        let one = IdempotencyKey::fingerprint("reserve", &1);
        assert_eq!(one.len(), 64);
        assert_eq!(one, IdempotencyKey::fingerprint("reserve", &1));
        assert_ne!(one, IdempotencyKey::fingerprint("reserve", &2));
        assert_ne!(one, IdempotencyKey::fingerprint("commit", &1));
    }
}

//! Idempotent requests: the key, and a fingerprint of the request.

use std::fmt::Write;

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::Problem;

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
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        let fits = (1..=Self::BYTES_MAX).contains(&value.len());
        match value.to_str() {
            Ok(text) if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(Self(Some(text.into())))
            }
            _ => Err(Problem::bad_request(format!(
                "header idempotency-key must be 1 to {} visible ASCII characters",
                Self::BYTES_MAX
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn key_of(value: &[u8]) -> Result<IdempotencyKey, Problem> {
        let (mut parts, ()) = http::Request::builder()
            .header("Idempotency-Key", value)
            .body(())
            .unwrap()
            .into_parts();
        IdempotencyKey::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn keys_are_visible_ascii_of_limited_length() {
        assert_eq!(key_of(b"order-17").await.unwrap(), IdempotencyKey(Some("order-17".into())));
        for bad in [&b""[..], b"two words", b"\xff", &[b'x'; 256]] {
            assert_eq!(key_of(bad).await.unwrap_err().status(), 400);
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

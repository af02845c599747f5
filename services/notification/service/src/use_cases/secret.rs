//! Secrets of webhooks, and signatures made with them, as Standard Webhooks 1.0 has them.

use std::fmt;

use aws_lc_rs::{hmac, rand};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kit_core::Timestamp;
use uuid::Uuid;

/// What a receiver knows our messages by. It is shown when it is made, and is in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

/// Bytes of a new secret; the standard has 24 to 64.
const SECRET_BYTES: usize = 32;

impl Secret {
    /// What every secret begins with.
    const PREFIX: &'static str = "whsec_";

    /// A new secret from the system's randomness; `None` where that fails.
    #[must_use]
    pub fn random() -> Option<Self> {
        let mut bytes = [0; SECRET_BYTES];
        rand::fill(&mut bytes).ok()?;
        Some(Self(format!("{}{}", Self::PREFIX, STANDARD.encode(bytes)).into()))
    }

    /// One that was made before, as it was kept.
    #[must_use]
    pub fn kept(text: String) -> Self {
        Self(text.into())
    }

    /// Its text.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn key(&self) -> Option<hmac::Key> {
        let bytes = STANDARD.decode(self.0.strip_prefix(Self::PREFIX)?).ok()?;
        Some(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// What goes with a message so that its receiver can tell that it is ours, whole, and not an old one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// `webhook-id`: the same in every attempt.
    pub id: String,
    /// `webhook-timestamp`: seconds since 1970, of this attempt.
    pub timestamp: String,
    /// `webhook-signature`: one `v1` signature for each secret that is good, with blanks between.
    pub signature: String,
}

/// Signs a message with every secret that is good at present; `None` where one of them is no secret.
#[must_use]
pub fn sign(secrets: &[Secret], id: Uuid, at: Timestamp, body: &str) -> Option<Signed> {
    let (id, timestamp) = (id.to_string(), (at.as_millis() / 1_000).to_string());
    let signed = format!("{id}.{timestamp}.{body}");
    let signature = |secret: &Secret| {
        let tag = hmac::sign(&secret.key()?, signed.as_bytes());
        Some(format!("v1,{}", STANDARD.encode(tag)))
    };
    let signatures: Option<Vec<_>> = secrets.iter().map(signature).collect();
    Some(Signed { id, timestamp, signature: signatures?.join(" ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_secret_has_256_bits_and_is_not_shown_by_chance() {
        let (one, other) = (Secret::random().unwrap(), Secret::random().unwrap());
        assert_ne!(one, other);
        let bytes = STANDARD.decode(one.reveal().strip_prefix("whsec_").unwrap()).unwrap();
        assert_eq!(bytes.len(), 32);
        assert!(!format!("{one:?}").contains(one.reveal()));
    }

    #[test]
    fn there_is_a_signature_for_each_secret_and_others_compute_the_same() {
        let secrets = [Secret::random().unwrap(), Secret::random().unwrap()];
        let (id, at) = (Uuid::from_u128(7), Timestamp::from_millis(1_614_265_330_999));
        let both = sign(&secrets, id, at, "{}").unwrap();
        assert_eq!((both.id.as_str(), both.timestamp.as_str()), (&*id.to_string(), "1614265330"));
        let theirs = secrets.each_ref().map(|secret| {
            let verifier = standardwebhooks::Webhook::new(secret.reveal()).unwrap();
            verifier.sign(&both.id, 1_614_265_330, b"{}").unwrap()
        });
        assert_eq!(both.signature, theirs.join(" "));
        assert_eq!(sign(&[Secret::kept("whsec_%".to_owned())], id, at, "{}"), None);
    }
}

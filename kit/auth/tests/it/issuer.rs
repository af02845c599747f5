//! An issuer whose keys are made at the start of a test.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use kit_auth::{Algorithm, FetchError, IssuerConfig, KeySet, KeySource, TokenVerifier};
use kit_core::Timestamp;
use parking_lot::Mutex;
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "http://127.0.0.1:1/realm";
pub(crate) const AUDIENCE: &str = "gondola";
pub(crate) const STORE: &str = "11111111-1111-1111-1111-111111111111";

/// The time of these tests, in seconds since 1970.
pub(crate) const NOW: u64 = 1_800_000_000;

pub(crate) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_millis(i64::try_from(seconds * 1_000).unwrap())
}

/// A key pair with a name.
pub(crate) struct Signer {
    pub(crate) id: &'static str,
    pair: KeyPair,
}

impl Signer {
    pub(crate) fn new(id: &'static str) -> Self {
        Self { id, pair: KeyPair::generate(KeySize::Rsa2048).unwrap() }
    }

    pub(crate) fn jwk(&self) -> Value {
        let public = self.pair.public_key();
        let part = |bytes: &[u8]| base64url(bytes);
        let (n, e) = (public.modulus(), public.exponent());
        let (n, e) =
            (part(n.big_endian_without_leading_zero()), part(e.big_endian_without_leading_zero()));
        json!({ "kty": "RSA", "kid": self.id, "use": "sig", "alg": "RS256", "n": n, "e": e })
    }

    /// The public key in the forms in which an attacker may take it for a shared secret.
    pub(crate) fn public_forms(&self) -> Vec<Vec<u8>> {
        let public = self.pair.public_key();
        let modulus = public.modulus().big_endian_without_leading_zero().to_vec();
        vec![public.as_ref().to_vec(), modulus, self.jwk().to_string().into_bytes()]
    }

    pub(crate) fn header(&self) -> Value {
        json!({ "alg": "RS256", "typ": "at+jwt", "kid": self.id })
    }

    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(header, &claims.to_string())
    }

    /// A token whose claims are this text, whatever it is.
    pub(crate) fn sign_text(&self, header: &Value, claims: &str) -> String {
        let header = base64url(header.to_string().as_bytes());
        let message = format!("{header}.{}", base64url(claims.as_bytes()));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        self.pair.sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut signature).unwrap();
        format!("{message}.{}", base64url(&signature))
    }
}

pub(crate) fn message(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    format!("{}.{}", part(header), part(claims))
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut three = [0; 3];
        three[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for place in 0..=chunk.len() {
            let digit = (bits >> (18 - 6 * place)) & 63;
            text.push(char::from(DIGITS[usize::try_from(digit).unwrap()]));
        }
    }
    text
}

pub(crate) fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "maria", "iat": NOW - 10, "exp": NOW + 300,
        "roles": ["operator", format!("store:{STORE}"), "offline_access"],
    })
}

pub(crate) fn config() -> IssuerConfig {
    IssuerConfig {
        issuer: ISSUER.parse().unwrap(),
        keys_url: None,
        audience: AUDIENCE.to_owned(),
        algorithms: vec!["RS256".parse::<Algorithm>().unwrap()],
        types: vec!["at+jwt".to_owned(), "JWT".to_owned()],
        lifetime_max: Duration::from_mins(15),
        roles_claim: "roles".to_owned(),
    }
}

/// Gives keys from memory, and counts how often it is asked.
#[derive(Default)]
pub(crate) struct Keys {
    pub(crate) documents: Mutex<Option<Value>>,
    pub(crate) asked: AtomicUsize,
}

impl Keys {
    pub(crate) fn of(signers: &[&Signer]) -> Arc<Self> {
        let keys = Self::default();
        keys.become_those_of(signers);
        Arc::new(keys)
    }

    pub(crate) fn become_those_of(&self, signers: &[&Signer]) {
        let keys: Vec<_> = signers.iter().map(|signer| signer.jwk()).collect();
        *self.documents.lock() = Some(json!({ "keys": keys }));
    }

    pub(crate) fn fail(&self) {
        *self.documents.lock() = None;
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn verifier(self: &Arc<Self>) -> TokenVerifier {
        TokenVerifier::new(config(), Arc::clone(self) as _)
    }
}

#[async_trait]
impl KeySource for Keys {
    async fn fetch(&self) -> Result<KeySet, FetchError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        let document = self.documents.lock().clone();
        let document = document.ok_or_else(|| FetchError::NoKeys("down".to_owned()))?;
        KeySet::parse(document.to_string().as_bytes())
    }
}

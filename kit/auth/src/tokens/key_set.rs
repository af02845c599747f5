//! The public keys of an issuer (JWKS).

use jsonwebtoken::jwk::{Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{AlgorithmFamily, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

use super::key_source::FetchError;

/// Most keys that are kept; issuers have a handful.
const KEYS_MAX: usize = 64;

/// The keys that signatures can be verified with.
#[derive(Clone, Default)]
pub struct KeySet(Vec<Key>);

#[derive(Clone)]
struct Key {
    id: String,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads a document. Keys that are of no use here are passed over; a document without any other is refused.
    pub fn parse(document: &[u8]) -> Result<Self, FetchError> {
        let document: Document = serde_json::from_slice(document)
            .map_err(|error| FetchError::NoKeys(error.to_string()))?;
        let usable = document.keys.into_iter().take(KEYS_MAX).filter_map(usable);
        let keys: Vec<Key> = usable.collect();
        if keys.is_empty() {
            return Err(FetchError::NoKeys("it has no key with a kid to verify with".to_owned()));
        }
        Ok(Self(keys))
    }

    /// The key with an id, for algorithms of a family.
    pub(super) fn find(&self, id: &str, family: AlgorithmFamily) -> Option<&DecodingKey> {
        let found = self.0.iter().find(|key| key.id == id && key.key.family() == family);
        found.map(|key| &key.key)
    }

    /// Whether a key has this id.
    pub(super) fn has(&self, id: &str) -> bool {
        self.0.iter().any(|key| key.id == id)
    }
}

fn usable(key: Value) -> Option<Key> {
    let key: Jwk = serde_json::from_value(key).ok()?;
    let common = &key.common;
    let verifies = match (&common.public_key_use, &common.key_operations) {
        (Some(usage), _) => *usage == PublicKeyUse::Signature,
        (None, Some(operations)) => operations.contains(&KeyOperations::Verify),
        (None, None) => true,
    };
    let id = common.key_id.clone().filter(|_| verifies)?;
    let decoding = DecodingKey::from_jwk(&key).ok()?;
    (decoding.family() != AlgorithmFamily::Hmac).then_some(Key { id, key: decoding })
}

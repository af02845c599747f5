//! A key as its caller has it: `gk_`, an id, and a secret of 256 bits.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Bytes of a secret.
const SECRET_BYTES: usize = 32;

/// Bytes of an id.
const ID_BYTES: usize = 6;

/// Names a key, in lists and in the log; no secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct KeyId(Box<str>);

impl KeyId {
    /// An id as it is written: 12 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        hex_of(text, ID_BYTES).map(|text| Self(text.into()))
    }

    /// The id's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for KeyId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is no id of a key"))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A key with its secret: shown once, when it is made, and kept by its caller.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    id: KeyId,
    secret: Box<str>,
}

impl ApiKey {
    /// What every key begins with, so that people and scanners of repositories know one when they see it.
    pub const PREFIX: &'static str = "gk_";

    /// A new key, from the system's randomness; `None` where that fails.
    #[must_use]
    pub fn random() -> Option<Self> {
        Some(Self { id: KeyId(random_hex::<ID_BYTES>()?), secret: random_hex::<SECRET_BYTES>()? })
    }

    /// A key as it is written.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(Self::PREFIX)?.split_once('_')?;
        let secret = hex_of(secret, SECRET_BYTES)?.into();
        Some(Self { id: KeyId::parse(id)?, secret })
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> &KeyId {
        &self.id
    }

    /// The key as its caller sends it; it is in no other text.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{}{}_{}", Self::PREFIX, self.id, self.secret)
    }

    /// What is kept of it. The secret has 256 bits of randomness, so nobody guesses it by trying hashes, and no slow hash is
    /// needed.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.secret.as_bytes()).into())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({}, secret hidden)", self.id)
    }
}

/// SHA-256 of a secret.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Whether two are the same, in a time that does not tell where they differ.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash")
    }
}

impl From<SecretHash> for String {
    fn from(hash: SecretHash) -> Self {
        to_hex(&hash.0)
    }
}

impl TryFrom<String> for SecretHash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        let mut bytes = [0; 32];
        let text = hex_of(&text, bytes.len()).ok_or("a hash has 64 hexadecimal digits")?;
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| "a hash is ASCII")?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| "a hash is hexadecimal")?;
        }
        Ok(Self(bytes))
    }
}

/// The text, if it is so many bytes in small hexadecimal digits.
fn hex_of(text: &str, bytes: usize) -> Option<&str> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (text.len() == 2 * bytes && text.bytes().all(is_digit)).then_some(text)
}

fn random_hex<const N: usize>() -> Option<Box<str>> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).ok()?;
    Some(to_hex(&bytes).into())
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_shown_and_keeps_its_secret() {
        let key = ApiKey::random().unwrap();
        let text = key.reveal();
        assert_eq!(text.len(), 3 + 12 + 1 + 64);
        let read = ApiKey::parse(&text).unwrap();
        assert!(read == key && read.hash().matches(&key.hash()));
        let secret = text.rsplit('_').next().unwrap();
        assert!(!format!("{key:?} {:?}", key.hash()).contains(secret));
        assert!(!String::from(key.hash()).contains(secret));
    }

    #[test]
    fn no_two_keys_are_the_same_and_no_other_text_is_one() {
        let (one, other) = (ApiKey::random().unwrap(), ApiKey::random().unwrap());
        assert!(one.id() != other.id() && !one.hash().matches(&other.hash()));
        let good = one.reveal();
        let upper = good.to_uppercase();
        for text in ["", "gk_", "gk__", "gk_1_2", &good[1..], &good[..good.len() - 1], &upper] {
            assert!(ApiKey::parse(text).is_none(), "{text}");
        }
        assert!(ApiKey::parse(&format!("{good}0")).is_none());
    }

    #[test]
    fn a_hash_is_read_as_it_is_written() {
        let hash = ApiKey::random().unwrap().hash();
        assert!(SecretHash::try_from(String::from(hash)).unwrap().matches(&hash));
        assert!(SecretHash::try_from("00".to_owned()).is_err());
    }
}

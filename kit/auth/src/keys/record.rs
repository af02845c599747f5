//! What is kept of a key.

use std::time::Duration;

use kit_core::{Actor, Timestamp};
use serde::{Deserialize, Serialize};

use super::api_key::{ApiKey, KeyId, SecretHash};
use crate::grants::Grants;

/// A key that is to be made.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Whose it is, such as `till-7`.
    pub name: String,
    /// What it may do.
    pub grants: Grants,
    /// How long it is valid; for ever where that is absent.
    pub valid_for: Option<Duration>,
}

/// A key without its secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyRecord {
    /// Names it.
    pub id: KeyId,
    /// Whose it is. Two keys of one name are one caller that is changing its key.
    pub name: String,
    /// What it may do.
    pub roles: Grants,
    /// What its secret must come to.
    pub(super) secret_sha256: SecretHash,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

/// How a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStatus {
    /// It is valid.
    Live,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
}

impl KeyStatus {
    /// A word for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl KeyRecord {
    pub(super) fn of(key: &ApiKey, new: NewKey, now: Timestamp) -> Self {
        Self {
            id: key.id().clone(),
            name: new.name,
            roles: new.grants,
            secret_sha256: key.hash(),
            created_at: now,
            expires_at: new.valid_for.map(|time| now.after(time)),
            revoked_at: None,
        }
    }

    /// How it stands at a time.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> KeyStatus {
        if self.revoked_at.is_some() {
            KeyStatus::Revoked
        } else if self.expires_at.is_some_and(|end| end <= now) {
            KeyStatus::Expired
        } else {
            KeyStatus::Live
        }
    }

    /// Its caller as events record it: apart from all that an issuer can name.
    pub(super) fn subject(&self) -> Option<Actor> {
        Actor::new(&format!("{SUBJECT}{}", self.name)).ok()
    }
}

/// What the subjects of keys begin with; no token's may.
pub(crate) const SUBJECT: &str = "key:";

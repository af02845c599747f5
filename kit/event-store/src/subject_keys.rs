//! The port of the keys of data subjects that processes on one log share: rows that can be destroyed, beside a log that stays.
//!
//! A store of keys knows neither who a subject is nor what a key opens: both are sealed by those who use it. It does know by
//! which master key they are sealed ([`KeysState::mark`]), so that nobody adds a key that the others could not read.

pub mod memory;

use async_trait::async_trait;
use kit_core::Timestamp;
use uuid::Uuid;

use crate::EventStoreError;

/// Rows of a [`SubjectKeys::page`], at most.
pub const KEYS_PAGE: usize = 1_000;

/// The key of one subject, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectKey {
    /// What the subject is found by, such as an HMAC of how they are named; at most 64 bytes, one key for each.
    pub subject: Vec<u8>,
    /// What the log knows the subject by. It never changes.
    pub key_id: Uuid,
    /// The key, wrapped with the master key; at most 1,024 bytes.
    pub wrapped_key: Vec<u8>,
    /// How the subject is named, sealed with the key; at most 1,024 bytes.
    pub sealed_reference: Vec<u8>,
    /// When the subject was first seen.
    pub created_at: Timestamp,
}

/// What a store of keys says of all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysState {
    /// Tells the master key that wraps the keys from others; at most 64 bytes.
    pub mark: Vec<u8>,
    /// Another one after each destroyed key: who has seen a key under this generation may use it as long as it is the present
    /// one.
    pub generation: u64,
}

/// Keys, and the generation under which they were there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptKeys {
    /// The generation. A key that was destroyed before it is not among the keys.
    pub generation: u64,
    /// The keys, in no order.
    pub keys: Vec<SubjectKey>,
}

/// A store of keys did not do what it was asked for.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubjectKeysError {
    /// The keys are wrapped with another master key than the caller's; nothing was read or changed.
    #[error("the keys are wrapped with another master key")]
    OtherMasterKey,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] EventStoreError),
}

/// Seals a key anew, with another master key: its id and the time of its making stay.
pub type Rewrap<'a> = &'a (dyn Fn(&SubjectKey) -> Result<SubjectKey, EventStoreError> + Sync);

/// The keys of the subjects of a log.
///
/// Callers name the mark of their master key. Each method is one transaction: callers who are dropped leave nothing half done.
#[async_trait]
pub trait SubjectKeys: Send + Sync {
    /// What there is; `None` before a master key was noted.
    async fn state(&self) -> Result<Option<KeysState>, EventStoreError>;

    /// Notes the mark of a master key where there is none yet. The answer is the one that is there then.
    async fn begin(&self, mark: &[u8]) -> Result<KeysState, EventStoreError>;

    /// Keeps the offered keys of subjects who have none, and gives those of all subjects that are named: of several callers who
    /// offer one for the same subject, all get the same. What is given is durable.
    async fn obtain(
        &self,
        mark: &[u8],
        offered: &[SubjectKey],
    ) -> Result<KeptKeys, SubjectKeysError>;

    /// The key of a subject, if there is one.
    async fn find(&self, mark: &[u8], subject: &[u8]) -> Result<KeptKeys, SubjectKeysError>;

    /// Destroys the key of a subject. The answer has it, if there was one, with the generation after it.
    async fn destroy(&self, mark: &[u8], subject: &[u8]) -> Result<KeptKeys, SubjectKeysError>;

    /// Up to [`KEYS_PAGE`] keys in the order of their ids, after one.
    async fn page(&self, mark: &[u8], after: Option<Uuid>) -> Result<KeptKeys, SubjectKeysError>;

    /// Seals all keys anew and notes the mark of the master key that seals them, all or nothing. Where that is noted already,
    /// another has done it, and nothing is changed.
    async fn hand_over(
        &self,
        former: &[u8],
        present: &[u8],
        rewrap: Rewrap<'_>,
    ) -> Result<(), SubjectKeysError>;
}

//! The file of keys: JSON with a hash for each secret, replaced as a whole at each change.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use kit_core::Timestamp;
use serde::{Deserialize, Serialize};

use super::api_key::{ApiKey, KeyId};
use super::record::{KeyRecord, KeyStatus, NewKey};

/// Live keys of one name, at most: the one in use, and the one that takes its place.
pub const LIVE_KEYS_MAX: usize = 2;

/// Longest file, in bytes; what is longer is no file of keys.
const BYTES_MAX: u64 = 4 << 20;

/// A file of keys.
#[derive(Clone, Debug)]
pub struct KeyFile(PathBuf);

/// A file of keys cannot be used, or not so.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It cannot be read or written.
    #[error("cannot use the file of API keys {path}: {cause}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// It is no file of keys.
    #[error("{path} is no file of API keys: {why}; `gondola keys create` makes one")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Where and why.
        why: String,
    },
    /// The name cannot be that of a key.
    #[error("a key's name must be 1 to 90 printable characters, got {0:?}")]
    Name(String),
    /// A key without roles could do nothing.
    #[error("give the key a role: admin, operator, service, viewer or store:<id of the store>")]
    NoRole,
    /// There are two live keys of this name.
    #[error("{name:?} has {LIVE_KEYS_MAX} live keys: revoke one of {ids} first")]
    TooMany {
        /// The name.
        name: String,
        /// The live keys.
        ids: String,
    },
    /// There is no such key.
    #[error("there is no key {0:?}; `gondola keys list` shows all")]
    Unknown(String),
    /// The system has no randomness to give.
    #[error("the system gave no random bytes for a secret")]
    NoRandomness,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    keys: Vec<KeyRecord>,
}

impl KeyFile {
    /// A file by its path; it is not opened.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// All keys, in the order in which they were made.
    pub fn read(&self) -> Result<Vec<KeyRecord>, KeyFileError> {
        let mut text = String::new();
        let file = File::open(&self.0).map_err(|cause| self.io(cause))?;
        let read = file.take(BYTES_MAX + 1).read_to_string(&mut text);
        if read.map_err(|cause| self.io(cause))? as u64 > BYTES_MAX {
            return Err(self.invalid(format!("it has more than {BYTES_MAX} bytes")));
        }
        let contents: Contents =
            serde_json::from_str(&text).map_err(|error| self.invalid(error.to_string()))?;
        Ok(contents.keys)
    }

    /// Makes a key; a file that is not there is made. The secret is in what this gives, and nowhere else.
    pub fn create(&self, new: NewKey, now: Timestamp) -> Result<ApiKey, KeyFileError> {
        if new.grants.is_empty() {
            return Err(KeyFileError::NoRole);
        }
        let key = ApiKey::random().ok_or(KeyFileError::NoRandomness)?;
        let record = KeyRecord::of(&key, new, now);
        if record.name.is_empty() || record.subject().is_none() {
            return Err(KeyFileError::Name(record.name));
        }
        self.change(|keys| {
            let live = keys
                .iter()
                .filter(|one| one.name == record.name && one.status(now) == KeyStatus::Live);
            let live: Vec<_> = live.map(|one| one.id.as_str()).collect();
            if live.len() >= LIVE_KEYS_MAX {
                return Err(KeyFileError::TooMany { name: record.name, ids: live.join(", ") });
            }
            keys.push(record);
            Ok(())
        })?;
        Ok(key)
    }

    /// Revokes a key; one that is revoked already stays so.
    pub fn revoke(&self, id: &str, now: Timestamp) -> Result<KeyRecord, KeyFileError> {
        let unknown = || KeyFileError::Unknown(id.to_owned());
        let wanted = KeyId::parse(id).ok_or_else(unknown)?;
        self.change(|keys| {
            let key = keys.iter_mut().find(|key| key.id == wanted).ok_or_else(unknown)?;
            key.revoked_at.get_or_insert(now);
            Ok(key.clone())
        })
    }

    /// Changes the keys, alone among all processes of this machine, and replaces the file.
    fn change<T>(
        &self,
        change: impl FnOnce(&mut Vec<KeyRecord>) -> Result<T, KeyFileError>,
    ) -> Result<T, KeyFileError> {
        let lock = self.0.with_extension("lock");
        let lock = File::create(&lock).map_err(|cause| KeyFileError::Io { path: lock, cause })?;
        lock.lock().map_err(|cause| self.io(cause))?;
        let exists = fs::exists(&self.0).map_err(|cause| self.io(cause))?;
        let mut keys = if exists { self.read()? } else { Vec::new() };
        let changed = change(&mut keys)?;
        self.replace(&Contents { keys }).map_err(|cause| self.io(cause))?;
        Ok(changed)
    }

    fn replace(&self, contents: &Contents) -> io::Result<()> {
        let folder = match self.0.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        // readable by its owner only
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, contents)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(&self.0).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()
    }

    fn io(&self, cause: io::Error) -> KeyFileError {
        KeyFileError::Io { path: self.0.clone(), cause }
    }

    fn invalid(&self, why: String) -> KeyFileError {
        KeyFileError::Invalid { path: self.0.clone(), why }
    }
}

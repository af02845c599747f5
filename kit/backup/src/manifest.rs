//! What belongs to a backup: the manifest, and how it is read and replaced.

use kit_core::{Position, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::error::BackupError;
use crate::place::Place;

/// The file that says what belongs to a backup; it is the last that is written.
pub const MANIFEST: &str = "manifest.json";

/// The version of the manifest that this program writes.
const FORMAT: u16 = 1;

/// A whole backup. Logs are read at one moment in the order inventory, store: what stock knows of the catalogue is in the
/// catalogue's part as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Version of this description.
    pub format: u16,
    /// The program that made it.
    pub made_by: String,
    /// When the ends of the logs were read: everything acknowledged before is in it.
    pub made_at: Timestamp,
    /// The kind of event store, such as `sqlite`.
    pub kind: String,
    /// The logs.
    pub logs: Vec<LogEntry>,
    /// The files beside them.
    pub state: Vec<StateEntry>,
}

/// A log, from its first event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// The context, such as `inventory`.
    pub context: String,
    /// The id of its incarnation.
    pub incarnation: Uuid,
    /// The last event, and everything before it.
    pub position: Position,
    /// The id of that event.
    pub last_event: Uuid,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The files with its events, oldest first and without gaps.
    pub segments: Vec<SegmentEntry>,
}

/// A file with a run of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SegmentEntry {
    /// Its name from the place of the backup.
    pub file: String,
    /// Position of its first event.
    pub first: Position,
    /// Position of its last event.
    pub last: Position,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its checksum, in hexadecimal digits.
    pub sha256: String,
}

/// The newest copy of a file that is in no log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StateEntry {
    /// Where it belongs in the data folder, such as `notification/webhooks.db`.
    pub name: String,
    /// Its name from the place of the backup.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its checksum, in hexadecimal digits.
    pub sha256: String,
    /// Sizes and times of the file that was copied, by which one that has not changed is known; empty where it may have
    /// changed since.
    pub seen: String,
}

/// What every version of the manifest has.
#[derive(Deserialize)]
struct AnyFormat {
    format: u16,
}

impl Manifest {
    /// An empty one.
    pub(crate) fn new(kind: &str, made_at: Timestamp) -> Self {
        Self {
            format: FORMAT,
            made_by: concat!("gondola ", env!("CARGO_PKG_VERSION")).to_owned(),
            made_at,
            kind: kind.to_owned(),
            logs: Vec::new(),
            state: Vec::new(),
        }
    }

    /// The backup that a place has, if it has one.
    pub fn read(place: &dyn Place) -> Result<Option<Self>, BackupError> {
        let Some(text) = place.get(MANIFEST)? else { return Ok(None) };
        let damaged = |error: serde_json::Error| BackupError::damaged(MANIFEST, &error);
        let AnyFormat { format: found } = serde_json::from_slice(&text).map_err(damaged)?;
        if found > FORMAT {
            return Err(BackupError::Newer { found, known: FORMAT });
        }
        let sealed: Sealed = serde_json::from_slice(&text).map_err(damaged)?;
        if sealed.manifest.checksum()? != sealed.sha256 {
            return Err(BackupError::damaged(MANIFEST, "it does not have the checksum in it"));
        }
        Ok(Some(sealed.manifest))
    }

    /// Makes it the backup of a place.
    pub(crate) fn write(&self, place: &dyn Place) -> Result<(), BackupError> {
        let sealed = Sealed { manifest: self.clone(), sha256: self.checksum()? };
        let text = serde_json::to_vec_pretty(&sealed);
        let text = text.map_err(|error| BackupError::damaged(MANIFEST, &error))?;
        place.put(MANIFEST, &text)
    }

    fn checksum(&self) -> Result<String, BackupError> {
        let text = serde_json::to_vec(self);
        Ok(sha256(&text.map_err(|error| BackupError::damaged(MANIFEST, &error))?))
    }

    /// The log of a context.
    pub fn log(&self, context: &str) -> Option<&LogEntry> {
        self.logs.iter().find(|log| log.context == context)
    }

    /// The size of all files that belong to it, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        let segments = self.logs.iter().flat_map(|log| &log.segments).map(|one| one.bytes);
        segments.chain(self.state.iter().map(|one| one.bytes)).sum()
    }

    /// The names of all files that belong to it.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        let segments = self.logs.iter().flat_map(|log| &log.segments).map(|one| &*one.file);
        segments.chain(self.state.iter().map(|one| &*one.file)).chain([MANIFEST])
    }
}

/// A manifest with a checksum of its own.
#[derive(Serialize, Deserialize)]
struct Sealed {
    #[serde(flatten)]
    manifest: Manifest,
    /// Of the manifest without this, as JSON in one line.
    sha256: String,
}

/// The checksum of some bytes, in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // a string takes all that is written
        let _ = write!(text, "{byte:02x}");
        text
    })
}

//! Where subscribers stopped reading, in one small file that is replaced whole.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use kit_core::Position;
use kit_event_store::log_folder::replace_durably;
use kit_event_store::{Incarnation, LogMark};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::OpenError;

type Positions = BTreeMap<String, Position>;

/// The file and what it holds.
#[derive(Debug)]
pub(crate) struct CheckpointFile {
    path: PathBuf,
    incarnation: Incarnation,
    saved: Mutex<Positions>,
}

/// The contents of the file.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Saved {
    /// With the log whose positions they are.
    Of { incarnation: Uuid, positions: Positions },
    /// As it was when logs had no name: the positions are those of the log beside it.
    OfBefore(Positions),
}

impl CheckpointFile {
    /// Reads the file for a log with this end; one that is not there, or of another log, is empty. A checkpoint beyond the
    /// end proves that the log has lost events.
    pub(crate) fn open(dir: &Path, end: LogMark) -> Result<Self, OpenError> {
        let path = dir.join("checkpoints.json");
        let failed = |source| OpenError::Checkpoints { path: path.clone(), source };
        let saved = match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(io::Error::from).map_err(failed)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Saved::OfBefore(Positions::new())
            }
            Err(error) => return Err(failed(error)),
        };
        let (incarnation, mut positions) = match saved {
            Saved::Of { incarnation, positions } => (Incarnation::new(incarnation), positions),
            Saved::OfBefore(positions) => (end.incarnation, positions),
        };
        let position = positions.values().copied().max().unwrap_or_default();
        let furthest = LogMark { incarnation, position };
        if !furthest.belongs_to(end, &path.display().to_string())? {
            positions.clear();
        }
        Ok(Self { path, incarnation: end.incarnation, saved: Mutex::new(positions) })
    }

    /// The checkpoint of a subscriber; zero for a new one.
    pub(crate) fn load(&self, subscriber: &str) -> Position {
        self.saved.lock().get(subscriber).copied().unwrap_or_default()
    }

    /// Replaces the file durably.
    pub(crate) fn save(&self, subscriber: String, at: Position) -> io::Result<()> {
        let mut saved = self.saved.lock();
        let mut next = saved.clone();
        next.insert(subscriber, at);
        let incarnation = self.incarnation.as_uuid();
        let contents = Saved::Of { incarnation, positions: next.clone() };
        replace_durably(&self.path, &serde_json::to_vec_pretty(&contents)?)?;
        *saved = next;
        Ok(())
    }
}

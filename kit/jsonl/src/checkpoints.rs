//! Where subscribers stopped reading, in one small file that is replaced whole.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use kit_core::{Epoch, Position};
use kit_event_store::log_folder::replace_durably;
use kit_event_store::{Incarnation, LogMark, SavedCheckpoint};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::OpenError;

/// Name of the file, in the journal's folder.
const FILE: &str = "checkpoints.json";

type Positions = BTreeMap<String, Position>;

/// Of the holders of leases that saved the positions; who needs no lease has none.
type Epochs = BTreeMap<String, Epoch>;

/// The file and what it holds.
#[derive(Debug)]
pub(crate) struct CheckpointFile {
    path: PathBuf,
    incarnation: Incarnation,
    saved: Mutex<(Positions, Epochs)>,
}

/// The contents of the file.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Saved {
    /// With the log whose positions they are.
    Of {
        incarnation: Uuid,
        positions: Positions,
        #[serde(default, skip_serializing_if = "Epochs::is_empty")]
        epochs: Epochs,
    },
    /// As it was when logs had no name: the positions are those of the log beside it.
    OfBefore(Positions),
}

impl Saved {
    fn of(log: Incarnation, positions: Positions, epochs: Epochs) -> Self {
        Self::Of { incarnation: log.as_uuid(), positions, epochs }
    }

    /// Reads a file; one that is not there has no checkpoints.
    fn read(path: &Path) -> io::Result<Self> {
        match std::fs::read(path) {
            Ok(text) => Ok(serde_json::from_slice(&text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self::OfBefore(Positions::new()))
            }
            Err(error) => Err(error),
        }
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        replace_durably(path, &serde_json::to_vec_pretty(self)?)
    }
}

fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> OpenError {
    move |source| OpenError::Checkpoints { path: path.to_owned(), source }
}

impl CheckpointFile {
    /// Reads the file for a log with this end; one that is not there, or of another log, is empty. A checkpoint beyond the
    /// end proves that the log has lost events.
    pub(crate) fn open(dir: &Path, end: LogMark) -> Result<Self, OpenError> {
        let path = dir.join(FILE);
        let saved = Saved::read(&path).map_err(unreadable(&path))?;
        let (incarnation, mut positions, mut epochs) = match saved {
            Saved::Of { incarnation, positions, epochs } => {
                (Incarnation::new(incarnation), positions, epochs)
            }
            Saved::OfBefore(positions) => (end.incarnation, positions, Epochs::new()),
        };
        let position = positions.values().copied().max().unwrap_or_default();
        let furthest = LogMark { incarnation, position };
        if !furthest.belongs_to(end, &path.display().to_string())? {
            positions.clear();
            epochs.clear();
        }
        let saved = Mutex::new((positions, epochs));
        Ok(Self { path, incarnation: end.incarnation, saved })
    }

    /// Notes that checkpoints are of a log, where they do not say of which.
    pub(crate) fn name_unnamed(dir: &Path, log: Incarnation) -> Result<(), OpenError> {
        let path = dir.join(FILE);
        match Saved::read(&path).map_err(unreadable(&path))? {
            Saved::OfBefore(positions) if !positions.is_empty() => {
                Saved::of(log, positions, Epochs::new())
                    .write(&path)
                    .map_err(OpenError::io("write", &path))
            }
            _ => Ok(()),
        }
    }

    /// The checkpoint of a subscriber; zero for a new one.
    pub(crate) fn load(&self, subscriber: &str) -> Position {
        self.saved.lock().0.get(subscriber).copied().unwrap_or_default()
    }

    /// Replaces the file durably, unless a greater epoch has.
    pub(crate) fn save(
        &self,
        subscriber: String,
        at: Position,
        epoch: Epoch,
    ) -> io::Result<SavedCheckpoint> {
        let mut saved = self.saved.lock();
        let (mut positions, mut epochs) = saved.clone();
        match epochs.get(&subscriber) {
            Some(by) if *by > epoch => return Ok(SavedCheckpoint::Superseded { by: *by }),
            _ if epoch > Epoch::ZERO => drop(epochs.insert(subscriber.clone(), epoch)),
            _ => {}
        }
        positions.insert(subscriber, at);
        let next = Saved::of(self.incarnation, positions.clone(), epochs.clone());
        next.write(&self.path)?;
        *saved = (positions, epochs);
        Ok(SavedCheckpoint::Saved)
    }
}

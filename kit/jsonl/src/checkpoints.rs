//! Where subscribers stopped reading, in one small file that is replaced whole.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use kit_core::Position;
use parking_lot::Mutex;

use crate::journal::sync_dir;

/// The file and what it holds.
#[derive(Debug)]
pub(crate) struct CheckpointFile {
    dir: PathBuf,
    saved: Mutex<BTreeMap<String, Position>>,
}

/// The file within the journal's folder.
pub(crate) fn path(dir: &Path) -> PathBuf {
    dir.join("checkpoints.json")
}

impl CheckpointFile {
    /// Reads the file; one that is not there is empty.
    ///
    /// A checkpoint beyond the end of the log is set back to that end: the positions behind it will be assigned again.
    pub(crate) fn open(dir: &Path, last: Position) -> io::Result<Self> {
        let mut saved: BTreeMap<String, Position> = match std::fs::read(path(dir)) {
            Ok(text) => serde_json::from_slice(&text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error),
        };
        for (subscriber, at) in &mut saved {
            if *at > last {
                tracing::warn!(subscriber, %at, %last, "checkpoint lies behind the end of the log");
                *at = last;
            }
        }
        Ok(Self { dir: dir.to_owned(), saved: Mutex::new(saved) })
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
        let temporary = self.dir.join("checkpoints.json.new");
        let mut file = File::create(&temporary)?;
        file.write_all(&serde_json::to_vec_pretty(&next)?)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path(&self.dir))?;
        sync_dir(&self.dir)?;
        *saved = next;
        Ok(())
    }
}

//! Files beside the logs: copied when they have changed, and only their newest copies are kept.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use kit_core::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::error::BackupError;
use crate::manifest::{StateEntry, hex};
use crate::place::Place;

/// A file whose time is younger than this, in milliseconds, may be written once more within the same tick of its file
/// system's clock.
const TICK: i64 = 2_000;

/// Copies a file as it is at one moment into one that does not exist; an error says what to do.
pub type CopyFile = fn(from: &Path, to: &Path) -> Result<(), String>;

/// A file that is in no log.
#[derive(Clone, Debug)]
pub struct StateFile {
    /// Where it belongs in the data folder, such as `notification/webhooks.db`.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// How it is copied.
    pub copy: CopyFile,
}

/// Copies a file that is always replaced whole.
pub fn copy_whole(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to).map(drop).map_err(|error| error.to_string())
}

impl StateFile {
    /// Keeps its newest copy, unless the place has it; `None` where there is no such file. Copies are made in `scratch`.
    pub(crate) fn keep(
        &self,
        place: &dyn Place,
        known: Option<&StateEntry>,
        (scratch, now): (&Path, Timestamp),
    ) -> Result<Option<StateEntry>, BackupError> {
        let Some(seen) = seen(&self.path, now).map_err(BackupError::io("look at", &self.path))?
        else {
            return Ok(None);
        };
        if let Some(known) = known.filter(|known| !seen.is_empty() && known.seen == seen) {
            return Ok(Some(known.clone()));
        }
        let copy = scratch.join("copy");
        let copied = (self.copy)(&self.path, &copy);
        copied.map_err(|reason| BackupError::State { name: self.name.clone(), reason })?;
        let (sha256, bytes) = sum(&copy).map_err(BackupError::io("read", &copy))?;
        let file = format!("state/{}-{}", self.name, &sha256[..16]);
        if known.is_none_or(|known| known.file != file) {
            place.put_file(&file, &copy)?;
        }
        fs::remove_file(&copy).map_err(BackupError::io("remove", &copy))?;
        Ok(Some(StateEntry { name: self.name.clone(), file, bytes, sha256, seen }))
    }
}

/// Sizes and times of a file and its write-ahead log; empty where it may change without changing them.
fn seen(path: &Path, now: Timestamp) -> io::Result<Option<String>> {
    let mut write_ahead = path.as_os_str().to_owned();
    write_ahead.push("-wal");
    let Some(own) = found(path)? else { return Ok(None) };
    let both = [Some(own), found(Path::new(&write_ahead))?];
    let mut seen = String::new();
    for (bytes, written) in both.into_iter().flatten() {
        let millis = i64::try_from(written / 1_000_000).unwrap_or(i64::MAX);
        if now.as_millis().saturating_sub(millis) < TICK {
            return Ok(Some(String::new()));
        }
        seen = format!("{seen}{bytes}:{written} ");
    }
    Ok(Some(seen))
}

/// The size of a file, and when it was written in nanoseconds since 1970.
fn found(path: &Path) -> io::Result<Option<(u64, u128)>> {
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let written = found.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Some((found.len(), written.as_nanos())))
}

/// The checksum and the size of a file of any size.
pub(crate) fn sum(path: &Path) -> io::Result<(String, u64)> {
    let mut file = File::open(path)?;
    let (mut sum, mut bytes, mut part) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut part)?;
        if read == 0 {
            return Ok((hex(&sum.finalize()), bytes));
        }
        sum.update(&part[..read]);
        bytes += read as u64;
    }
}

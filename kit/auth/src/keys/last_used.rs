//! When keys were last used, roughly: an empty file for each, whose time of change it is.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use kit_core::Timestamp;
use parking_lot::Mutex;

use super::api_key::KeyId;

/// A use is noted when the one that was noted before is so long ago.
const NOTED_EVERY: Duration = Duration::from_mins(10);

/// The uses of keys, in a folder beside their file. Several processes may note them without agreeing about anything.
pub struct LastUsed {
    folder: PathBuf,
    noted: Mutex<HashMap<KeyId, Timestamp>>,
}

impl LastUsed {
    /// The uses of the keys of a file.
    #[must_use]
    pub fn beside(file: &Path) -> Self {
        Self { folder: file.with_extension("used"), noted: Mutex::default() }
    }

    /// When a key was last used, to ten minutes; `None` where nobody knows.
    #[must_use]
    pub fn of(&self, id: &KeyId) -> Option<Timestamp> {
        let changed = fs::metadata(self.folder.join(id.as_str())).ok()?.modified().ok()?;
        let millis = changed.duration_since(UNIX_EPOCH).ok()?.as_millis();
        Some(Timestamp::from_millis(i64::try_from(millis).ok()?))
    }

    /// Whether a use at this time is to be noted; then it counts as noted.
    pub(super) fn is_news(&self, id: &KeyId, now: Timestamp) -> bool {
        let mut noted = self.noted.lock();
        match noted.get(id) {
            Some(before) if now.since(*before) < NOTED_EVERY => false,
            _ => {
                noted.insert(id.clone(), now);
                true
            }
        }
    }

    /// Notes a use.
    pub(super) fn note(&self, id: &KeyId, now: Timestamp) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let millis = u64::try_from(now.as_millis()).unwrap_or(0);
        let time = UNIX_EPOCH + Duration::from_millis(millis);
        File::create(self.folder.join(id.as_str()))?.set_modified(time)
    }
}

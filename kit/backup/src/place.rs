//! The port of a place where backups are kept.

use std::path::Path;

use crate::error::BackupError;

/// Named files, each whole or not there. Names are paths of a few segments with `/` between them. All calls block.
pub trait Place: Send + Sync {
    /// Keeps a file durably; one of this name before is replaced whole. A place that cannot keep others out refuses where the
    /// file is not any more what this place has read, or not read, under its name.
    fn put(&self, name: &str, contents: &[u8]) -> Result<(), BackupError>;

    /// The same for a file of any size on this machine.
    fn put_file(&self, name: &str, from: &Path) -> Result<(), BackupError>;

    /// The contents of a file; `None` where there is none.
    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BackupError>;

    /// Writes the contents of a file of any size into a new file on this machine; whether there is one.
    fn get_file(&self, name: &str, to: &Path) -> Result<bool, BackupError>;

    /// The names of all files, in any order, with what an interrupted backup has left.
    fn names(&self) -> Result<Vec<String>, BackupError>;

    /// Removes a file; one that is not there is no error.
    fn remove(&self, name: &str) -> Result<(), BackupError>;
}

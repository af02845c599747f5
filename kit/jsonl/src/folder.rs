//! The folders of a store, and the lock that keeps a second writer out.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use crate::OpenError;
use crate::journal;

/// Makes a folder and its parents; each new name is synced in the folder that has it.
pub(crate) fn make(dir: &Path) -> Result<(), OpenError> {
    if dir.is_dir() {
        return Ok(());
    }
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    make(parent)?;
    match std::fs::create_dir(dir) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(OpenError::io("make the folder", dir)(error))
        }
        _ => journal::sync_dir(parent).map_err(OpenError::io("sync the folder", parent)),
    }
}

/// Locks a folder for as long as the file is kept open.
pub(crate) fn lock(dir: &Path) -> Result<File, OpenError> {
    let path = dir.join("lock");
    let file = File::options().write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(OpenError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked { dir: dir.to_owned() }),
        Err(TryLockError::Error(source)) => Err(OpenError::io("lock", &path)(source)),
    }
}

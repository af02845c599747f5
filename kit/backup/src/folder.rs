//! Backups in a folder, of this machine or of a network drive.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use kit_event_store::log_folder::{lock, make_durably, replace_durably, sync_folder};

use crate::error::BackupError;
use crate::place::Place;

/// What a file is called until it is whole.
const UNFINISHED: &str = "new";

const LOCK: &str = "lock";

/// A folder of backups, in use by this process until it is dropped.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// None where a medium cannot be written, so that nobody can change it.
    _lock: Option<File>,
}

impl Folder {
    /// Makes the folder if it is missing, and keeps other backups and restores out of it.
    pub fn to_write(path: &Path) -> Result<Self, BackupError> {
        make_durably(path)?;
        let lock = lock(&path.join(LOCK), path)?;
        Ok(Self { path: path.to_owned(), _lock: Some(lock) })
    }

    /// A folder that has a backup: no backup is made in it meanwhile.
    pub fn to_read(path: &Path) -> Result<Self, BackupError> {
        let is_empty = fs::read_dir(path).map_err(BackupError::io("read", path))?.next().is_none();
        if is_empty {
            // it stays as it is: there is no backup to keep from changing
            return Ok(Self { path: path.to_owned(), _lock: None });
        }
        match Self::to_write(path) {
            Err(BackupError::Io { source, .. }) if cannot_be_written(&source) => {
                Ok(Self { path: path.to_owned(), _lock: None })
            }
            opened => opened,
        }
    }

    fn folder_of(&self, name: &str) -> Result<PathBuf, BackupError> {
        let path = self.path.join(name);
        make_durably(path.parent().unwrap_or(&self.path))?;
        Ok(path)
    }
}

fn cannot_be_written(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

/// Copies a file in the background of everything else, durably.
fn copy_durably(from: &Path, to: &Path) -> io::Result<()> {
    let next = to.with_extension(UNFINISHED);
    let (mut source, mut target) = (File::open(from)?, File::create(&next)?);
    io::copy(&mut source, &mut target)?;
    target.sync_all()?;
    fs::rename(&next, to)?;
    to.parent().map_or(Ok(()), sync_folder)
}

/// Leaves nothing of a file that did not become whole.
fn cleared<T>(path: &Path, done: io::Result<T>) -> io::Result<T> {
    if done.is_err() {
        // what stays is removed by the next backup
        drop(fs::remove_file(path.with_extension(UNFINISHED)));
    }
    done
}

impl Place for Folder {
    fn put(&self, name: &str, contents: &[u8]) -> Result<(), BackupError> {
        let path = self.folder_of(name)?;
        cleared(&path, replace_durably(&path, contents)).map_err(BackupError::io("write", &path))
    }

    fn put_file(&self, name: &str, from: &Path) -> Result<(), BackupError> {
        let path = self.folder_of(name)?;
        cleared(&path, copy_durably(from, &path)).map_err(BackupError::io("write", &path))
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, BackupError> {
        let path = self.path.join(name);
        match fs::read(&path) {
            Ok(contents) => Ok(Some(contents)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(BackupError::io("read", &path)(error)),
        }
    }

    fn get_file(&self, name: &str, to: &Path) -> Result<bool, BackupError> {
        let path = self.path.join(name);
        if !path.exists() {
            return Ok(false);
        }
        make_durably(to.parent().unwrap_or(to))?;
        copy_durably(&path, to).map_err(BackupError::io("write", to))?;
        Ok(true)
    }

    fn names(&self) -> Result<Vec<String>, BackupError> {
        let mut names = Vec::new();
        list(&self.path, "", &mut names)?;
        names.retain(|name| name != LOCK);
        Ok(names)
    }

    fn remove(&self, name: &str) -> Result<(), BackupError> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(BackupError::io("remove", &path)(error))
            }
            _ => Ok(()),
        }
    }
}

fn list(folder: &Path, before: &str, names: &mut Vec<String>) -> Result<(), BackupError> {
    let failed = || BackupError::io("list", folder);
    for entry in fs::read_dir(folder).map_err(failed())? {
        let entry = entry.map_err(failed())?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let name = format!("{before}{name}");
        if entry.file_type().map_err(failed())?.is_dir() {
            list(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

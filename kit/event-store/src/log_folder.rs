//! The folder of a log on disk: made durably, locked against a second process, and described by `log.json`.
//!
//! The description says which kind of store the folder belongs to, and that a log was made there: a file of it that is
//! missing or empty is then a loss, never a new log.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::incarnation::Incarnation;

const DESCRIPTION: &str = "log.json";

/// The version of the description that this program writes.
const FORMAT: u16 = 1;

/// What a folder says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    /// Version of this description.
    format: u16,
    /// The kind of store, such as `sqlite`.
    kind: String,
    /// The log that was last opened here.
    incarnation: uuid::Uuid,
    /// The program that made the folder.
    made_by: String,
}

/// What every version of the description has.
#[derive(Deserialize)]
struct AnyFormat {
    format: u16,
}

/// A locked folder. It is free again when this is dropped.
#[derive(Debug)]
pub struct LogFolder {
    path: PathBuf,
    kind: &'static str,
    described: Option<Description>,
    _lock: File,
}

/// The folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogFolderError {
    /// Another process uses it.
    #[error("{} is in use by another gondola process; stop it first, or use another data folder", .0.display())]
    InUse(PathBuf),
    /// It belongs to another kind of store.
    #[error(
        "{} holds a log of {found}, not of {wanted}; start with --event-store {found}: or use another folder",
        path.display()
    )]
    OtherKind {
        /// The folder.
        path: PathBuf,
        /// The kind of store that it belongs to.
        found: String,
        /// The kind that was to be opened.
        wanted: &'static str,
    },
    /// A later version of this program has described it.
    #[error(
        "{} was written by a newer version of this program (format {found}, this one knows {FORMAT}); use that version",
        path.display()
    )]
    Newer {
        /// The description.
        path: PathBuf,
        /// Its format.
        found: u16,
    },
    /// The description cannot be read.
    #[error(
        "{} cannot be read: {reason}. It can be deleted if the log beside it is whole: it is then written again",
        path.display()
    )]
    Unreadable {
        /// The description.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system refused something.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// The error of the file system.
        #[source]
        source: io::Error,
    },
}

impl LogFolderError {
    /// Says what was tried with which file or folder when the operating system refused it.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}

impl LogFolder {
    /// Makes the folder if it is missing, locks it, and checks that it is one of this kind of store.
    pub fn open(path: &Path, kind: &'static str) -> Result<Self, LogFolderError> {
        make_durably(path)?;
        let lock = lock(&path.join("lock"), path)?;
        let described = read(&path.join(DESCRIPTION))?;
        if let Some(Description { kind: found, .. }) = &described
            && found != kind
        {
            let (path, found) = (path.to_owned(), found.clone());
            return Err(LogFolderError::OtherKind { path, found, wanted: kind });
        }
        Ok(Self { path: path.to_owned(), kind, described, _lock: lock })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a log was made in it before.
    #[must_use]
    pub fn has_log(&self) -> bool {
        self.described.is_some()
    }

    /// Describes the folder durably as that of a log, once the log itself is durable.
    pub fn describe(&mut self, incarnation: Incarnation) -> Result<(), LogFolderError> {
        let known = self.described.as_ref().map(|known| known.incarnation);
        if known == Some(incarnation.as_uuid()) {
            return Ok(());
        }
        if let Some(before) = known {
            tracing::warn!(folder = %self.path.display(), %before, %incarnation, "another_log_in_this_folder");
        }
        let made_by = self.described.take().map(|known| known.made_by);
        let described = Description {
            format: FORMAT,
            kind: self.kind.to_owned(),
            incarnation: incarnation.as_uuid(),
            made_by: made_by
                .unwrap_or_else(|| concat!("gondola ", env!("CARGO_PKG_VERSION")).into()),
        };
        let path = self.path.join(DESCRIPTION);
        let text = serde_json::to_vec_pretty(&described).map_err(io::Error::from);
        let written = text.and_then(|text| replace_durably(&path, &text));
        written.map_err(LogFolderError::io("write", &path))?;
        self.described = Some(described);
        Ok(())
    }
}

/// The log that was last opened in a folder, without opening it; `None` where there was none. It may be in use.
pub fn incarnation_in(folder: &Path) -> Result<Option<Incarnation>, LogFolderError> {
    let described = read(&folder.join(DESCRIPTION))?;
    Ok(described.map(|known| Incarnation::new(known.incarnation)))
}

/// Locks a file in `folder` for as long as it is kept open.
pub fn lock(file: &Path, folder: &Path) -> Result<File, LogFolderError> {
    let opened = File::options().write(true).create(true).truncate(false).open(file);
    let opened = opened.map_err(LogFolderError::io("open", file))?;
    match opened.try_lock() {
        Ok(()) => Ok(opened),
        Err(TryLockError::WouldBlock) => Err(LogFolderError::InUse(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(LogFolderError::io("lock", file)(source)),
    }
}

/// Makes a folder and its parents. Each new name is synced in the folder that has it, or a power cut could take away the
/// whole log of a new installation.
pub fn make_durably(folder: &Path) -> Result<(), LogFolderError> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    make_durably(parent)?;
    match std::fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(LogFolderError::io("make the folder", folder)(error))
        }
        _ => sync_folder(parent).map_err(LogFolderError::io("sync the folder", parent)),
    }
}

/// Replaces a small file: after a crash at any moment it is whole, the old one or the new one.
pub fn replace_durably(path: &Path, contents: &[u8]) -> io::Result<()> {
    let next = path.with_extension("new");
    let mut file = File::create(&next)?;
    file.write_all(contents)?;
    file.sync_all()?;
    std::fs::rename(&next, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes the names in a folder durable.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn read(path: &Path) -> Result<Option<Description>, LogFolderError> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(LogFolderError::io("read", path)(error)),
    };
    let unreadable = |error: serde_json::Error| {
        let (path, reason) = (path.to_owned(), error.to_string());
        LogFolderError::Unreadable { path, reason }
    };
    let AnyFormat { format } = serde_json::from_slice(&text).map_err(unreadable)?;
    if format > FORMAT {
        return Err(LogFolderError::Newer { path: path.to_owned(), found: format });
    }
    serde_json::from_slice(&text).map(Some).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn incarnation(number: u128) -> Incarnation {
        Incarnation::new(Uuid::from_u128(number))
    }

    #[test]
    fn a_folder_knows_its_kind_and_that_it_has_a_log() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a/b");
        let mut folder = LogFolder::open(&path, "sqlite").unwrap();
        assert!(!folder.has_log(), "it is new");
        assert_eq!(incarnation_in(&path).unwrap(), None);
        for number in [1, 2] {
            folder.describe(incarnation(number)).unwrap();
            assert_eq!(incarnation_in(&path).unwrap(), Some(incarnation(number)));
        }
        let second = LogFolder::open(&path, "sqlite").unwrap_err();
        assert!(matches!(second, LogFolderError::InUse(_)), "{second}");
        drop(folder);
        let other = LogFolder::open(&path, "jsonl").unwrap_err().to_string();
        assert!(other.contains("holds a log of sqlite, not of jsonl"), "{other}");
        let folder = LogFolder::open(&path, "sqlite").unwrap();
        assert!(folder.has_log());
        let said = folder.described.as_ref().unwrap();
        assert_eq!((said.incarnation, &*said.kind), (Uuid::from_u128(2), "sqlite"));
        assert!(said.made_by.starts_with("gondola "));
    }

    #[test]
    fn a_newer_description_is_told_from_a_garbled_one() {
        let root = tempfile::tempdir().unwrap();
        for (text, why) in [
            (r#"{"format":2,"shards":[]}"#, "newer version of this program (format 2"),
            ("\u{0}\u{0}", "cannot be read"),
            (r#"{"format":1}"#, "missing field `kind`"),
        ] {
            std::fs::write(root.path().join(DESCRIPTION), text).unwrap();
            let refused = LogFolder::open(root.path(), "sqlite").unwrap_err().to_string();
            assert!(refused.contains(why), "{refused}");
        }
    }
}

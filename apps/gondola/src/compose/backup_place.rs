//! Where backups are kept, as it is given on a command line: a folder, or a bucket of an object store.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use kit_backup::{CHECKED, Folder, Place};
#[cfg(feature = "s3")]
use kit_backup_s3::{Bucket, BucketUrl, S3Settings};
use percent_encoding::percent_decode_str;
use tempfile::TempDir;

use super::event_store::DataArgs;

/// A folder, `file:///FOLDER` or `s3://BUCKET/PREFIX`. How an object store is reached is in no address, but in variables.
#[derive(Clone, Debug)]
pub(crate) enum PlaceUrl {
    /// A folder of this machine, or of a network drive.
    Folder(PathBuf),
    /// Objects whose names begin alike.
    #[cfg(feature = "s3")]
    Bucket(BucketUrl),
}

impl FromStr for PlaceUrl {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        match text.split_once("://") {
            None => Ok(Self::Folder(PathBuf::from(text))),
            Some(("file", path)) => {
                ensure!(
                    path.starts_with('/'),
                    "write file:///FOLDER, with the folder from the root"
                );
                let path = percent_decode_str(path)
                    .decode_utf8()
                    .context("a name of a folder is UTF-8")?;
                Ok(Self::Folder(PathBuf::from(path.as_ref())))
            }
            Some(("s3", _)) => bucket(text),
            Some((scheme, _)) => bail!(
                "there is no place {scheme:?} for backups: give a folder, file:///FOLDER or s3://BUCKET/PREFIX"
            ),
        }
    }
}

#[cfg(feature = "s3")]
fn bucket(text: &str) -> anyhow::Result<PlaceUrl> {
    Ok(PlaceUrl::Bucket(text.parse()?))
}

#[cfg(not(feature = "s3"))]
fn bucket(_text: &str) -> anyhow::Result<PlaceUrl> {
    Err(super::not_built_in("the client of object stores (s3://)"))
}

impl fmt::Display for PlaceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
            #[cfg(feature = "s3")]
            Self::Bucket(url) => url.fmt(f),
        }
    }
}

impl PlaceUrl {
    /// Refuses a place that the loss of the data would take with it, or that is one of its folders, and one that is not said how
    /// to reach. Opens nothing.
    pub(crate) fn check(&self, data: &DataArgs) -> anyhow::Result<()> {
        match self {
            Self::Folder(folder) => check_folder(folder, data),
            #[cfg(feature = "s3")]
            Self::Bucket(_) => settings().map(drop),
        }
    }

    /// Opens it to write a backup, alone as far as the place can tell. Blocks.
    pub(crate) fn open_to_write(&self) -> anyhow::Result<Arc<dyn Place>> {
        Ok(match self {
            Self::Folder(folder) => Arc::new(Folder::to_write(folder)?),
            #[cfg(feature = "s3")]
            Self::Bucket(url) => Arc::new(Bucket::open(url.clone(), settings()?)?),
        })
    }

    /// Opens it to read a backup. Blocks.
    pub(crate) fn open_to_read(&self) -> anyhow::Result<Arc<dyn Place>> {
        match self {
            Self::Folder(folder) => Ok(Arc::new(Folder::to_read(folder)?)),
            #[cfg(feature = "s3")]
            Self::Bucket(_) => self.open_to_write(),
        }
    }

    /// A folder for what passes when a backup is tried out: beside it in a folder, else among temporary files.
    pub(crate) fn room(&self) -> anyhow::Result<TempDir> {
        match self {
            Self::Folder(folder) => TempDir::with_prefix_in(CHECKED, folder)
                .with_context(|| format!("cannot make a folder in {self}")),
            #[cfg(feature = "s3")]
            Self::Bucket(_) => {
                TempDir::with_prefix("gondola-").context("cannot make a temporary folder")
            }
        }
    }
}

/// Read anew for each backup, so that a key in a file may be changed while a server runs.
#[cfg(feature = "s3")]
fn settings() -> anyhow::Result<S3Settings> {
    let readable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    Ok(S3Settings::from_variables(std::env::vars_os().filter_map(readable))?)
}

fn check_folder(folder: &Path, data: &DataArgs) -> anyhow::Result<()> {
    let absolute = |path: &Path| std::path::absolute(path);
    let (place, roots) = (absolute(folder)?, [&*data.data_dir, data.log_root()]);
    for root in roots {
        ensure!(
            !place.starts_with(absolute(root)?),
            "{} is inside the data folder {}: back up to another disk",
            folder.display(),
            root.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_may_be_written_as_an_address() {
        let folder = |text: &str| text.parse::<PlaceUrl>().unwrap().to_string();
        assert_eq!(folder("/mnt/backup"), "/mnt/backup");
        assert_eq!(folder("file:///mnt/my%20backup"), "/mnt/my backup");
        assert_eq!(folder("backup:monday"), "backup:monday");
        let told = |text: &str| text.parse::<PlaceUrl>().unwrap_err().to_string();
        assert!(told("file://mnt/backup").contains("write file:///FOLDER"));
        assert!(told("gs://backup").contains("s3://BUCKET/PREFIX"));
    }

    #[cfg(not(feature = "s3"))]
    #[test]
    fn a_build_without_the_client_says_which_one_has_it() {
        let told = "s3://backup".parse::<PlaceUrl>().unwrap_err().to_string();
        assert!(told.contains("make dist") && told.contains("--features servers"), "{told}");
    }
}

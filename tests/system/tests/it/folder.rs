//! Folders that outlive a test that failed.

use std::path::Path;

use tempfile::TempDir;

/// A folder for one test: removed at its end, kept when it failed.
#[derive(Debug)]
pub(crate) struct Folder(Option<TempDir>);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(Some(TempDir::with_prefix("gondola-test-").unwrap()))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.as_ref().unwrap().path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Some(folder) = self.0.take()
            && std::thread::panicking()
        {
            eprintln!("what it left is in {}", folder.keep().display());
        }
    }
}

//! The file to import, and where its rejected lines go.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;

use super::csv_file::CsvFile;
use super::progress::Progress;

/// The file to import.
#[derive(Clone, Debug)]
pub struct Input {
    /// A CSV file, plain or gzipped, with the names of the columns in its first line.
    pub file: PathBuf,
    /// Where rejected lines go; `<name of the file>.rejected.csv` in the present folder unless given.
    pub rejected: Option<PathBuf>,
}

impl Input {
    /// The name of the file without its folder.
    pub(super) fn name(&self) -> String {
        let name = self.file.file_name().unwrap_or(self.file.as_os_str());
        name.to_string_lossy().into_owned()
    }

    /// Where rejected lines go.
    pub(super) fn rejected(&self) -> PathBuf {
        let beside = || PathBuf::from(format!("{}.rejected.csv", self.name()));
        self.rejected.clone().unwrap_or_else(beside)
    }

    /// Its size in bytes.
    pub(super) fn size(&self) -> anyhow::Result<u64> {
        let found = std::fs::metadata(&self.file);
        Ok(found.with_context(|| format!("cannot read {}", self.file.display()))?.len())
    }

    /// Opens it; what is read of it counts as progress.
    pub(super) fn open(&self, progress: &Progress) -> anyhow::Result<CsvFile> {
        CsvFile::open(&self.file, Arc::clone(&progress.read_bytes))
    }
}

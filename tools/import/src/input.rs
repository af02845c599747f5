//! The file to import, and where its rejected lines go.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, ensure};
use tempfile::NamedTempFile;

use super::csv_file::CsvFile;
use super::format::numbers::DecimalSign;
use super::format::text::Encoding;
use super::ndjson;
use super::progress::Progress;
use super::reading::ReadingOptions;

/// How standard input is named.
const STANDARD_INPUT: &str = "-";

/// The file to import.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// A CSV file, plain or gzipped, with the names of the columns in its first line; `-` is standard input.
    pub file: PathBuf,
    /// Where rejected lines go; `<name of the file>.rejected.csv` in the present folder unless given.
    pub rejected: Option<PathBuf>,
    /// How it is to be read.
    pub reading: ReadingOptions,
    /// Whether lines that were imported before are booked once more.
    pub again: bool,
}

/// A file that can be read more than once.
pub(super) struct InputFile {
    asked: Input,
    /// Where it is read from.
    path: PathBuf,
    /// Keeps what came in on standard input.
    _spooled: Option<NamedTempFile>,
    /// Keeps the table of a file of JSON lines.
    table: Option<NamedTempFile>,
}

impl InputFile {
    /// Finds the file; standard input is written to a temporary one first.
    pub(super) fn find(asked: &Input) -> anyhow::Result<Self> {
        let spooled = (asked.file == Path::new(STANDARD_INPUT)).then(spool).transpose()?;
        let path = spooled.as_ref().map_or(asked.file.as_path(), NamedTempFile::path).to_owned();
        let file = Self { asked: asked.clone(), path, _spooled: spooled, table: None };
        let same = |place: &Path| place.canonicalize().ok() == file.path.canonicalize().ok();
        let rejected = file.rejected();
        ensure!(
            !rejected.exists() || !same(&rejected),
            "rejected lines cannot go to {}, which is imported: give another file with --rejected",
            rejected.display()
        );
        Ok(file)
    }

    /// Finds a file that may also have one JSON object a line, whose members are called as columns are.
    pub(super) fn find_table(asked: &Input) -> anyhow::Result<Self> {
        let mut file = Self::find(asked)?;
        if let Some(table) = ndjson::table(&file.path, asked.reading.encoding)? {
            let reading = &mut file.asked.reading;
            reading.delimiter = Some(b',');
            reading.encoding = Encoding::Utf8;
            // as numbers of JSON have it
            reading.decimal = reading.decimal.or(Some(DecimalSign::Point));
            table.path().clone_into(&mut file.path);
            file.table = Some(table);
        }
        Ok(file)
    }

    /// The name of the file without its folder.
    pub(super) fn name(&self) -> String {
        if self.asked.file == Path::new(STANDARD_INPUT) {
            return "standard-input".to_owned();
        }
        let name = self.asked.file.file_name().unwrap_or(self.asked.file.as_os_str());
        name.to_string_lossy().into_owned()
    }

    /// What tells it from other files of equal content: where it is.
    pub(super) fn place(&self) -> String {
        let whole = self.asked.file.canonicalize().unwrap_or_else(|_| self.asked.file.clone());
        whole.to_string_lossy().into_owned()
    }

    /// Where it is read from.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where rejected lines go.
    pub(super) fn rejected(&self) -> PathBuf {
        let beside = || PathBuf::from(format!("{}.rejected.csv", self.name()));
        self.asked.rejected.clone().unwrap_or_else(beside)
    }

    /// How it is to be read.
    pub(super) fn reading(&self) -> &ReadingOptions {
        &self.asked.reading
    }

    /// Whether lines that were imported before are booked once more.
    pub(super) fn again(&self) -> bool {
        self.asked.again
    }

    /// Its size in bytes.
    pub(super) fn size(&self) -> anyhow::Result<u64> {
        let found = std::fs::metadata(&self.path);
        Ok(found.with_context(|| format!("cannot read {}", self.path.display()))?.len())
    }

    /// Opens it; what is read of it counts as progress.
    pub(super) fn open(&self, progress: &Progress) -> anyhow::Result<CsvFile> {
        let file = CsvFile::open(&self.path, self.reading(), Arc::clone(&progress.read_bytes))?;
        Ok(if self.table.is_some() { file.with_added_header() } else { file })
    }
}

fn spool() -> anyhow::Result<NamedTempFile> {
    let spool = || -> std::io::Result<NamedTempFile> {
        let mut file = NamedTempFile::new()?;
        std::io::copy(&mut std::io::stdin().lock(), &mut file)?;
        Ok(file)
    };
    spool().context("cannot keep what comes in on standard input")
}

//! The file to import, and where its rejected lines go.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, ensure};
use tempfile::NamedTempFile;

use super::account::Observer;
use super::csv_file::CsvFile;
use super::format::numbers::DecimalSign;
use super::format::text::Encoding;
use super::ndjson;
use super::progress::Progress;
use super::reading::ReadingOptions;
use super::register::Mode;
use super::xlsx;

/// How standard input is named.
const STANDARD_INPUT: &str = "-";

/// Where rejected lines go.
#[derive(Clone, Debug, Default)]
pub enum Rejected {
    /// To `<name of the file>.rejected.csv` in the present folder.
    #[default]
    Here,
    /// To this file.
    File(PathBuf),
    /// To this file, without the customers whom they name: who is forgotten is not looked for there.
    Anonymous(PathBuf),
}

/// The file to import.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// A CSV file with the names of the columns in its first line, or one JSON object a line, plain or gzipped; or a workbook
    /// (XLSX). `-` is standard input.
    pub file: PathBuf,
    /// Where rejected lines go.
    pub rejected: Rejected,
    /// How it is to be read.
    pub reading: ReadingOptions,
    /// Whether lines that were imported before are booked once more.
    pub again: bool,
    /// Whether it is only said what would become of its lines.
    pub dry_run: bool,
    /// Whether entries of the catalogue that are registered already are changed as the file has them.
    pub update: bool,
    /// What the file is called and known by, where it is only a copy of one that is elsewhere: a path, or any other name.
    pub called: Option<String>,
    /// Who sees from elsewhere how far its import is.
    pub observer: Option<Observer>,
}

impl Input {
    /// What tells the file from others of equal content: where it is.
    pub fn place(&self) -> String {
        let place = || self.file.canonicalize().unwrap_or_else(|_| self.file.clone());
        self.called.clone().unwrap_or_else(|| place().to_string_lossy().into_owned())
    }
}

/// A file that can be read more than once.
pub(super) struct InputFile {
    asked: Input,
    /// The file as it is.
    whole: PathBuf,
    /// Where its table is read from.
    path: PathBuf,
    /// Keeps what came in on standard input.
    _spooled: Option<NamedTempFile>,
    /// Keeps the table of a file of JSON lines, or of a workbook.
    table: Option<(NamedTempFile, Header)>,
}

/// Where the names of the columns are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Header {
    /// The file has a line for them.
    InFile,
    /// They were put above its lines.
    Added,
}

impl InputFile {
    /// Finds the file, which may also have one JSON object a line, whose members are called as columns are; standard input is
    /// written to a temporary one first.
    pub(super) fn find(asked: &Input) -> anyhow::Result<Self> {
        let spooled = (asked.file == Path::new(STANDARD_INPUT)).then(spool).transpose()?;
        let path = spooled.as_ref().map_or(asked.file.as_path(), NamedTempFile::path).to_owned();
        let whole = path.clone();
        let mut file = Self { asked: asked.clone(), whole, path, _spooled: spooled, table: None };
        let same = |place: &Path| place.canonicalize().ok() == file.path.canonicalize().ok();
        let rejected = file.rejected();
        ensure!(
            !rejected.exists() || !same(&rejected),
            "rejected lines cannot go to {}, which is imported: give another file with --rejected",
            rejected.display()
        );
        if let Some(table) = xlsx::table(&file.path, asked.reading.decimal)? {
            file.asked.reading.delimiter = Some(b',');
            file.asked.reading.encoding = Encoding::Utf8;
            table.path().clone_into(&mut file.path);
            file.table = Some((table, Header::InFile));
        } else if let Some(table) = ndjson::table(&file.path, asked.reading.encoding)? {
            let reading = &mut file.asked.reading;
            reading.delimiter = Some(b',');
            reading.encoding = Encoding::Utf8;
            // as numbers of JSON have it
            reading.decimal = reading.decimal.or(Some(DecimalSign::Point));
            table.path().clone_into(&mut file.path);
            file.table = Some((table, Header::Added));
        }
        Ok(file)
    }

    /// The name of the file without its folder.
    pub(super) fn name(&self) -> String {
        if self.asked.place() == STANDARD_INPUT {
            return "standard-input".to_owned();
        }
        if let Some(called) = &self.asked.called {
            return called.rsplit(['/', '\\']).next().unwrap_or(called).to_owned();
        }
        let name = self.asked.file.file_name().unwrap_or(self.asked.file.as_os_str());
        name.to_string_lossy().into_owned()
    }

    /// What tells it from other files of equal content: where it is.
    pub(super) fn place(&self) -> String {
        self.asked.place()
    }

    /// Tells how far it is.
    pub(super) fn progress(&self, lines_before: u64) -> anyhow::Result<Progress> {
        let seen = (self.asked.observer.as_ref(), self.asked.dry_run);
        Ok(Progress::new(self.size()?, lines_before, seen))
    }

    /// The file as it is, by whose bytes it is known.
    pub(super) fn whole(&self) -> &Path {
        &self.whole
    }

    /// Where rejected lines go.
    pub(super) fn rejected(&self) -> PathBuf {
        match &self.asked.rejected {
            Rejected::Here => PathBuf::from(format!("{}.rejected.csv", self.name())),
            Rejected::File(file) | Rejected::Anonymous(file) => file.clone(),
        }
    }

    /// Whether they are kept without the customers whom they name.
    pub(super) fn hides_customers(&self) -> bool {
        matches!(self.asked.rejected, Rejected::Anonymous(_))
    }

    /// How it is to be read.
    pub(super) fn reading(&self) -> &ReadingOptions {
        &self.asked.reading
    }

    /// Whether lines that were imported before are booked once more.
    pub(super) fn again(&self) -> bool {
        self.asked.again
    }

    /// Whether it is only said what would become of its lines.
    pub(super) fn is_dry_run(&self) -> bool {
        self.asked.dry_run
    }

    /// What is done with entries of the catalogue.
    pub(super) fn mode(&self) -> Mode {
        Mode { update: self.asked.update, dry_run: self.asked.dry_run }
    }

    /// Its size in bytes.
    fn size(&self) -> anyhow::Result<u64> {
        let found = std::fs::metadata(&self.path);
        Ok(found.with_context(|| format!("cannot read {}", self.path.display()))?.len())
    }

    /// Opens it; what is read of it counts as progress.
    pub(super) fn open(&self, progress: &Progress) -> anyhow::Result<CsvFile> {
        let file = CsvFile::open(&self.path, self.reading(), Arc::clone(&progress.read_bytes))?;
        let is_added = self.table.as_ref().is_some_and(|(_, header)| *header == Header::Added);
        Ok(if is_added { file.with_added_header() } else { file })
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

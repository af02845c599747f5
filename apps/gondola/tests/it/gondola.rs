//! Runs the binary in a folder of its own and reads what it says.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use kit_core::{Clock, SystemClock};
use serde_json::Value;
use tempfile::TempDir;

/// A folder with a data folder `data` in it, where the binary is run.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
    event_store: &'static str,
}

/// Lines of a file of rejected lines: the code of the trouble, by the number of the line.
pub(crate) type Rejected = BTreeMap<u64, String>;

impl Place {
    /// An empty folder for a kind of event store.
    pub(crate) fn new(event_store: &'static str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), event_store }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Copies the files of a case of the fixtures, with the present date in UTC for `@TODAY@`.
    pub(crate) fn copy_case(&self, case: &str) {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/cases");
        let today = SystemClock.now().to_string()[..10].to_owned();
        for file in std::fs::read_dir(cases.join(case)).unwrap() {
            let file = file.unwrap();
            let text = std::fs::read_to_string(file.path()).unwrap();
            std::fs::write(self.path("").join(file.file_name()), text.replace("@TODAY@", &today))
                .unwrap();
        }
    }

    /// Writes a gzipped file of two members, as parallel packers do.
    pub(crate) fn write_gzipped(&self, name: &str, text: &str) {
        let mut file = std::fs::File::create(self.path(name)).unwrap();
        let (begin, end) = text.split_at(text.len() / 2);
        for part in [begin, end] {
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(part.as_bytes()).unwrap();
            file.write_all(&packed.finish().unwrap()).unwrap();
        }
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// A command that is not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
        command.current_dir(self.folder.path()).args(["--log", "warn"]).args(arguments).args([
            "--data-dir",
            "data",
            "--event-store",
            self.event_store,
        ]);
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Starts a command.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Runs a command that must succeed; what it says. An import of whose lines most were rejected has dealt with all of them,
    /// and says so.
    #[track_caller]
    pub(crate) fn told(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        let told = String::from_utf8_lossy(&output.stdout);
        let are_many = output.status.code() == Some(3) && error.contains("lines were rejected");
        assert!(output.status.success() || are_many, "{arguments:?}: {error}{told}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must fail; the error.
    #[track_caller]
    pub(crate) fn error(&self, arguments: &[&str]) -> String {
        self.refused(arguments, 2)
    }

    /// Runs a command that must fail with an exit code; the error.
    #[track_caller]
    pub(crate) fn refused(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        error
    }

    /// All stock levels: the units on hand and the number of events, by store code and SKU.
    pub(crate) fn stock(&self) -> BTreeMap<(String, String), (u32, u64)> {
        let text = self.told(&["export", "stock"]);
        let mut csv = csv::Reader::from_reader(text.as_bytes());
        let row = |row: csv::StringRecord| {
            assert_eq!(&row[5], "0", "nothing stays reserved: {row:?}");
            let units = (row[4].parse().unwrap(), row[9].parse().unwrap());
            ((row[0].to_owned(), row[2].to_owned()), units)
        };
        csv.records().map(|record| row(record.unwrap())).collect()
    }

    /// The units on hand of a product in a store.
    #[track_caller]
    pub(crate) fn on_hand(&self, store: &str, sku: &str) -> u32 {
        self.stock()[&(store.to_owned(), sku.to_owned())].0
    }

    /// The events of a context.
    pub(crate) fn events(&self, more: &[&str]) -> Vec<Value> {
        let arguments = [&["export", "events"], more].concat();
        let text = self.told(&arguments);
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Which lines were rejected into a file.
    pub(crate) fn rejected(&self, name: &str) -> Rejected {
        let mut csv = csv::ReaderBuilder::new().flexible(true).from_path(self.path(name)).unwrap();
        let row = |row: csv::StringRecord| (row[0].parse().unwrap(), row[1].to_owned());
        csv.records().map(|record| row(record.unwrap())).collect()
    }
}

/// Raises a flag when it is dropped, also by an assertion that fails: threads that go on until then would never let it be told.
pub(crate) struct Raising<'f>(pub(crate) &'f AtomicBool);

impl Drop for Raising<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The number behind a word in what an import says; 0 when it does not say it.
pub(crate) fn count(told: &str, what: &str) -> u64 {
    let line =
        told.lines().find_map(|line| line.trim_start().strip_prefix(what)?.strip_prefix("  "));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.map_or(0, |number| number.replace(',', "").parse().unwrap())
}

/// Lines applied, applied before and rejected; with nothing missing of `lines`.
#[track_caller]
pub(crate) fn account(told: &str, lines: u64) -> [u64; 3] {
    let first = told.lines().next().unwrap();
    let read = first.split_whitespace().nth(1).unwrap().replace(',', "");
    assert_eq!(read.parse(), Ok(lines), "{told}");
    let parts = ["applied", "applied before", "rejected"].map(|what| count(told, what));
    assert_eq!(parts.iter().sum::<u64>(), lines, "{told}");
    parts
}

/// Copies a folder with all in it but the locks.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if !entry.file_name().to_string_lossy().ends_with("lock") {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Size of all files of a folder in bytes.
pub(crate) fn size(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let size = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(found) if found.is_dir() => size(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

//! What an import knows of each of its lines, kept beside its progress: the basket it belongs to, and what became of it.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

/// Bytes of a line: its basket, its digest, what became of it. Lines have their place by their number.
const ENTRY_BYTES: usize = 25;

/// Where what became of a line is in its entry.
const FATE_OFFSET: u64 = 24;

/// What becomes of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Fate {
    /// The import books it, once it gets there.
    #[default]
    Own,
    /// It was rejected.
    Rejected,
    /// Another import has booked it.
    Before,
    /// Another import has booked its basket with other lines.
    BasketChanged,
}

/// A line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its basket of its store; 0 when it has none.
    pub(super) basket: u128,
    /// What was sold.
    pub(super) digest: u64,
    /// What becomes of it.
    pub(super) fate: Fate,
}

/// The ledger of an import.
#[derive(Debug)]
pub(super) struct LineLedger {
    path: PathBuf,
    file: File,
}

/// A ledger that is being written for the first time.
pub(super) struct LedgerWriter {
    path: PathBuf,
    to: BufWriter<NamedTempFile>,
    /// The first line that is not in it yet.
    next: u64,
}

impl Fate {
    fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::Rejected,
            2 => Self::Before,
            3 => Self::BasketChanged,
            _ => Self::Own,
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Own => 0,
            Self::Rejected => 1,
            Self::Before => 2,
            Self::BasketChanged => 3,
        }
    }
}

impl LedgerWriter {
    /// Begins the ledger that will be at `path`.
    pub(super) fn new(path: PathBuf) -> anyhow::Result<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let to = NamedTempFile::new_in(folder)
            .with_context(|| format!("cannot write to {}", folder.display()))?;
        Ok(Self { path, to: BufWriter::new(to), next: 0 })
    }

    /// Adds a line, behind all others.
    pub(super) fn add(&mut self, line: u64, entry: Entry) -> anyhow::Result<()> {
        let mut bytes = [0; ENTRY_BYTES];
        while self.next < line {
            self.to.write_all(&bytes)?;
            self.next += 1;
        }
        bytes[..16].copy_from_slice(&entry.basket.to_le_bytes());
        bytes[16..24].copy_from_slice(&entry.digest.to_le_bytes());
        bytes[24] = entry.fate.byte();
        self.to.write_all(&bytes)?;
        self.next += 1;
        Ok(())
    }

    /// Brings it to the disk, in the place of any other.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let path = self.path;
        let finish = || -> anyhow::Result<()> {
            let file = self.to.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        finish().with_context(|| format!("cannot write {}", path.display()))
    }
}

impl LineLedger {
    /// The one at `path`; `None` when there is none.
    pub(super) fn open(path: PathBuf) -> anyhow::Result<Option<Self>> {
        match OpenOptions::new().read(true).write(true).open(&path) {
            Ok(file) => Ok(Some(Self { path, file })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Whether any of its lines belongs to a basket.
    pub(super) fn has_baskets(&self) -> anyhow::Result<bool> {
        let mut found = false;
        self.scan(|_, entry| found |= entry.basket != 0)?;
        Ok(found)
    }

    /// Notes what became of a line. It may be lost until [`sync`](Self::sync).
    pub(super) fn mark(&self, line: u64, fate: Fate) -> anyhow::Result<()> {
        let offset = line * ENTRY_BYTES as u64 + FATE_OFFSET;
        let written = self.file.write_all_at(&[fate.byte()], offset);
        written.with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Brings all notes to the disk.
    pub(super) fn sync(&self) -> anyhow::Result<()> {
        self.file.sync_data().with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Shows all lines in their order.
    pub(super) fn scan(&self, mut each: impl FnMut(u64, Entry)) -> anyhow::Result<()> {
        let read = || -> std::io::Result<File> { File::open(&self.path) };
        let mut file = BufReader::with_capacity(
            ENTRY_BYTES * 10_000,
            read().with_context(|| format!("cannot read {}", self.path.display()))?,
        );
        let mut bytes = [0; ENTRY_BYTES];
        let mut line = 0;
        loop {
            match file.read_exact(&mut bytes) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
                Err(error) => {
                    return Err(error)
                        .with_context(|| format!("cannot read {}", self.path.display()));
                }
            }
            let (basket, digest) = bytes.split_at(16);
            each(
                line,
                Entry {
                    basket: basket.try_into().map_or(0, u128::from_le_bytes),
                    digest: digest[..8].try_into().map_or(0, u64::from_le_bytes),
                    fate: Fate::from_byte(bytes[24]),
                },
            );
            line += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_place_and_what_became_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sales.lines");
        assert!(LineLedger::open(path.clone()).unwrap().is_none());
        let mut writer = LedgerWriter::new(path.clone()).unwrap();
        let sold = Entry { basket: 7 << 100, digest: u64::MAX - 1, fate: Fate::Own };
        writer.add(2, sold).unwrap();
        writer.add(4, Entry::default()).unwrap();
        writer.finish().unwrap();
        let ledger = LineLedger::open(path).unwrap().unwrap();
        ledger.mark(2, Fate::BasketChanged).unwrap();
        ledger.mark(6, Fate::Rejected).unwrap();
        ledger.sync().unwrap();
        let mut seen = Vec::new();
        ledger.scan(|line, entry| seen.push((line, entry))).unwrap();
        let nothing = Entry::default();
        let expected = [
            nothing,
            nothing,
            Entry { fate: Fate::BasketChanged, ..sold },
            nothing,
            nothing,
            nothing,
            Entry { fate: Fate::Rejected, ..nothing },
        ];
        assert_eq!(
            seen,
            expected
                .into_iter()
                .enumerate()
                .map(|(line, entry)| (line as u64, entry))
                .collect::<Vec<_>>()
        );
    }
}

//! The file that keeps the lines that were not taken, with the reasons.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::Context;
use csv::{ByteRecord, Writer};

use super::csv_file::Row;
use super::reject::Reject;

/// The rejected lines with their reasons, as CSV: `line`, `code`, `reason`, then the fields as they were given.
///
/// It can be corrected and imported as it is: its first columns are ignored. It is created with the first rejected
/// line.
pub(super) struct RejectFile {
    path: PathBuf,
    header: ByteRecord,
    /// Bytes of an earlier run that are kept; what is behind them was never accounted for.
    kept: u64,
    open: Option<Writer<BufWriter<File>>>,
}

impl RejectFile {
    /// A file to be made when it is needed, or to be continued behind its first `kept` bytes.
    pub(super) fn new(path: PathBuf, header: &ByteRecord, kept: u64) -> Self {
        Self { path, header: header.clone(), kept, open: None }
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a line.
    pub(super) fn add(&mut self, row: &Row, reject: &Reject) -> anyhow::Result<()> {
        let line = row.line.to_string();
        let front = [line.as_bytes(), reject.code.as_bytes(), reject.reason.as_bytes()];
        let written = self.writer().and_then(|writer| {
            Ok(writer.write_record(front.into_iter().chain(row.record.iter()))?)
        });
        written.with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Brings all of it to the disk and returns its size in bytes.
    pub(super) fn sync(&mut self) -> anyhow::Result<u64> {
        let Some(writer) = &mut self.open else { return Ok(self.kept) };
        let mut synced = || -> std::io::Result<u64> {
            writer.flush()?;
            let file = writer.get_ref().get_ref();
            file.sync_data()?;
            Ok(file.metadata()?.len())
        };
        synced().with_context(|| format!("cannot write {}", self.path.display()))
    }

    fn writer(&mut self) -> anyhow::Result<&mut Writer<BufWriter<File>>> {
        if self.open.is_none() {
            let mut file =
                OpenOptions::new().create(true).write(true).truncate(false).open(&self.path)?;
            let kept = if file.metadata()?.len() < self.kept { 0 } else { self.kept };
            file.set_len(kept)?;
            file.seek(SeekFrom::End(0))?;
            // the lines have as many fields as they have, right or wrong
            let mut writer =
                csv::WriterBuilder::new().flexible(true).from_writer(BufWriter::new(file));
            if kept == 0 {
                let front: [&[u8]; 3] = [b"line", b"code", b"reason"];
                writer.write_record(front.into_iter().chain(self.header.iter()))?;
            }
            self.open = Some(writer);
        }
        self.open.as_mut().context("the file is not open")
    }
}

//! The file that keeps the lines that were not taken, with the reasons.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::PathBuf;

use anyhow::Context;
use csv::{ByteRecord, Writer};

use super::csv_file::{Layout, Place, REJECT_COLUMNS, Row};
use super::format::text::{Encoding, UTF_8_MARK};
use super::input::InputFile;
use super::reject::Reject;
use super::sale_lines::CUSTOMER;

/// The rejected lines with their reasons, as CSV: `rejected_line`, `rejected_code`, `rejected_reason`, then the fields as
/// they were given, with the delimiter of the file.
///
/// It can be corrected and imported as it is: nothing else has columns of these names, and they are ignored. It is created
/// with the first rejected line.
pub(super) struct RejectFile {
    path: PathBuf,
    layout: Layout,
    /// The column that is left empty.
    hidden: Place,
    /// Bytes of an earlier run that are kept; what is behind them was never accounted for.
    kept: u64,
    open: Option<Writer<BufWriter<File>>>,
}

impl RejectFile {
    /// A file to be made when it is needed, or to be continued behind its first `kept` bytes.
    pub(super) fn new(input: &InputFile, layout: &Layout, kept: u64) -> Self {
        let hidden = if input.hides_customers() { layout.find(&CUSTOMER) } else { None };
        Self { path: input.rejected(), layout: layout.clone(), hidden, kept, open: None }
    }

    /// Adds a line.
    pub(super) fn add(&mut self, row: &Row, reject: &Reject) -> anyhow::Result<()> {
        let line = row.line.to_string();
        let front = [line.as_bytes(), reject.code.as_bytes(), reject.reason.as_bytes()];
        let mut record = Cow::Borrowed(&row.record);
        if let Some(hidden) = self.hidden {
            let fields = row.record.iter().enumerate();
            record = Cow::Owned(
                fields.map(|(at, field)| if at == hidden { &[] } else { field }).collect(),
            );
        }
        let fields: ByteRecord = front.into_iter().chain(self.layout.own(&record)).collect();
        let written = self.writer().and_then(|writer| Ok(writer.write_byte_record(&fields)?));
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
            if kept == 0 && self.layout.encoding != Encoding::Utf8 {
                // what was read in another encoding is written as UTF-8, which goes before the option
                file.write_all(UTF_8_MARK)?;
            }
            // the lines have as many fields as they have, right or wrong
            let mut writer = csv::WriterBuilder::new()
                .flexible(true)
                .delimiter(self.layout.delimiter)
                .from_writer(BufWriter::new(file));
            if kept == 0 {
                let front = REJECT_COLUMNS.map(str::as_bytes);
                let names = self.layout.own(self.layout.names());
                writer.write_record(front.into_iter().chain(names))?;
            }
            self.open = Some(writer);
        }
        self.open.as_mut().context("the file is not open")
    }
}

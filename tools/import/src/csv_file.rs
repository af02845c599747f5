//! Reading a CSV file, plain or gzipped, whose columns are found by the names in its first line.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, bail};
use csv::ByteRecord;
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::reject::Reject;

/// Size of the read buffer, in bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// How a gzipped file begins.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The byte order mark that spreadsheets may write before UTF-8 text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A column that may be there under one of several names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// What it has, for people.
    pub(super) what: &'static str,
    /// Its names in order of preference; compared by their letters and digits only, in lower case.
    pub(super) names: &'static [&'static str],
}

/// The place of a column in the file; `None` when the file does not have it.
pub(super) type Place = Option<usize>;

/// A file that is being read line by line.
pub(super) struct CsvFile {
    reader: csv::Reader<Box<dyn Read + Send>>,
    header: ByteRecord,
    lines: u64,
}

/// One line with the fields that it has in the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// Its number; the names of the columns are line 1, and a field with line breaks in it does not count for more.
    pub(super) line: u64,
    /// Its fields.
    pub(super) record: ByteRecord,
}

impl CsvFile {
    /// Opens a file and reads its first line; `read_bytes` counts what has been read of the file since.
    pub(super) fn open(path: &Path, read_bytes: Arc<AtomicU64>) -> anyhow::Result<Self> {
        let open = || -> std::io::Result<Box<dyn Read + Send>> {
            let file = Counted { file: File::open(path)?, read_bytes };
            let mut file = BufReader::with_capacity(BUFFER_BYTES, file);
            if file.fill_buf()?.starts_with(&GZIP_MAGIC) {
                let text = BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(file));
                return Ok(Box::new(text));
            }
            Ok(Box::new(file))
        };
        let text = open().with_context(|| format!("cannot read {}", path.display()))?;
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(text);
        let mut header = ByteRecord::new();
        let found = reader
            .read_byte_record(&mut header)
            .with_context(|| format!("cannot read {}", path.display()))?;
        if !found {
            bail!("{} is empty: its first line must name the columns", path.display());
        }
        Ok(Self { reader, header: without_mark(&header), lines: 1 })
    }

    /// The names of the columns as they are in the file.
    pub(super) fn header(&self) -> &ByteRecord {
        &self.header
    }

    /// Where a column is.
    pub(super) fn find(&self, column: &Column) -> Place {
        column.names.iter().find_map(|name| self.find_name(name))
    }

    /// Where a column is that must be there.
    pub(super) fn require(&self, column: &Column) -> anyhow::Result<Place> {
        match self.find(column) {
            Some(place) => Ok(Some(place)),
            None => bail!(
                "the file has no column for the {}: name one of {} in its first line",
                column.what,
                column.names.join(", ")
            ),
        }
    }

    /// Where the column with a name is.
    pub(super) fn find_name(&self, name: &str) -> Place {
        let wanted = folded(name.as_bytes());
        self.header.iter().position(|name| folded(name) == wanted)
    }

    /// The next line; `None` at the end. After an error the remaining lines cannot be read.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<Row>> {
        let mut record = ByteRecord::new();
        if !self.reader.read_byte_record(&mut record).context("cannot read on in the file")? {
            return Ok(None);
        }
        self.lines += 1;
        Ok(Some(Row { line: self.lines, record }))
    }

    /// Refuses a line that has not as many fields as there are columns.
    pub(super) fn check_width(columns: usize, row: &Row) -> Result<(), Reject> {
        let fields = row.record.len();
        if fields == columns {
            return Ok(());
        }
        let reason = format!("it has {fields} fields, but the first line names {columns} columns");
        Err(Reject::new("wrong-column-count", reason))
    }
}

impl Row {
    /// A field without the blanks around it; empty when the file does not have the column.
    pub(super) fn text(&self, place: Place) -> Result<&str, Reject> {
        let field = place.and_then(|place| self.record.get(place)).unwrap_or_default();
        let text = std::str::from_utf8(field).map_err(|_| {
            Reject::new("not-utf8", "a field is not UTF-8 text; save the file as UTF-8")
        })?;
        Ok(text.trim())
    }

    /// A field that must not be blank.
    pub(super) fn required(&self, place: Place, what: &str) -> Result<&str, Reject> {
        match self.text(place)? {
            "" => Err(Reject::new("missing-value", format!("the {what} is missing"))),
            text => Ok(text),
        }
    }
}

/// The SHA-256 of a file's bytes, in hexadecimal, and its size in bytes.
pub(super) fn identify(path: &Path) -> anyhow::Result<(String, u64)> {
    let read = || -> std::io::Result<(String, u64)> {
        let mut file = File::open(path)?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0; BUFFER_BYTES];
        let mut size = 0;
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            digest.update(&buffer[..count]);
            size += count as u64;
        }
        let mut hex = String::with_capacity(64);
        for byte in &digest.finalize() {
            // writing to a string does not fail
            let _ = write!(hex, "{byte:02x}");
        }
        Ok((hex, size))
    };
    read().with_context(|| format!("cannot read {}", path.display()))
}

/// A file that counts the bytes read from it.
struct Counted {
    file: File,
    read_bytes: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.read_bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

fn folded(name: &[u8]) -> Vec<u8> {
    let kept = name.iter().filter(|byte| byte.is_ascii_alphanumeric());
    kept.map(u8::to_ascii_lowercase).collect()
}

fn without_mark(header: &ByteRecord) -> ByteRecord {
    let name = |name: &[u8]| name.strip_prefix(BYTE_ORDER_MARK).unwrap_or(name).to_owned();
    header.iter().map(name).collect()
}

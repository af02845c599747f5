//! Reading a CSV file line by line, whose columns are found by the names in its first line.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::{Context, bail, ensure};
use csv::ByteRecord;
use gondola_export::unguarded;
use sha2::{Digest, Sha256};

use super::format::delimiter::Head;
use super::format::line_ends::LineEnds;
use super::format::text::{self, BUFFER_BYTES, Encoding, TextReader};
use super::reading::ReadingOptions;
use super::reject::Reject;

/// The columns that a file of rejected lines has before the line's own.
pub(super) const REJECT_COLUMNS: [&str; 3] = ["rejected_line", "rejected_code", "rejected_reason"];

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

/// How the lines of a file are laid out.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The names of the columns as they are in the file.
    names: ByteRecord,
    /// What stands between fields.
    pub(super) delimiter: u8,
    /// The encoding that was asked for.
    pub(super) encoding: Encoding,
}

/// A file that is being read line by line.
pub(super) struct CsvFile {
    reader: csv::Reader<LineEnds<TextReader>>,
    layout: Layout,
    /// Lines before the one that names the columns.
    lines_before: u64,
    /// Lines that are not in the file that people have.
    lines_added: u64,
}

/// One line with the fields that it has in the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// The number of the line in the file that it begins in.
    pub(super) line: u64,
    /// Its fields.
    pub(super) record: ByteRecord,
}

impl Layout {
    /// The names of the columns as they are in the file.
    pub(super) fn names(&self) -> &ByteRecord {
        &self.names
    }

    /// Whether it is a file of rejected lines.
    pub(super) fn is_of_rejects(&self) -> bool {
        self.names.iter().any(is_reject_column)
    }

    /// Where a column is.
    pub(super) fn find(&self, column: &Column) -> Place {
        column.names.iter().find_map(|name| self.find_name(name))
    }

    fn find_name(&self, name: &str) -> Place {
        let wanted = folded(name.as_bytes());
        self.names.iter().position(|name| folded(name) == wanted)
    }

    /// The fields of a line, without those that a file of rejected lines has added.
    pub(super) fn own<'a>(&self, record: &'a ByteRecord) -> impl Iterator<Item = &'a [u8]> {
        let is_own = |index: &usize| !self.names.get(*index).is_some_and(is_reject_column);
        record.iter().enumerate().filter_map(move |(index, field)| is_own(&index).then_some(field))
    }

    /// Refuses columns that stand twice: which of them is meant cannot be guessed.
    fn check_names(&self, line: u64) -> anyhow::Result<()> {
        let mut seen = HashSet::new();
        for name in &self.names {
            let known = folded(name);
            ensure!(
                known.is_empty() || seen.insert(known),
                "line {line}: the column {:?} stands twice: remove one of the two, or give it another name",
                String::from_utf8_lossy(name)
            );
        }
        Ok(())
    }
}

impl CsvFile {
    /// Opens a file and reads its first line; `read_bytes` counts what has been read of the file since.
    pub(super) fn open(
        path: &Path,
        options: &ReadingOptions,
        read_bytes: Arc<AtomicU64>,
    ) -> anyhow::Result<Self> {
        let text = text::open(path, options.encoding, read_bytes)?;
        let unread = || format!("cannot read {}", path.display());
        let mut text = BufReader::with_capacity(BUFFER_BYTES, text);
        let head = Head::read(&mut text, options.delimiter).with_context(unread)?;
        let whole: TextReader = Box::new(Cursor::new(head.bytes).chain(text));
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(head.delimiter)
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(LineEnds::new(whole, head.delimiter, head.line));
        let mut names = ByteRecord::new();
        let found = reader.read_byte_record(&mut names).with_context(unread)?;
        if !found {
            bail!("{} is empty: its first line must name the columns", path.display());
        }
        let layout = Layout { names, delimiter: head.delimiter, encoding: options.encoding };
        layout.check_names(head.line).with_context(|| path.display().to_string())?;
        Ok(Self { reader, layout, lines_before: head.line - 1, lines_added: 0 })
    }

    /// The file, of which people do not have the line with the columns' names.
    pub(super) fn with_added_header(self) -> Self {
        Self { lines_added: 1, ..self }
    }

    /// How its lines are laid out.
    pub(super) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The number of its columns.
    pub(super) fn width(&self) -> usize {
        self.layout.names.len()
    }

    /// What a column is called in the file.
    pub(super) fn name_of(&self, place: Place) -> String {
        let name = place.and_then(|place| self.layout.names.get(place)).unwrap_or_default();
        String::from_utf8_lossy(name).into_owned()
    }

    /// Where a column is.
    pub(super) fn find(&self, column: &Column) -> Place {
        self.layout.find(column)
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
        self.layout.find_name(name)
    }

    /// The next line; `None` at the end. After an error the remaining lines cannot be read.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<Row>> {
        let mut record = ByteRecord::new();
        if !self.reader.read_byte_record(&mut record).context("cannot read on in the file")? {
            return Ok(None);
        }
        // all lines end with a line feed, so that the reader stands in the one behind this
        let behind = self.lines_before + self.reader.position().line();
        let breaks = memchr::memchr_iter(b'\n', record.as_slice()).count() as u64;
        Ok(Some(Row { line: behind - 1 - breaks - self.lines_added, record }))
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
    /// A field without the blanks around it and the guard before a formula; empty when the file does not have the
    /// column.
    pub(super) fn text(&self, place: Place) -> Result<&str, Reject> {
        let field = place.and_then(|place| self.record.get(place)).unwrap_or_default();
        let text = std::str::from_utf8(field).map_err(|_| {
            let reason =
                "a field is not UTF-8 text: save the file as UTF-8, or say --encoding windows-1252";
            Reject::new("not-utf8", reason)
        })?;
        Ok(unguarded(text.trim()))
    }

    /// A field that must not be blank.
    pub(super) fn required(&self, place: Place, what: &str) -> Result<&str, Reject> {
        match self.text(place)? {
            "" => Err(Reject::new("missing-value", format!("the {what} is missing"))),
            text => Ok(text),
        }
    }
}

/// The SHA-256 of a file's bytes, in hexadecimal.
pub fn identify(path: &Path) -> anyhow::Result<String> {
    let read = || -> std::io::Result<String> {
        let mut file = File::open(path)?;
        let mut digest = Sha256::new();
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            digest.update(&buffer[..count]);
        }
        let mut hex = String::with_capacity(64);
        for byte in &digest.finalize() {
            // writing to a string does not fail
            let _ = write!(hex, "{byte:02x}");
        }
        Ok(hex)
    };
    read().with_context(|| format!("cannot read {}", path.display()))
}

fn folded(name: &[u8]) -> Vec<u8> {
    let kept = name.iter().filter(|byte| byte.is_ascii_alphanumeric());
    kept.map(u8::to_ascii_lowercase).collect()
}

fn is_reject_column(name: &[u8]) -> bool {
    REJECT_COLUMNS.iter().any(|column| folded(column.as_bytes()) == folded(name))
}

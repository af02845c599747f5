//! A table as CSV or as JSON lines, which imports read back as it was.

use std::borrow::Cow;
use std::io::Write;

use serde::Serializer;
use serde::ser::SerializeMap;

use crate::formula_guard::unguarded;
use crate::output::Output;

/// A kind of entry that is exported.
pub trait Exported {
    /// The columns.
    const HEADER: &'static [&'static str];

    /// Its fields, one for each column; what it does not say is empty, and text is guarded.
    fn fields(&self) -> Vec<Cow<'_, str>>;
}

/// How entries are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableFormat {
    /// A table, with the names of its columns in the first line.
    #[default]
    Csv,
    /// One JSON object a line: a text for each column that is not empty, without the guard that spreadsheets need.
    Ndjson,
}

/// Writes entries in the order that they come in.
pub fn export_table<A: Exported>(
    entries: &[A],
    format: TableFormat,
    mut output: Output,
) -> anyhow::Result<()> {
    let written = write_table(&mut output, entries, format, true);
    output.finish(written)
}

/// Writes a part of a table; the first one has the names of the columns, where the format has a line for them.
pub fn write_table<A: Exported>(
    to: &mut impl Write,
    entries: &[A],
    format: TableFormat,
    is_first: bool,
) -> anyhow::Result<()> {
    match format {
        TableFormat::Csv => write_csv(to, entries, is_first),
        TableFormat::Ndjson => write_ndjson(to, entries),
    }
}

fn write_csv<A: Exported>(
    to: &mut impl Write,
    entries: &[A],
    is_first: bool,
) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(to);
    if is_first {
        csv.write_record(A::HEADER)?;
    }
    for entry in entries {
        for field in entry.fields() {
            csv.write_field(field.as_bytes())?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    Ok(csv.flush()?)
}

fn write_ndjson<A: Exported>(to: &mut impl Write, entries: &[A]) -> anyhow::Result<()> {
    for entry in entries {
        let mut json = serde_json::Serializer::new(&mut *to);
        let mut object = json.serialize_map(None)?;
        for (name, field) in A::HEADER.iter().zip(entry.fields()) {
            if !field.is_empty() {
                object.serialize_entry(name, unguarded(&field))?;
            }
        }
        object.end()?;
        to.write_all(b"\n")?;
    }
    Ok(())
}

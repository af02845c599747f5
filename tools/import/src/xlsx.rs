//! Workbooks of spreadsheet programs: their first sheet that has anything, made a table, which is then read as any other.
//!
//! Numbers and dates have no form of their own in a cell: they are written in the one that can be read in one way only.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;

use anyhow::{Context, bail, ensure};
use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx};
use gondola_export::guarded;
use tempfile::NamedTempFile;
use zip::ZipArchive;

use super::format::numbers::DecimalSign;
use super::format::text::{LINE_BREAK, ZIP_MAGIC};

/// Most bytes of all that is packed in a workbook.
const UNPACKED_BYTES_MAX: u64 = 256 << 20;

/// Most columns of a table.
const COLUMNS_MAX: u32 = 1_000;

/// Digits of a number that a spreadsheet program knows; what is behind them is not meant.
const DIGITS: usize = 15;

/// Beyond this a number has more digits than that, and cannot be an identifier any more.
const WHOLE_MAX: f64 = 1e15;

/// The table of a workbook, its lines as its rows; `None` when the file is none. `decimal` is the sign that the file is said to
/// have before decimals.
pub(super) fn table(
    path: &Path,
    decimal: Option<DecimalSign>,
) -> anyhow::Result<Option<NamedTempFile>> {
    let whole = || format!("cannot read {}", path.display());
    let mut begin = [0; 4];
    let mut file = File::open(path).with_context(whole)?;
    let is_one = file.read_exact(&mut begin).is_ok() && begin == ZIP_MAGIC;
    if !is_one {
        return Ok(None);
    }
    check_unpacked(path, UNPACKED_BYTES_MAX).with_context(whole)?;
    read(path, decimal).with_context(whole).map(Some)
}

/// Refuses what would fill the memory; what an archive says of its sizes is not believed.
fn check_unpacked(path: &Path, bytes_max: u64) -> anyhow::Result<()> {
    const NONE: &str = "it is no workbook that can be read: save it as .xlsx or as CSV in UTF-8";
    let mut archive = ZipArchive::new(BufReader::new(File::open(path)?)).context(NONE)?;
    let mut left = bytes_max;
    for at in 0..archive.len() {
        let part = archive.by_index(at).context(NONE)?;
        let bytes = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).context(NONE)?;
        ensure!(
            bytes <= left,
            "it is longer than {bytes_max} bytes unpacked: divide it, or save it as CSV"
        );
        left -= bytes;
    }
    Ok(())
}

fn read(path: &Path, decimal: Option<DecimalSign>) -> anyhow::Result<NamedTempFile> {
    let opened = Xlsx::new(BufReader::new(File::open(path)?));
    let mut book = opened
        .context("it is a spreadsheet of another kind: save it as .xlsx or as CSV in UTF-8")?;
    for sheet in book.sheet_names() {
        // a chart has no cells
        let Ok(mut cells) = book.worksheet_cells_reader(&sheet) else { continue };
        let mut table = Table::new()?;
        while let Some(cell) = cells.next_cell().with_context(|| sheet.clone())? {
            let text = text(cell.get_value(), decimal);
            if !text.is_empty() {
                table.add(cell.get_position(), text)?;
            }
        }
        if let Some(file) = table.finish()? {
            return Ok(file);
        }
    }
    bail!("no sheet of it has anything: its first line must name the columns")
}

/// A cell as the field of a table.
fn text(cell: &DataRef<'_>, decimal: Option<DecimalSign>) -> String {
    let own = |text: &str| {
        let text = text.replace("\r\n", LINE_BREAK).replace(['\n', '\r'], LINE_BREAK);
        guarded(text.trim()).into_owned()
    };
    match cell {
        DataRef::Empty => String::new(),
        DataRef::String(text) => own(text),
        DataRef::SharedString(text) => own(text),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => written(*number, decimal),
        DataRef::Bool(is) => is.to_string(),
        DataRef::DateTime(moment) if moment.is_duration() => written(moment.as_f64(), decimal),
        DataRef::DateTime(moment) => date(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A number in digits alone, however large; with decimals in a form that cannot be taken for thousands.
fn written(number: f64, decimal: Option<DecimalSign>) -> String {
    if number.fract() == 0.0 && number.abs() < WHOLE_MAX {
        return format!("{number:.0}");
    }
    let digits = format!("{number:.*e}", DIGITS - 1);
    let mut text = digits.parse().unwrap_or(number).to_string();
    if let Some((_, decimals)) = text.split_once('.')
        && decimals.len() == 3
    {
        text.push('0');
    }
    if decimal == Some(DecimalSign::Comma) { text.replace('.', ",") } else { text }
}

/// A date, with its time if it has one; cells know no zones.
fn date(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        (.., 0) => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}

/// A table that is written row by row, with a line for each row of the sheet.
struct Table {
    csv: csv::Writer<NamedTempFile>,
    /// Fields of the row that is being read.
    row: Vec<String>,
    /// The number of that row, from 0.
    at: u32,
    /// The width of the first row that has anything.
    width: Option<usize>,
}

impl Table {
    fn new() -> anyhow::Result<Self> {
        let file = NamedTempFile::new().context("cannot keep the table of the file")?;
        let csv = csv::WriterBuilder::new().flexible(true).from_writer(file);
        Ok(Self { csv, row: Vec::new(), at: 0, width: None })
    }

    fn add(&mut self, (row, column): (u32, u32), text: String) -> anyhow::Result<()> {
        ensure!(column < COLUMNS_MAX, "row {} has more than {COLUMNS_MAX} columns", row + 1);
        while self.at < row {
            self.end_row()?;
        }
        self.row.resize(column as usize, String::new());
        self.row.push(text);
        Ok(())
    }

    /// Writes the row; one without anything stays a blank line, so that those behind it keep their numbers.
    fn end_row(&mut self) -> anyhow::Result<()> {
        self.at += 1;
        if self.row.is_empty() {
            self.csv.flush()?;
            self.csv.get_ref().as_file().write_all(b"\n")?;
            return Ok(());
        }
        let width = *self.width.get_or_insert(self.row.len());
        // cells without anything at the end are not in the sheet
        if self.row.len() < width {
            self.row.resize(width, String::new());
        }
        self.csv.write_record(&self.row)?;
        self.row.clear();
        Ok(())
    }

    /// The table; `None` when the sheet has nothing.
    fn finish(mut self) -> anyhow::Result<Option<NamedTempFile>> {
        if !self.row.is_empty() {
            self.end_row()?;
        }
        if self.width.is_none() {
            return Ok(None);
        }
        let file = self.csv.into_inner().map_err(csv::IntoInnerError::into_error);
        Ok(Some(file.context("cannot keep the table of the file")?))
    }
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{ExcelDateTime as Moment, Format, Workbook};

    use super::*;

    /// The table of a workbook that a spreadsheet program would write.
    fn table_of(fill: impl FnOnce(&mut Workbook), decimal: Option<DecimalSign>) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("book.xlsx");
        let mut book = Workbook::new();
        fill(&mut book);
        book.save(&path).unwrap();
        let table = table(&path, decimal).unwrap().unwrap();
        std::fs::read_to_string(table.path()).unwrap()
    }

    #[test]
    fn cells_are_what_people_see_in_them() {
        let fill = |book: &mut Workbook| {
            book.add_worksheet();
            let sheet = book.add_worksheet();
            let day = Format::new().set_num_format("dd/mm/yyyy");
            for (column, name) in (0..).zip(["sku", "gtin", "price", "date", "note"]) {
                sheet.write_string(1, column, name).unwrap();
            }
            // a barcode and a SKU that were typed as numbers
            sheet.write_number(2, 0, 258).unwrap();
            sheet.write_number(2, 1, 7_891_234_567_895.0).unwrap();
            sheet.write_number(2, 2, 0.1 + 0.2).unwrap();
            let date = Moment::from_ymd(2026, 3, 1).unwrap();
            sheet.write_datetime_with_format(2, 3, &date, &day).unwrap();
            sheet.write_string(2, 4, "=1+1").unwrap();
            // an empty row, and one that ends early
            sheet.write_string(4, 0, "A,\n\"B\"").unwrap();
            sheet.write_number(4, 2, 1.234).unwrap();
            let moment = Moment::from_ymd(2026, 3, 1).unwrap().and_hms(18, 30, 0).unwrap();
            sheet.write_datetime_with_format(4, 3, &moment, &day).unwrap();
        };
        let table = table_of(fill, None);
        assert_eq!(
            table,
            "\nsku,gtin,price,date,note\n258,7891234567895,0.3,2026-03-01,'=1+1\n\n\
             \"A,\u{2028}\"\"B\"\"\",,1.2340,2026-03-01T18:30:00,\n"
        );
        let with_comma = |book: &mut Workbook| {
            let sheet = book.add_worksheet();
            sheet.write_string(0, 0, "price").unwrap();
            sheet.write_number(1, 0, 9.9).unwrap();
        };
        assert_eq!(table_of(with_comma, Some(DecimalSign::Comma)), "price\n\"9,9\"\n");
    }

    #[test]
    fn what_is_no_workbook_is_read_as_text_or_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "code\nS1\n").unwrap();
        assert!(table(&path, None).unwrap().is_none());
        std::fs::write(&path, b"PK\x03\x04 and no archive").unwrap();
        let error = format!("{:#}", table(&path, None).unwrap_err());
        assert!(error.contains("save it as .xlsx or as CSV"), "{error}");
        let mut empty = Workbook::new();
        empty.add_worksheet();
        empty.save(&path).unwrap();
        let error = format!("{:#}", table(&path, None).unwrap_err());
        assert!(error.contains("no sheet of it has anything"), "{error}");
    }

    #[test]
    fn an_archive_that_would_fill_the_memory_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bomb.xlsx");
        let mut archive = zip::ZipWriter::new(File::create(&path).unwrap());
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated);
        archive.start_file("xl/workbook.xml", options).unwrap();
        archive.write_all(&[0; 1_000]).unwrap();
        archive.finish().unwrap();
        check_unpacked(&path, 1_000).unwrap();
        let error = format!("{:#}", check_unpacked(&path, 999).unwrap_err());
        assert!(error.contains("longer than 999 bytes unpacked"), "{error}");
    }
}

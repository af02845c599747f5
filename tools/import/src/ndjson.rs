//! Files with one JSON object a line: made a table, which is then read as any other.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use gondola_export::guarded;
use serde_json::{Map, Value};
use tempfile::NamedTempFile;

use super::format::text::{self, BUFFER_BYTES, Encoding, LINE_BREAK, TextReader};

/// Longest line, in bytes.
const LINE_BYTES_MAX: u64 = 1024 * 1024;

/// Most members that the objects of a file may have between them.
const MEMBERS_MAX: usize = 1_000;

/// The table of a file with one JSON object a line: a column for each member, a line for each line, below the one with the
/// columns' names. `None` when the file begins with something else than an object.
pub(super) fn table(path: &Path, encoding: Encoding) -> anyhow::Result<Option<NamedTempFile>> {
    let whole = || path.display().to_string();
    if !Lines::open(path, encoding)?.begins_with_object().with_context(whole)? {
        return Ok(None);
    }
    let mut names = BTreeSet::new();
    let mut lines = Lines::open(path, encoding)?;
    while let Some(object) = lines.next().with_context(whole)? {
        names.extend(object.into_iter().flatten().map(|(name, _)| name));
        ensure!(names.len() <= MEMBERS_MAX, "{}: more than {MEMBERS_MAX} members", whole());
    }
    let names: Vec<String> = names.into_iter().collect();
    let file = NamedTempFile::new().context("cannot keep the table of the file")?;
    let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(file);
    csv.write_record(&names)?;
    let mut lines = Lines::open(path, encoding)?;
    while let Some(object) = lines.next().with_context(whole)? {
        let Some(object) = object else {
            // a blank line stays one, so that those behind it keep their numbers
            csv.flush()?;
            csv.get_ref().as_file().write_all(b"\n")?;
            continue;
        };
        let field = |name: &String| lines.field(name, object.get(name));
        let fields = names.iter().map(field).collect::<anyhow::Result<Vec<String>>>();
        csv.write_record(fields.with_context(whole)?)?;
    }
    let file = csv.into_inner().map_err(csv::IntoInnerError::into_error);
    Ok(Some(file.context("cannot keep the table of the file")?))
}

/// A line: an object, or nothing where it is blank.
type Line = Option<Map<String, Value>>;

/// The lines of a file.
struct Lines {
    text: BufReader<TextReader>,
    number: u64,
}

impl Lines {
    fn open(path: &Path, encoding: Encoding) -> anyhow::Result<Self> {
        let text = text::open(path, encoding, Arc::default())?;
        Ok(Self { text: BufReader::with_capacity(BUFFER_BYTES, text), number: 0 })
    }

    fn begins_with_object(mut self) -> anyhow::Result<bool> {
        loop {
            let bytes = self.text.fill_buf()?;
            let Some(first) = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) else {
                let count = bytes.len();
                if count == 0 {
                    return Ok(false);
                }
                self.text.consume(count);
                continue;
            };
            return Ok(*first == b'{');
        }
    }

    fn next(&mut self) -> anyhow::Result<Option<Line>> {
        let mut line = Vec::new();
        self.number += 1;
        self.text.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let number = self.number;
        ensure!(
            line.len() as u64 <= LINE_BYTES_MAX,
            "line {number} is longer than {LINE_BYTES_MAX} bytes"
        );
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(Some(None));
        }
        let object = serde_json::from_slice(&line);
        object
            .map(|object| Some(Some(object)))
            .with_context(|| format!("line {number} is no JSON object"))
    }

    /// A member as the field of a table.
    fn field(&self, name: &str, value: Option<&Value>) -> anyhow::Result<String> {
        Ok(match value {
            None | Some(Value::Null) => String::new(),
            Some(Value::Bool(is)) => is.to_string(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::String(text)) => {
                let text = text.replace("\r\n", LINE_BREAK).replace(['\n', '\r'], LINE_BREAK);
                guarded(&text).into_owned()
            }
            Some(Value::Array(_) | Value::Object(_)) => bail!(
                "line {}: {name:?} must be a text, a number, true, false or null, as a field of CSV would be",
                self.number
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table_of(text: &str) -> anyhow::Result<Option<String>> {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let table = table(file.path(), Encoding::Utf8)?;
        Ok(table.map(|table| std::fs::read_to_string(table.path()).unwrap()))
    }

    #[test]
    fn each_line_is_one_of_the_table_below_its_header() {
        let text = "\u{feff}{\"sku\":\"=1\",\"n\":12,\"is\":true}\n\n{\"n\":1.5,\"sku\":\"a\\nb\",\"x\":null}";
        let table = table_of(text).unwrap().unwrap();
        assert_eq!(table, "is,n,sku,x\ntrue,12,'=1,\n\n,1.5,a\u{2028}b,\n");
    }

    #[test]
    fn what_does_not_begin_with_an_object_is_another_file() {
        for text in ["", "\n\n", "code,name\n", "[{}]", "\"{\""] {
            assert_eq!(table_of(text).unwrap(), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_no_line_of_fields_is_told_with_its_number() {
        for (line, told) in [
            ("{\"a\":", "line 2 is no JSON object"),
            ("[1]", "line 2 is no JSON object"),
            ("{\"a\":[1]}", "line 2: \"a\" must be a text"),
            (&format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20)), "line 2 is longer than"),
        ] {
            let error = table_of(&format!("{{\"a\":1}}\n{line}\n")).unwrap_err();
            assert!(format!("{error:#}").contains(told), "{error:#}");
        }
    }
}

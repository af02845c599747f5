//! Which sign stands between the fields of a file.

use std::io::{BufRead, Read};

use anyhow::{Context, ensure};

/// The signs that are found by themselves.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// Most bytes of the line that names the columns.
const HEADER_BYTES_MAX: u64 = 64 * 1024;

/// How spreadsheet programs announce the delimiter, in a line before all others.
const ANNOUNCEMENT: &[u8] = b"sep=";

/// The line that names the columns, and what is known from it.
pub(crate) struct Head {
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// Its number.
    pub(crate) line: u64,
    /// What stands between the fields.
    pub(crate) delimiter: u8,
}

impl Head {
    /// Reads it; `delimiter` is the one that was asked for.
    pub(crate) fn read(text: &mut impl BufRead, delimiter: Option<u8>) -> anyhow::Result<Self> {
        let mut bytes = line(text)?;
        let announced = bytes.strip_prefix(ANNOUNCEMENT).and_then(|rest| rest.first().copied());
        let Some(announced) = announced.filter(|sign| DELIMITERS.contains(sign)) else {
            let delimiter = delimiter.map_or_else(|| found(&bytes), Ok)?;
            return Ok(Self { bytes, line: 1, delimiter });
        };
        bytes = line(text)?;
        Ok(Self { bytes, line: 2, delimiter: delimiter.unwrap_or(announced) })
    }
}

/// A line, with those that its quoted fields go on in.
fn line(text: &mut impl BufRead) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut text = text.take(HEADER_BYTES_MAX);
    while text.read_until(b'\n', &mut bytes)? > 0 && !is_balanced(&bytes) {}
    ensure!(text.limit() > 0, "the first line, which must name the columns, is longer than 64 KiB");
    Ok(bytes)
}

fn is_balanced(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'"', bytes).count().is_multiple_of(2)
}

/// The only sign of [`DELIMITERS`] between the names; a comma when there is one column only.
fn found(header: &[u8]) -> anyhow::Result<u8> {
    let mut outside = Vec::with_capacity(header.len());
    let mut quoted = false;
    for byte in header {
        quoted ^= *byte == b'"';
        if !quoted {
            outside.push(*byte);
        }
    }
    let mut signs = DELIMITERS.into_iter().filter(|sign| outside.contains(sign));
    let first = signs.next().unwrap_or(b',');
    let other = signs.next();
    let named = |sign: u8| char::from(sign);
    other.map_or(Ok(first), |other| {
        let both =
            format!("line 1 has both {:?} and {:?} between names", named(first), named(other));
        Err(anyhow::anyhow!("say which one separates the columns, such as --delimiter ';'"))
            .context(both)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str, delimiter: Option<u8>) -> Result<(u8, u64), String> {
        let head = Head::read(&mut text.as_bytes(), delimiter);
        head.map(|head| (head.delimiter, head.line)).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn the_delimiter_is_found_in_the_first_line() {
        for (text, delimiter, line) in [
            ("a,b\n1;2;3;4", b',', 1),
            ("a;b\r\n", b';', 1),
            ("a\tb", b'\t', 1),
            ("a|b\n", b'|', 1),
            ("code\nS;1\n", b',', 1),
            ("\"a, and\nmore\";b\n", b';', 1),
            ("sep=;\r\na;b\r\n", b';', 2),
            ("sep=\t\na\tb\n", b'\t', 2),
        ] {
            assert_eq!(head(text, None), Ok((delimiter, line)), "{text:?}");
        }
        assert_eq!(head("a;b, c\n", Some(b';')), Ok((b';', 1)));
    }

    #[test]
    fn a_delimiter_that_is_not_sure_is_asked_for() {
        let error = head("store;sku, or code;quantity\n", None).unwrap_err();
        assert!(error.contains("both ',' and ';'") && error.contains("--delimiter"), "{error}");
        let long = "a".repeat(70_000);
        assert!(head(&long, None).unwrap_err().contains("64 KiB"));
    }
}

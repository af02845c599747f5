//! Line ends made alike, and quotes that are not closed found, before the lines are taken apart.

use std::io::{Error, ErrorKind, Read};

use super::text::BUFFER_BYTES;

/// A quote is not closed, or closed where a field does not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum QuoteError {
    #[error(
        "line {0}: the quote at the beginning of a field is never closed: close it behind the field's text, or double \
         it (\"\") if it belongs to the text"
    )]
    Unclosed(u64),
    #[error(
        "line {0}: the quote at the beginning of a field is closed in the middle of a field, in line {1}: close it where \
         the field ends, or double it (\"\") if it belongs to the text"
    )]
    Misplaced(u64, u64),
}

/// Where in a field a byte is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    FieldStart,
    Unquoted,
    Quoted,
    /// Behind a quote in a quoted field: its end, unless another quote follows.
    Closing,
}

/// A text whose lines all end with a line feed, the last one too; a quote that is not closed is an error.
pub(crate) struct LineEnds<R> {
    inner: R,
    /// Bytes that were read; those before `next` are dealt with.
    read: Box<[u8]>,
    filled: usize,
    next: usize,
    delimiter: u8,
    place: Place,
    line: u64,
    /// The line in which the quoted field begins.
    opened: u64,
    /// The last byte was a carriage return, whose line feed may follow.
    returned: bool,
    at_line_start: bool,
}

impl<R: Read> LineEnds<R> {
    /// The lines of a text whose first one has the number `line`.
    pub(crate) fn new(inner: R, delimiter: u8, line: u64) -> Self {
        Self {
            inner,
            read: vec![0; BUFFER_BYTES].into_boxed_slice(),
            filled: 0,
            next: 0,
            delimiter,
            place: Place::FieldStart,
            line,
            opened: line,
            returned: false,
            at_line_start: true,
        }
    }

    /// The next byte with line ends made alike; `None` when more must be read.
    fn next_byte(&mut self) -> Option<u8> {
        loop {
            let byte = *self.read[..self.filled].get(self.next)?;
            if self.returned && byte != b'\n' {
                // a line that ends with a carriage return alone
                self.returned = false;
                return Some(b'\n');
            }
            self.next += 1;
            self.returned = byte == b'\r';
            if !self.returned {
                return Some(byte);
            }
        }
    }

    /// Follows the quotes and the lines.
    fn note(&mut self, byte: u8) -> Result<(), QuoteError> {
        let ends_field = byte == self.delimiter || byte == b'\n';
        self.place = match (self.place, byte) {
            (Place::Quoted, b'"') => Place::Closing,
            (Place::Quoted, _) | (Place::Closing, b'"') => Place::Quoted,
            (Place::FieldStart, b'"') => {
                self.opened = self.line;
                Place::Quoted
            }
            _ if ends_field => Place::FieldStart,
            (Place::Closing, b' ') => Place::Closing,
            (Place::Closing, _) => return Err(QuoteError::Misplaced(self.opened, self.line)),
            (Place::FieldStart | Place::Unquoted, _) => Place::Unquoted,
        };
        self.at_line_start = byte == b'\n';
        self.line += u64::from(self.at_line_start);
        Ok(())
    }

    /// The line feed that the last line lacks, if it does.
    fn finish(&mut self) -> Result<Option<u8>, QuoteError> {
        if self.place == Place::Quoted {
            return Err(QuoteError::Unclosed(self.opened));
        }
        let complete = self.at_line_start && !self.returned;
        self.returned = false;
        Ok(if complete { None } else { Some(b'\n') })
    }
}

impl<R: Read> Read for LineEnds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let invalid = |error| Error::new(ErrorKind::InvalidData, error);
        let mut written = 0;
        while written < buffer.len() {
            let byte = match self.next_byte() {
                Some(byte) => byte,
                // what there is goes first
                None if written > 0 => break,
                None => {
                    (self.filled, self.next) = (self.inner.read(&mut self.read)?, 0);
                    if self.filled > 0 {
                        continue;
                    }
                    let Some(byte) = self.finish().map_err(invalid)? else { break };
                    byte
                }
            };
            self.note(byte).map_err(invalid)?;
            buffer[written] = byte;
            written += 1;
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let mut lines = String::new();
        let read = LineEnds::new(text.as_bytes(), b';', 1).read_to_string(&mut lines);
        read.map(|_| lines).map_err(|error| error.to_string())
    }

    #[test]
    fn all_lines_end_alike() {
        for text in ["a;b\nc;d\n", "a;b\r\nc;d\r\n", "a;b\rc;d\r", "a;b\r\nc;d", "a;b\nc;d\r\n"] {
            assert_eq!(read(text).as_deref(), Ok("a;b\nc;d\n"), "{text:?}");
        }
        assert_eq!(read("a;\r\r\nb;").as_deref(), Ok("a;\n\nb;\n"));
        assert_eq!(read("").as_deref(), Ok(""));
    }

    #[test]
    fn bytes_that_come_one_at_a_time_give_the_same() {
        let text = "a;\"b\r\nb\"\r\nc;\"\"\r\r\n";
        let mut lines = LineEnds::new(text.as_bytes(), b';', 1);
        let mut byte = [0];
        let mut all = Vec::new();
        while lines.read(&mut byte).unwrap() == 1 {
            all.push(byte[0]);
        }
        assert_eq!(String::from_utf8(all).unwrap(), "a;\"b\nb\"\nc;\"\"\n\n");
    }

    #[test]
    fn quotes_may_be_where_they_mean_no_harm() {
        for text in
            ["\"a;b\";c\n", "22\" set;\"22\"\" set\"\n", "\"a\nb\" ;c\n", "\"\";\n", "a \"b\" c\n"]
        {
            assert_eq!(read(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_is_told_with_its_line() {
        for (text, told) in [
            ("a;b\nc;\"d\ne;f\n", "line 2: the quote at the beginning of a field is never closed"),
            ("a\r\n\"", "line 2: the quote"),
            ("a;\"b\"\"\n", "line 1: the quote"),
            (
                "a;\"b\nc;\"d\"\n",
                "line 1: the quote at the beginning of a field is closed in the middle of a field, in line 2",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with(told), "{error}");
        }
    }
}

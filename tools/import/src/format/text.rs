//! The text of a file as UTF-8: packed or not, whatever encoding it is in.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, bail, ensure};
use encoding_rs::WINDOWS_1252;
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::bufread::MultiGzDecoder;

/// Size of the read buffer, in bytes.
pub(crate) const BUFFER_BYTES: usize = 256 * 1024;

/// How a gzipped file begins.
const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];

/// How a zip archive begins, which the files of spreadsheet programs are.
pub(crate) const ZIP_MAGIC: &[u8] = b"PK\x03\x04";

/// What a line break within a text becomes: no text of the catalogue may have either, and a line of the file stays one.
pub(crate) const LINE_BREAK: &str = "\u{2028}";

/// The byte order mark of UTF-8.
pub(crate) const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

/// The byte order marks of UTF-16.
const UTF_16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// Bytes at the beginning of a text that must not have a zero among them.
const PROBE_BYTES: usize = 256;

/// The encoding of a file's text. A byte order mark goes before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8; UTF-16 is known by its byte order mark.
    #[default]
    Utf8,
    /// Windows-1252, which older programs of western Europe and the Americas write; it has all of Latin-1.
    Windows1252,
}

/// Reading the text of a file, without a byte order mark.
pub(crate) type TextReader = Box<dyn Read + Send>;

/// Opens a file, plain or gzipped; `read_bytes` counts what has been read of it since.
pub(crate) fn open(
    path: &Path,
    encoding: Encoding,
    read_bytes: Arc<AtomicU64>,
) -> anyhow::Result<TextReader> {
    let open = || -> anyhow::Result<TextReader> {
        let file = Counted { file: File::open(path)?, read_bytes };
        let mut file = BufReader::with_capacity(BUFFER_BYTES, file);
        if file.fill_buf()?.starts_with(GZIP_MAGIC) {
            let unpacked = MultiGzDecoder::new(file);
            return decoded(BufReader::with_capacity(BUFFER_BYTES, unpacked), encoding);
        }
        decoded(file, encoding)
    };
    open().with_context(|| format!("cannot read {}", path.display()))
}

/// Refuses a packed file that is longer than this when it is unpacked.
pub fn check_unpacked(path: &Path, bytes_max: u64) -> anyhow::Result<()> {
    let check = || -> anyhow::Result<()> {
        let mut file = BufReader::with_capacity(BUFFER_BYTES, File::open(path)?);
        if !file.fill_buf()?.starts_with(GZIP_MAGIC) {
            return Ok(());
        }
        let mut unpacked = MultiGzDecoder::new(file).take(bytes_max + 1);
        let bytes = std::io::copy(&mut unpacked, &mut std::io::sink())?;
        ensure!(bytes <= bytes_max, "it is longer than {bytes_max} bytes unpacked: divide it");
        Ok(())
    };
    check().with_context(|| format!("cannot read {}", path.display()))
}

fn decoded(
    mut bytes: impl BufRead + Send + 'static,
    encoding: Encoding,
) -> anyhow::Result<TextReader> {
    let begin = bytes.fill_buf()?;
    let has_mark = UTF_16_MARKS.iter().any(|mark| begin.starts_with(mark));
    if begin.starts_with(ZIP_MAGIC) {
        bail!("it is a spreadsheet or an archive, not text: save the table as CSV in UTF-8");
    }
    if !has_mark && begin.iter().take(PROBE_BYTES).any(|byte| *byte == 0) {
        bail!("it is UTF-16 without a byte order mark, or no text at all: save it as CSV in UTF-8");
    }
    let mut decoder = DecodeReaderBytesBuilder::new();
    if encoding == Encoding::Windows1252 && !begin.starts_with(UTF_8_MARK) {
        decoder.encoding(Some(WINDOWS_1252));
    }
    // what is not UTF-8 passes: it is the trouble of its line
    decoder.bom_override(true).strip_bom(true).utf8_passthru(true);
    Ok(Box::new(decoder.build(bytes)))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], encoding: Encoding) -> Result<Vec<u8>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.csv");
        std::fs::write(&path, bytes).unwrap();
        let mut text = Vec::new();
        let reader = open(&path, encoding, Arc::default());
        reader.map_err(|error| format!("{error:#}"))?.read_to_end(&mut text).unwrap();
        Ok(text)
    }

    #[test]
    fn text_is_read_in_the_encoding_that_it_has() {
        let little: Vec<u8> = "\u{feff}São".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}São".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (bytes, encoding) in [
            ("São".as_bytes(), Encoding::Utf8),
            ("\u{feff}São".as_bytes(), Encoding::Utf8),
            (&little, Encoding::Utf8),
            (&big, Encoding::Utf8),
            (b"S\xe3o", Encoding::Windows1252),
            // a mark says more than the option
            ("\u{feff}São".as_bytes(), Encoding::Windows1252),
            (&little, Encoding::Windows1252),
        ] {
            assert_eq!(read(bytes, encoding).unwrap(), "São".as_bytes(), "{bytes:?}");
        }
        assert_eq!(read(b"S\xe3o", Encoding::Utf8).unwrap(), b"S\xe3o");
    }

    #[test]
    fn a_packed_file_is_refused_that_would_fill_the_disk() {
        use std::io::Write;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.csv.gz");
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&[b'a'; 1_000]).unwrap();
        std::fs::write(&path, packed.finish().unwrap()).unwrap();
        check_unpacked(&path, 1_000).unwrap();
        assert!(format!("{:#}", check_unpacked(&path, 999).unwrap_err()).contains("999 bytes"));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let bare: Vec<u8> = "code".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(read(&bare, Encoding::Utf8).unwrap_err().contains("save it as CSV in UTF-8"));
        assert!(read(b"PK\x03\x04...", Encoding::Utf8).unwrap_err().contains("is a spreadsheet"));
    }
}

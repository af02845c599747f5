//! One frame of the journal: a line that proves itself whole and names the line before it.
//!
//! `crc previous length body\n`, the first three as eight lowercase hexadecimal digits. `crc` is the CRC-32C of
//! everything after it up to the line's end, `previous` the `crc` of the frame before (across segments; zero for
//! the first), `length` the bytes of `body`, which is JSON without line breaks.

use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// Bytes before the body.
const HEADER_BYTES: usize = 27;
/// Bytes of the header that `crc` does not cover: itself and the blank after it.
const CRC_BYTES: usize = 9;

/// A frame as bytes, with its checksum, which the next frame names.
pub(crate) fn encode(previous: u32, body: &[u8]) -> io::Result<(Vec<u8>, u32)> {
    let length = u32::try_from(body.len())
        .map_err(|_| io::Error::new(io::ErrorKind::FileTooLarge, "a group of 4 GiB or more"))?;
    let mut bytes = Vec::with_capacity(HEADER_BYTES + body.len() + 1);
    bytes.extend_from_slice(format!("00000000 {previous:08x} {length:08x} ").as_bytes());
    bytes.extend_from_slice(body);
    let crc = crc32c::crc32c(&bytes[CRC_BYTES..]);
    bytes[..8].copy_from_slice(format!("{crc:08x}").as_bytes());
    bytes.push(b'\n');
    Ok((bytes, crc))
}

/// The three numbers before the body.
struct Header {
    crc: u32,
    previous: u32,
    length: usize,
}

impl Header {
    fn parse(bytes: &[u8; HEADER_BYTES]) -> Option<Self> {
        let blanks = [bytes[8], bytes[17], bytes[26]];
        if blanks != *b"   " {
            return None;
        }
        let length = usize::try_from(hex(&bytes[18..26])?).ok()?;
        Some(Self { crc: hex(&bytes[..8])?, previous: hex(&bytes[9..17])?, length })
    }
}

/// Eight lowercase digits only: a flipped bit that makes `a` an `A` must not go unnoticed.
fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u32::from(value))
    })
}

/// Whether a whole frame begins at the first of these bytes.
fn begins_frame(bytes: &[u8]) -> bool {
    let Some(header) = bytes.first_chunk().and_then(Header::parse) else {
        return false;
    };
    let end = HEADER_BYTES + header.length;
    bytes.get(end) == Some(&b'\n') && crc32c::crc32c(&bytes[CRC_BYTES..end]) == header.crc
}

/// Where, after the first byte, the first whole frame begins, whatever lies before it.
///
/// Looks at every byte and not only behind line breaks, because the line break itself may be what is damaged.
pub(crate) fn find_whole_frame(bytes: &[u8]) -> Option<usize> {
    (1..bytes.len()).find(|start| begins_frame(&bytes[*start..]))
}

/// What a reader found next.
pub(crate) enum Next {
    /// A whole frame; its body is in [`FrameReader::body`].
    Frame {
        /// Where it begins.
        offset: u64,
        /// Its checksum.
        crc: u32,
        /// The checksum it names as the one before it.
        previous: u32,
    },
    /// Bytes that are not a whole frame; [`FrameReader::offset`] is where they begin.
    Damaged,
    /// The file's end, exactly behind the last frame.
    End,
}

/// Reads the frames of one segment file in order.
pub(crate) struct FrameReader {
    file: BufReader<File>,
    offset: u64,
    length: u64,
    line: Vec<u8>,
}

impl FrameReader {
    /// Begins at a byte offset where a frame begins.
    pub(crate) fn open(path: &Path, offset: u64) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(offset))?;
        Ok(Self { file: BufReader::with_capacity(1 << 16, file), offset, length, line: Vec::new() })
    }

    /// Where the next frame begins, or the damage does.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Length of the file when it was opened; what was written later is not read.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// The body of the frame just read.
    pub(crate) fn body(&self) -> &[u8] {
        &self.line[HEADER_BYTES..self.line.len() - 1]
    }

    /// Reads one frame.
    pub(crate) fn next(&mut self) -> io::Result<Next> {
        // a file may have become shorter since its frames were found
        let left = self.length.saturating_sub(self.offset);
        if left == 0 {
            return Ok(Next::End);
        }
        let mut bytes = [0; HEADER_BYTES];
        if left < HEADER_BYTES as u64 {
            return Ok(Next::Damaged);
        }
        self.file.read_exact(&mut bytes)?;
        let Some(header) = Header::parse(&bytes) else {
            return Ok(Next::Damaged);
        };
        let size = HEADER_BYTES + header.length + 1;
        // Checked before the buffer is allocated: a damaged length may have any value.
        if size as u64 > left {
            return Ok(Next::Damaged);
        }
        self.line.clear();
        self.line.extend_from_slice(&bytes);
        self.line.resize(size, 0);
        self.file.read_exact(&mut self.line[HEADER_BYTES..])?;
        if !begins_frame(&self.line) {
            return Ok(Next::Damaged);
        }
        let offset = self.offset;
        self.offset += size as u64;
        Ok(Next::Frame { offset, crc: header.crc, previous: header.previous })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_is_noticed() {
        let (frame, _) = encode(7, br#"{"events":[]}"#).unwrap();
        assert!(begins_frame(&frame));
        for bit in 0..frame.len() * 8 {
            let mut flipped = frame.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!begins_frame(&flipped), "bit {bit} may not be flipped unnoticed");
        }
    }

    #[test]
    fn a_whole_frame_is_found_behind_damage_of_any_kind() {
        let (first, crc) = encode(0, b"{}").unwrap();
        let (second, _) = encode(crc, b"{}").unwrap();
        let intact = [first.clone(), second].concat();
        for bit in 0..first.len() * 8 {
            let mut damaged = intact.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(find_whole_frame(&damaged), Some(first.len()), "bit {bit}");
        }
        assert_eq!(find_whole_frame(&first[..first.len() - 1]), None);
    }
}

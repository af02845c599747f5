//! Reading an HTTP answer from what a connection has received so far.

use anyhow::{Context, bail, ensure};
use http::StatusCode;
use httparse::{EMPTY_HEADER, Response, Status};

/// Most headers of an answer.
const HEADERS_MAX: usize = 32;

/// What ends a chunk, and the last chunk's trailers.
const LINE_END: &[u8] = b"\r\n";

/// The first part of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// Its status.
    pub(super) status: StatusCode,
    /// How many bytes it takes, the empty line included.
    pub(super) length: usize,
    /// How its body comes.
    pub(super) framing: Framing,
}

/// The framing of a body: how its end is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// By its length in bytes.
    Length(usize),
    /// By the length of each of its parts.
    Chunked,
}

/// The head of an answer; `None` while it is not here in full.
pub(super) fn head(received: &[u8]) -> anyhow::Result<Option<Head>> {
    let mut headers = [EMPTY_HEADER; HEADERS_MAX];
    let mut response = Response::new(&mut headers);
    let Status::Complete(length) =
        response.parse(received).context("the server's answer is not HTTP")?
    else {
        return Ok(None);
    };
    let status = StatusCode::from_u16(response.code.unwrap_or_default())?;
    Ok(Some(Head { status, length, framing: framing(status, response.headers)? }))
}

fn framing(status: StatusCode, headers: &[httparse::Header<'_>]) -> anyhow::Result<Framing> {
    for header in headers {
        if header.name.eq_ignore_ascii_case("content-length") {
            let length = std::str::from_utf8(header.value)?;
            let length = length.parse().with_context(|| format!("content-length: {length}"))?;
            return Ok(Framing::Length(length));
        }
        if header.name.eq_ignore_ascii_case("transfer-encoding") {
            ensure!(header.value.eq_ignore_ascii_case(b"chunked"), "an encoding beside chunked");
            return Ok(Framing::Chunked);
        }
    }
    if status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED {
        return Ok(Framing::Length(0));
    }
    bail!("an answer with status {status} does not say how long its body is")
}

/// Moves the data of every chunk that is here in full into `body`. Returns how many bytes were read, and whether the
/// last chunk was among them.
pub(super) fn chunks(received: &[u8], body: &mut Vec<u8>) -> anyhow::Result<(usize, bool)> {
    let mut read = 0;
    loop {
        let rest = &received[read..];
        let Ok(size) = httparse::parse_chunk_size(rest) else {
            bail!("the server's answer has a chunk without a size");
        };
        let Status::Complete((start, size)) = size else { return Ok((read, false)) };
        let end = start + usize::try_from(size)?;
        let Some(after) = rest.get(end..end + LINE_END.len()) else { return Ok((read, false)) };
        ensure!(after == LINE_END, "a chunk of the server's answer is longer than it says");
        body.extend_from_slice(&rest[start..end]);
        read += end + LINE_END.len();
        if size == 0 {
            return Ok((read, true));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_when_it_is_here_in_full() {
        let text = b"HTTP/1.1 201 Created\r\nETag: \"7\"\r\nContent-Length: 2\r\n\r\n{}";
        for end in 0..text.len() - 2 {
            assert_eq!(head(&text[..end]).unwrap(), None, "{end} bytes");
        }
        let expected = Head {
            status: StatusCode::CREATED,
            length: text.len() - 2,
            framing: Framing::Length(2),
        };
        assert_eq!(head(text).unwrap(), Some(expected));
    }

    #[test]
    fn a_body_that_nobody_can_find_the_end_of_is_refused() {
        assert!(head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(head(b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n").is_err());
        let none = head(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap().unwrap();
        assert_eq!(none.framing, Framing::Length(0));
    }

    #[test]
    fn chunks_are_read_wherever_the_network_cut_them() {
        let text = b"5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n";
        for cut in 0..text.len() {
            let mut body = Vec::new();
            let (read, last) = chunks(&text[..cut], &mut body).unwrap();
            assert!(!last, "{cut} bytes");
            let (rest, last) = chunks(&text[read..], &mut body).unwrap();
            assert!(last);
            assert_eq!((read + rest, body.as_slice()), (text.len(), &b"hello, world"[..]));
        }
        assert!(chunks(b"5\r\nhello!\r\n", &mut Vec::new()).is_err());
        assert!(chunks(b"five\r\n", &mut Vec::new()).is_err());
    }
}

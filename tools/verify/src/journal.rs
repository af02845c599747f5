//! A JSONL journal, read by code of our own: nothing is locked, cut off or rewritten, and a server may be running.
//!
//! The journal is a row of files `journal-00000001.log`, each a row of frames `crc previous length body\n`: eight
//! hexadecimal digits each, then JSON. `crc` is the CRC-32C of what follows it in the line, `previous` the `crc` of the
//! frame before. The first frame of a file is its header, every other one a group of events.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::claims::Claimed;
use super::entry::{Each, Entry};
use super::failure::Failure;
use super::payload::Millis;

/// The newest format. Since 2 a header names the log.
const FORMAT_MAX: u16 = 2;

/// Bytes of a frame before its body.
const HEADER_BYTES: usize = 27;

/// Bytes at the beginning that the checksum does not cover: itself and the blank behind it.
const CRC_BYTES: usize = 9;

/// A journal up to where it ended when it was opened.
pub(super) struct Journal {
    folder: PathBuf,
    /// The number of the last file.
    segments: u32,
    /// Bytes of whole frames in the last file.
    end: usize,
    /// Position of the last event.
    last: u64,
    /// Where reading continues.
    next: Cursor,
}

/// A place between two events.
#[derive(Default)]
struct Cursor {
    /// Files that are read to their end.
    done: u32,
    /// The present file.
    bytes: Vec<u8>,
    /// Where its next frame begins.
    offset: usize,
    /// Events of that frame that were handed over already.
    events: usize,
    /// The checksum of the frame before.
    crc: u32,
    /// Position of the last event that was handed over.
    position: u64,
}

/// A frame whose checksum is right.
struct Frame<'a> {
    crc: u32,
    previous: u32,
    body: &'a [u8],
    /// Bytes of all of it, line break included.
    size: usize,
}

/// The body of a file's first frame.
#[derive(Deserialize)]
struct SegmentHeader {
    format: u16,
    segment: u32,
    /// Position of the last event of the files before.
    after: u64,
}

/// The body of every other frame. What has more fields was written by a newer program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group<'a> {
    #[serde(borrow)]
    events: Vec<Record<'a>>,
    #[serde(borrow)]
    claims: Vec<ClaimRecord<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimRecord<'a> {
    #[serde(borrow)]
    namespace: Cow<'a, str>,
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(borrow)]
    value: Cow<'a, str>,
    expires_at: Option<Millis>,
    /// Of the event that took it.
    position: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record<'a> {
    event_id: Uuid,
    #[serde(borrow)]
    event_type: Cow<'a, str>,
    schema_version: u16,
    #[serde(borrow)]
    stream: Cow<'a, str>,
    version: u64,
    position: u64,
    occurred_at: Millis,
    recorded_at: Millis,
    correlation_id: Uuid,
    causation_id: Uuid,
    #[serde(borrow)]
    actor: Cow<'a, str>,
    #[serde(borrow)]
    data: &'a RawValue,
    #[expect(dead_code, reason = "known, and of no concern here")]
    #[serde(borrow, default)]
    personal: Option<&'a RawValue>,
}

impl Journal {
    /// Finds the end of the journal in a folder. What a crash or a running server left half written is not part of it.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        ensure!(
            folder.is_dir(),
            "there is no {}: give the server's --data-dir, and its --event-store",
            folder.display()
        );
        let mut segments = count_segments(folder)?;
        let (mut end, mut last) = (0, 0);
        while segments > 0 {
            (end, last) = find_end(&segment_path(folder, segments))?;
            // a file without a whole header was begun when the server ended
            if end > 0 {
                break;
            }
            segments -= 1;
        }
        Ok(Self { folder: folder.to_owned(), segments, end, last, next: Cursor::default() })
    }

    /// Position of the last event.
    pub(super) fn end(&self) -> u64 {
        self.last
    }

    /// Hands over the events that follow, up to the one at position `last`, or to the end when it is the end's.
    pub(super) fn walk(&mut self, last: u64, each: Each<'_>) -> Result<(), Failure> {
        let mut next = std::mem::take(&mut self.next);
        let walked = self.walk_from(&mut next, last, each);
        self.next = next;
        walked
    }

    fn walk_from(&self, next: &mut Cursor, last: u64, each: Each<'_>) -> Result<(), Failure> {
        let stops = |position| position == last && last != self.last;
        while next.done < self.segments && !stops(next.position) {
            let segment = next.done + 1;
            let path = segment_path(&self.folder, segment);
            if next.offset == 0 {
                next.bytes = read(&path)?;
            }
            let end = if segment == self.segments { self.end } else { next.bytes.len() };
            while next.offset < end && !stops(next.position) {
                let at = next.offset;
                next.read_frame(segment, &stops, each)
                    .map_err(|failure| failure.context(|| damaged(&path, at)))?;
            }
            if next.offset >= end {
                (next.done, next.offset) = (segment, 0);
            }
        }
        Ok(())
    }
}

impl Cursor {
    /// Reads one frame, or its events up to the one that `stops`.
    fn read_frame(
        &mut self,
        segment: u32,
        stops: &impl Fn(u64) -> bool,
        each: Each<'_>,
    ) -> Result<(), Failure> {
        let Self { bytes, offset, events, crc, position, .. } = self;
        let frame = frame(&bytes[*offset..]).context("a frame is damaged")?;
        if frame.previous != *crc {
            return Err(anyhow::anyhow!("the frame before this one is missing").into());
        }
        if *offset == 0 {
            check_header(frame.body, segment, *position)?;
        } else {
            let group: Group<'_> =
                serde_json::from_slice(frame.body).map_err(anyhow::Error::from)?;
            for record in group.events.iter().skip(*events) {
                let own = group.claims.iter().filter(|claim| claim.position == record.position);
                let claims: Vec<Claimed<'_>> = own.map(ClaimRecord::claimed).collect();
                each(&Entry { claims: Some(&claims), ..record.entry() })?;
                *events += 1;
                *position = record.position;
                if stops(*position) && *events < group.events.len() {
                    return Ok(());
                }
            }
        }
        (*crc, *events) = (frame.crc, 0);
        *offset += frame.size;
        Ok(())
    }
}

impl Record<'_> {
    fn entry(&self) -> Entry<'_> {
        Entry {
            position: self.position,
            stream: &self.stream,
            version: self.version,
            previous: None,
            event_id: self.event_id.as_u128(),
            event_type: &self.event_type,
            schema_version: self.schema_version,
            occurred_at: self.occurred_at.0,
            recorded_at: self.recorded_at.0,
            correlation_id: self.correlation_id.as_u128(),
            causation_id: self.causation_id.as_u128(),
            actor: &self.actor,
            data: self.data.get(),
            claims: None,
        }
    }
}

impl ClaimRecord<'_> {
    fn claimed(&self) -> Claimed<'_> {
        let expires_at = self.expires_at.as_ref().map(|end| end.0);
        Claimed { namespace: &self.namespace, key: &self.key, value: &self.value, expires_at }
    }
}

fn segment_path(folder: &Path, segment: u32) -> PathBuf {
    folder.join(format!("journal-{segment:08}.log"))
}

fn damaged(path: &Path, offset: usize) -> String {
    format!("{} is damaged at byte {offset}", path.display())
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// How many files there are; none may be missing.
fn count_segments(folder: &Path) -> anyhow::Result<u32> {
    let failed = || format!("cannot list {}", folder.display());
    let mut numbers = Vec::new();
    for file in std::fs::read_dir(folder).with_context(failed)? {
        let name = file.with_context(failed)?.file_name();
        let name = name.to_string_lossy();
        let number = name.strip_prefix("journal-").and_then(|rest| rest.strip_suffix(".log"));
        numbers.extend(number.and_then(|number| number.parse::<u32>().ok()));
    }
    numbers.sort_unstable();
    for (expected, number) in (1..).zip(&numbers) {
        let missing = segment_path(folder, expected);
        ensure!(*number == expected, "{} is missing, but later files are there", missing.display());
    }
    Ok(numbers.last().copied().unwrap_or(0))
}

/// Bytes of whole frames in the last file, and the position of the last event in it or before it.
fn find_end(path: &Path) -> anyhow::Result<(usize, u64)> {
    let bytes = read(path)?;
    let (mut end, mut last) = (0, None);
    while let Some(frame) = frame(&bytes[end..]) {
        last = Some((end == 0, frame.body));
        end += frame.size;
    }
    let tail = &bytes[end..];
    if (1..tail.len()).any(|start| frame(&tail[start..]).is_some()) {
        bail!("{}: whole frames follow", damaged(path, end));
    }
    let position = match last {
        None => 0,
        Some((true, header)) => serde_json::from_slice::<SegmentHeader>(header)?.after,
        Some((false, group)) => {
            let group: Group<'_> = serde_json::from_slice(group)?;
            group.events.last().context("a group without events")?.position
        }
    };
    Ok((end, position))
}

/// The whole frame at the beginning of these bytes.
fn frame(bytes: &[u8]) -> Option<Frame<'_>> {
    let header = bytes.get(..HEADER_BYTES)?;
    if [header[8], header[17], header[26]] != *b"   " {
        return None;
    }
    let length = usize::try_from(hex(&header[18..26])?).ok()?;
    let end = HEADER_BYTES + length;
    let covered = bytes.get(CRC_BYTES..end)?;
    let crc = hex(&header[..8])?;
    let whole = bytes.get(end) == Some(&b'\n') && crc32c::crc32c(covered) == crc;
    let previous = hex(&header[9..17])?;
    whole.then_some(Frame { crc, previous, body: &bytes[HEADER_BYTES..end], size: end + 1 })
}

/// A number written with lowercase digits: each number has one spelling.
fn hex(digits: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok()?;
    let number = u32::from_str_radix(text, 16).ok()?;
    (format!("{number:08x}") == text).then_some(number)
}

fn check_header(body: &[u8], segment: u32, position: u64) -> anyhow::Result<()> {
    let found: SegmentHeader = serde_json::from_slice(body)?;
    ensure!(
        found.format <= FORMAT_MAX,
        "the journal has format {}, this program knows formats up to {FORMAT_MAX}: use a newer one",
        found.format
    );
    ensure!(found.segment == segment, "the file says that it is number {}", found.segment);
    let after = found.after;
    ensure!(after == position, "the file begins after position {after}, not after {position}");
    Ok(())
}

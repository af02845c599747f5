//! The start: reads the whole journal once, without changing anything, and decides where it ends and which log it is.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use foldhash::fast::RandomState;
use kit_core::StreamId;
use kit_event_store::Incarnation;

use crate::OpenError;
use crate::frame::{self, FrameReader, Next};
use crate::journal::{self, End, Place};
use crate::record::{AnyHeader, EventPlace, FORMAT, Group, SegmentHeader};
use crate::state::State;
use crate::stream_files::{Rebuild, Sum};

/// What the journal says.
pub(crate) struct Scan<'a> {
    dir: &'a Path,
    /// The state after the last event.
    pub(crate) state: State,
    /// Where the next frame is written.
    pub(crate) end: End,
    /// Which log it is; `None` for a new one.
    pub(crate) incarnation: Option<Incarnation>,
    /// What the stream files should be.
    pub(crate) sums: HashMap<StreamId, Sum, RandomState>,
}

/// Why a frame whose checksum is right cannot be taken.
enum Refused {
    /// It is written in a way that this program does not know.
    Newer(String),
    /// It does not fit what is before it.
    Damaged(String),
}

/// No damage makes another JSON of the right checksum: who wrote it knew more than this program.
impl From<serde_json::Error> for Refused {
    fn from(error: serde_json::Error) -> Self {
        Self::Newer(error.to_string())
    }
}

/// Reads the journal.
pub(crate) fn scan(journal_dir: &Path, state: State) -> Result<Scan<'_>, OpenError> {
    let segments = count_segments(journal_dir)?;
    let (incarnation, sums) = (None, HashMap::default());
    let mut scan = Scan { dir: journal_dir, state, end: End::EMPTY, incarnation, sums };
    for segment in 1..=segments {
        scan.read_segment(segment, segment == segments)?;
    }
    Ok(scan)
}

/// The names in a folder that are text.
pub(crate) fn names(dir: &Path) -> Result<Vec<String>, OpenError> {
    let failed = OpenError::io("list", dir);
    let entries = std::fs::read_dir(dir).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(failed)?;
    Ok(entries.into_iter().filter_map(|entry| entry.file_name().into_string().ok()).collect())
}

/// How many segments there are; none may be missing.
fn count_segments(dir: &Path) -> Result<u32, OpenError> {
    let mut numbers: Vec<u32> =
        names(dir)?.iter().filter_map(|name| journal::segment_number(name)).collect();
    numbers.sort_unstable();
    for (expected, number) in (1..).zip(&numbers) {
        if *number != expected {
            let path = journal::segment_path(dir, expected);
            return Err(OpenError::damaged(
                &path,
                0,
                "the file is missing but later ones are here",
            ));
        }
    }
    Ok(numbers.last().copied().unwrap_or(0))
}

impl Scan<'_> {
    /// Whether not even the header of the first segment is there.
    pub(crate) fn is_blank(&self) -> bool {
        self.end.segment == 1 && self.end.length == 0
    }

    fn read_segment(&mut self, segment: u32, is_last: bool) -> Result<(), OpenError> {
        let path = journal::segment_path(self.dir, segment);
        let failed = || OpenError::io("read", &path);
        let mut reader = FrameReader::open(&path, 0).map_err(failed())?;
        self.end = End { segment, length: 0, ..self.end };
        loop {
            let begin = reader.offset();
            match reader.next().map_err(failed())? {
                Next::End if begin == 0 && !is_last => {
                    return Err(OpenError::damaged(&path, 0, "the file is empty but not the last"));
                }
                Next::End => return Ok(()),
                Next::Damaged if is_last => return check_tail(&path, begin),
                Next::Damaged => {
                    let what = "a frame is damaged and later files follow";
                    return Err(OpenError::damaged(&path, begin, what));
                }
                Next::Frame { offset, crc, previous } => {
                    let what = if previous == self.end.chain {
                        self.read_frame(reader.body(), Place { segment, offset })
                    } else {
                        Err(Refused::Damaged("the frame before this one is missing".to_owned()))
                    };
                    what.map_err(|what| match what {
                        Refused::Newer(what) => OpenError::newer(&path, begin, what),
                        Refused::Damaged(what) => OpenError::damaged(&path, begin, what),
                    })?;
                    self.end = End { segment, length: reader.offset(), chain: crc };
                }
            }
        }
    }

    fn read_frame(&mut self, body: &[u8], place: Place) -> Result<(), Refused> {
        if place.offset > 0 {
            return self.read_group(body, place);
        }
        let AnyHeader { format } = serde_json::from_slice(body)?;
        if format > FORMAT {
            let what = format!("its format is {format}, this program knows formats up to {FORMAT}");
            return Err(Refused::Newer(what));
        }
        let SegmentHeader { segment, after, incarnation, .. } = serde_json::from_slice(body)?;
        let expected = (place.segment, self.state.last);
        if (segment, after) != expected {
            let (number, last) = expected;
            let what = format!(
                "the header says segment {segment} after position {after}, not {number} after {last}"
            );
            return Err(Refused::Damaged(what));
        }
        self.incarnation = incarnation.map(Incarnation::new).or(self.incarnation);
        Ok(())
    }

    fn read_group(&mut self, body: &[u8], place: Place) -> Result<(), Refused> {
        let group: Group<'_> = serde_json::from_slice(body)?;
        for (index, line) in group.events.iter().enumerate() {
            let event: EventPlace<'_> = serde_json::from_str(line.get())?;
            let stream = StreamId::new(event.stream.as_ref())
                .map_err(|error| Refused::Newer(error.to_string()))?;
            let (position, version) = (self.state.last.next(), self.state.head(&stream).version);
            if (event.position, event.version) != (position, version.next()) {
                return Err(Refused::Damaged(format!(
                    "version {} of {stream} at position {} is out of order",
                    event.version, event.position
                )));
            }
            if index == 0 {
                self.state.mark(position, place);
            }
            self.incarnation.get_or_insert(Incarnation::new(event.event_id));
            let sum = self.sums.entry(stream.clone()).or_default();
            sum.add(line.get().as_bytes());
            sum.add(b"\n");
            self.state.advance(stream, event.version, event.recorded_at);
        }
        for claim in group.claims {
            let (key, found) = claim.into_found();
            self.state.hold(key, found);
        }
        Ok(())
    }

    /// Writes some stream files anew.
    pub(crate) fn rebuild(&self, streams_dir: &Path, streams: Vec<StreamId>) -> io::Result<()> {
        let mut rebuild = Rebuild::begin(streams_dir, streams)?;
        for segment in 1..=self.end.segment {
            let path = journal::segment_path(self.dir, segment);
            let mut reader = FrameReader::open(&path, 0)?;
            while let Next::Frame { offset, .. } = reader.next()? {
                if offset == 0 {
                    continue;
                }
                let group: Group<'_> = serde_json::from_slice(reader.body())?;
                for line in group.events {
                    let event: EventPlace<'_> = serde_json::from_str(line.get())?;
                    let stream = StreamId::new(event.stream.as_ref()).map_err(io::Error::other)?;
                    rebuild.add(&stream, line.get().as_bytes())?;
                }
            }
        }
        rebuild.write_out()
    }
}

/// The bytes behind the last whole frame of the last segment: a write that a crash cut short, or damage.
fn check_tail(path: &Path, begin: u64) -> Result<(), OpenError> {
    let bytes = std::fs::read(path).map_err(OpenError::io("read", path))?;
    let tail = usize::try_from(begin).map_or(&[][..], |begin| &bytes[begin..]);
    if frame::find_whole_frame(tail).is_some() {
        return Err(OpenError::damaged(path, begin, "a frame is damaged and whole ones follow it"));
    }
    tracing::warn!(
        file = %path.display(),
        offset = begin,
        bytes = tail.len(),
        "unfinished_last_frame_is_cut_off"
    );
    Ok(())
}

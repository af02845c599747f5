//! The start: reads the whole journal once, decides where it ends, and makes the stream files agree with it.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use foldhash::fast::RandomState;
use kit_core::StreamId;

use crate::OpenError;
use crate::frame::{self, FrameReader, Next};
use crate::journal::{self, End, Place};
use crate::record::{EventPlace, FORMAT, Group, SegmentHeader};
use crate::state::State;
use crate::stream_files::{self, Rebuild, Sum};

/// What the journal says.
pub(crate) struct Scan<'a> {
    dir: &'a Path,
    /// The state after the last event.
    pub(crate) state: State,
    /// Where the next frame is written.
    pub(crate) end: End,
    sums: HashMap<StreamId, Sum, RandomState>,
}

/// Reads the journal without changing anything.
pub(crate) fn scan<'a>(
    journal_dir: &'a Path,
    streams_dir: &Path,
    state: State,
) -> Result<Scan<'a>, OpenError> {
    let segments = count_segments(journal_dir)?;
    let mut scan = Scan { dir: journal_dir, state, end: End::EMPTY, sums: HashMap::default() };
    if segments == 0 && has_stream_files(streams_dir)? {
        return Err(OpenError::JournalMissing {
            journal_dir: journal_dir.to_owned(),
            streams_dir: streams_dir.to_owned(),
        });
    }
    for segment in 1..=segments {
        scan.read_segment(segment, segment == segments)?;
    }
    Ok(scan)
}

fn names(dir: &Path) -> Result<Vec<String>, OpenError> {
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

fn has_stream_files(dir: &Path) -> Result<bool, OpenError> {
    let is_stream =
        |name: &String| Path::new(name).extension().is_some_and(|extension| extension == "jsonl");
    Ok(names(dir)?.iter().any(is_stream))
}

impl Scan<'_> {
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
                        Err("the frame before this one is missing".to_owned())
                    };
                    what.map_err(|what| OpenError::damaged(&path, begin, what))?;
                    self.end = End { segment, length: reader.offset(), chain: crc };
                }
            }
        }
    }

    fn read_frame(&mut self, body: &[u8], place: Place) -> Result<(), String> {
        if place.offset > 0 {
            return self.read_group(body, place);
        }
        let found: SegmentHeader =
            serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let expected =
            SegmentHeader { format: FORMAT, segment: place.segment, after: self.state.last };
        if found == expected {
            Ok(())
        } else {
            Err(format!("the header should be {expected:?} and is {found:?}"))
        }
    }

    fn read_group(&mut self, body: &[u8], place: Place) -> Result<(), String> {
        let group: Group<'_> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        for (index, line) in group.events.iter().enumerate() {
            let event: EventPlace<'_> =
                serde_json::from_str(line.get()).map_err(|error| error.to_string())?;
            let stream = StreamId::new(event.stream.as_ref()).map_err(|error| error.to_string())?;
            let (position, version) = (self.state.last.next(), self.state.head(&stream).version);
            if (event.position, event.version) != (position, version.next()) {
                return Err(format!(
                    "version {} of {stream} at position {} is out of order",
                    event.version, event.position
                ));
            }
            if index == 0 {
                self.state.mark(position, place);
            }
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

    /// Rewrites every stream file that is not byte for byte what the journal says, and gives the state.
    pub(crate) fn repair_stream_files(mut self, streams_dir: &Path) -> Result<State, OpenError> {
        let mut differing = Vec::new();
        for (stream, head) in self.state.heads_mut() {
            let expected = self.sums.get(stream).copied().unwrap_or_default();
            let path = stream_files::path(streams_dir, stream);
            let found = Sum::of_file(&path).map_err(OpenError::io("read", &path))?;
            if found != expected {
                differing.push(stream.clone());
            }
            head.file_bytes = expected.bytes;
        }
        if !differing.is_empty() {
            tracing::warn!(files = differing.len(), "rebuilding stream files from the journal");
            self.rebuild(streams_dir, differing).map_err(OpenError::io("rebuild", streams_dir))?;
        }
        Ok(self.state)
    }

    fn rebuild(&self, streams_dir: &Path, streams: Vec<StreamId>) -> io::Result<()> {
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
        "cutting off an unfinished last frame of the journal"
    );
    Ok(())
}

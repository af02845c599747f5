//! The readable files, one per stream: written behind the journal, read back, and rebuilt when they differ.
//!
//! At most one of these files is open per thread, however many streams there are.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::RandomState;
use kit_core::{RecordedEvent, StreamId, Version};

use crate::state::{Shared, StreamView};
use crate::{read, record};
use kit_event_store::EventStoreError;

/// Pause of the stream-file writer before it tries again after an error.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// Bytes read at once to compute the checksum of a file.
const CHUNK_BYTES: usize = 64 * 1_024;

/// The file of a stream.
pub(crate) fn path(dir: &Path, stream: &StreamId) -> PathBuf {
    dir.join(format!("{stream}.jsonl"))
}

/// Length and checksum of a file's whole contents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) bytes: u64,
    crc: u32,
}

impl Sum {
    /// The sum after these bytes as well.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.crc = crc32c::crc32c_append(self.crc, bytes);
    }

    /// The sum of a file; that of nothing when it is not there.
    pub(crate) fn of_file(path: &Path) -> io::Result<Self> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(error),
        };
        let mut file = BufReader::with_capacity(CHUNK_BYTES, file);
        let mut sum = Self::default();
        loop {
            let chunk = file.fill_buf()?;
            let length = chunk.len();
            if length == 0 {
                return Ok(sum);
            }
            sum.add(chunk);
            file.consume(length);
        }
    }
}

/// Writes lines behind the first `offset` bytes; whatever lay there is overwritten.
pub(crate) fn write_at(path: &Path, offset: u64, lines: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(offset == 0).open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(lines)
}

/// The stream-file writer: brings the stream files up to date until the store is closed.
pub(crate) fn run(shared: &Shared, dir: &Path) {
    loop {
        let mut state = shared.lock();
        while state.unwritten.events.is_empty() && !state.unwritten.closing {
            shared.wait(&mut state);
        }
        if state.unwritten.events.is_empty() {
            return;
        }
        let waiting: Vec<_> = state.unwritten.events.keys().cloned().collect();
        drop(state);
        let result = waiting.iter().try_for_each(|stream| write_behind(shared, dir, stream));
        let mut state = shared.lock();
        state.unwritten.failure = result.err();
        shared.changed.notify_all();
        let Some(failure) = &state.unwritten.failure else {
            continue;
        };
        tracing::error!(failure, "stream_files_not_written");
        if state.unwritten.closing {
            return;
        }
        drop(state);
        std::thread::sleep(RETRY_AFTER);
    }
}

fn write_behind(shared: &Shared, dir: &Path, stream: &StreamId) -> Result<(), String> {
    let view = shared.lock().view(stream);
    let mut lines = Vec::new();
    for event in &view.unwritten {
        record::encode_event(&mut lines, event).map_err(|error| error.to_string())?;
        lines.push(b'\n');
    }
    let path = path(dir, stream);
    write_at(&path, view.head.file_bytes, &lines)
        .map_err(|error| format!("{}: {error}", path.display()))?;
    shared.lock().note_written(stream, view.unwritten.len(), lines.len() as u64);
    shared.changed.notify_all();
    Ok(())
}

/// The events of a stream after a version, up to and including another, oldest first.
pub(crate) fn read(
    dir: &Path,
    stream: &StreamId,
    view: &StreamView,
    after: Version,
    last: Version,
) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
    let path = path(dir, stream);
    let in_file = view.head.version.get() - view.unwritten.len() as u64;
    let last_in_file = in_file.min(last.get());
    let corrupt = |what: String| {
        EventStoreError::Corrupt(format!("{}: {what}; a restart rebuilds it", path.display()))
    };
    let failed = |error: io::Error| read::failed(&path, &error, corrupt);
    let mut events = Vec::new();
    if after.get() < last_in_file {
        let file = File::open(&path).map_err(failed)?;
        let mut lines = Lines::open(file, view.head.file_bytes);
        lines.seek_to(after.next()).map_err(failed)?;
        for version in after.get() + 1..=last_in_file {
            let line = lines.next().map_err(failed)?;
            let event = record::decode_event(line).map_err(corrupt)?;
            if event.version.get() != version {
                return Err(corrupt(format!("version {version} is missing")));
            }
            events.push(Arc::new(event));
        }
    }
    let wanted = |event: &&Arc<RecordedEvent>| after < event.version && event.version <= last;
    events.extend(view.unwritten.iter().filter(wanted).cloned());
    Ok(events)
}

/// The lines of a stream file, one version each.
struct Lines {
    file: BufReader<File>,
    end: u64,
    line: Vec<u8>,
}

impl Lines {
    fn open(file: File, end: u64) -> Self {
        Self { file: BufReader::new(file), end, line: Vec::new() }
    }

    fn next(&mut self) -> io::Result<&[u8]> {
        self.line.clear();
        self.file.read_until(b'\n', &mut self.line)?;
        Ok(&self.line)
    }

    /// Goes to the line of a version that the file has, by halving.
    fn seek_to(&mut self, version: Version) -> io::Result<()> {
        // `low` is always the start of a line at or before the one looked for.
        let (mut low, mut high) = (0, self.end);
        while high - low > 1 && version > Version::ZERO.next() {
            let middle = low + (high - low) / 2;
            let start = self.line_behind(middle)?;
            if start >= high {
                high = middle;
                continue;
            }
            let found: record::EventPlace<'_> = serde_json::from_slice(self.next()?)?;
            match found.version.cmp(&version) {
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => {
                    low = start;
                    break;
                }
                std::cmp::Ordering::Less => low = start,
            }
        }
        self.file.seek(SeekFrom::Start(low))?;
        Ok(())
    }

    /// Goes to the first line that begins at or behind an offset, and says where that is.
    fn line_behind(&mut self, offset: u64) -> io::Result<u64> {
        self.file.seek(SeekFrom::Start(offset - 1))?;
        Ok(offset - 1 + self.next()?.len() as u64)
    }
}

/// Lines collected to rebuild some files, written out before they take too much memory.
#[derive(Debug)]
pub(crate) struct Rebuild<'a> {
    dir: &'a Path,
    lines: HashMap<StreamId, Vec<u8>, RandomState>,
    bytes: usize,
    written: HashMap<StreamId, u64, RandomState>,
}

impl<'a> Rebuild<'a> {
    /// Memory for lines not yet written out.
    const BYTES_MAX: usize = 16 << 20;

    /// Begins by emptying the files.
    pub(crate) fn begin(dir: &'a Path, streams: Vec<StreamId>) -> io::Result<Self> {
        let mut written = HashMap::default();
        for stream in streams {
            write_at(&path(dir, &stream), 0, b"")?;
            written.insert(stream, 0);
        }
        Ok(Self { dir, lines: HashMap::default(), bytes: 0, written })
    }

    /// Adds the next line of a stream, if its file is one of those to rebuild.
    pub(crate) fn add(&mut self, stream: &StreamId, line: &[u8]) -> io::Result<()> {
        if !self.written.contains_key(stream) {
            return Ok(());
        }
        let lines = self.lines.entry(stream.clone()).or_default();
        lines.extend_from_slice(line);
        lines.push(b'\n');
        self.bytes += line.len() + 1;
        if self.bytes > Self::BYTES_MAX { self.write_out() } else { Ok(()) }
    }

    /// Writes what has been collected.
    pub(crate) fn write_out(&mut self) -> io::Result<()> {
        for (stream, lines) in self.lines.drain() {
            let written = self.written.entry(stream.clone()).or_default();
            write_at(&path(self.dir, &stream), *written, &lines)?;
            *written += lines.len() as u64;
        }
        self.bytes = 0;
        Ok(())
    }
}

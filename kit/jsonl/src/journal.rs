//! The end of the journal: one durable write per group, segments, and what happens when the disk says no.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use kit_core::Position;
use kit_event_store::Incarnation;
use kit_event_store::log_folder::sync_folder;

use crate::frame;
use crate::record::{FORMAT, SegmentHeader};

/// A file that grows at its end; tests put a failing disk behind it.
pub(crate) trait LogFile: Send {
    /// Writes at the end. After an error any part of `bytes` may be there.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Returns when everything appended is on the disk.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file back to a length, durably.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
}

impl LogFile for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.sync_all()
    }
}

/// Opens a segment file for appending and makes it when it is not there.
pub(crate) type OpenFile = Box<dyn Fn(&Path) -> io::Result<Box<dyn LogFile>> + Send>;

/// The real disk.
pub(crate) fn on_disk() -> OpenFile {
    Box::new(|path| {
        let file = OpenOptions::new().append(true).create(true).open(path)?;
        Ok(Box::new(file))
    })
}

/// The file of a segment.
pub(crate) fn segment_path(dir: &Path, segment: u32) -> PathBuf {
    dir.join(format!("journal-{segment:08}.log"))
}

/// The number of the segment in a file of this name.
pub(crate) fn segment_number(name: &str) -> Option<u32> {
    name.strip_prefix("journal-")?.strip_suffix(".log")?.parse().ok()
}

/// Where the journal ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    /// The last segment.
    pub(crate) segment: u32,
    /// Bytes of whole frames in it; zero when it has no header yet.
    pub(crate) length: u64,
    /// Checksum of the last frame.
    pub(crate) chain: u32,
}

impl End {
    /// The end of a journal without any segment.
    pub(crate) const EMPTY: Self = Self { segment: 1, length: 0, chain: 0 };
}

/// Where a frame is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The segment.
    pub(crate) segment: u32,
    /// The byte in it at which the frame begins.
    pub(crate) offset: u64,
}

/// Why a group was not written.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The disk is full or the group too large; the journal is as it was before, durably.
    Refused(io::Error),
    /// The state on the disk is unknown; nothing may be written or acknowledged any more.
    Fatal {
        /// What was tried.
        action: &'static str,
        /// The error of the file system.
        source: io::Error,
    },
}

fn fatal(action: &'static str) -> impl FnOnce(io::Error) -> Failure {
    move |source| Failure::Fatal { action, source }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// The journal as its only writer sees it.
pub(crate) struct Journal {
    dir: PathBuf,
    open_file: OpenFile,
    segment_bytes_max: u64,
    incarnation: Incarnation,
    file: Box<dyn LogFile>,
    end: End,
}

/// How a journal goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Continuation {
    /// Which log it is.
    pub(crate) incarnation: Incarnation,
    /// Where it ends.
    pub(crate) end: End,
    /// Position of the last event.
    pub(crate) after: Position,
}

impl Journal {
    /// Continues at the end that recovery found, made durable first: what was read may never have been synced.
    pub(crate) fn open(
        dir: &Path,
        open_file: OpenFile,
        segment_bytes_max: u64,
        Continuation { incarnation, end, after }: Continuation,
    ) -> io::Result<Self> {
        let mut file = open_file(&segment_path(dir, end.segment))?;
        file.truncate(end.length)?;
        sync_folder(dir)?;
        let dir = dir.to_owned();
        let mut journal = Self { dir, open_file, segment_bytes_max, incarnation, file, end };
        if end.length == 0 {
            let (bytes, chain) = journal.header(end, after)?;
            journal.file.append(&bytes)?;
            journal.file.sync()?;
            journal.end = End { length: bytes.len() as u64, chain, ..end };
        }
        Ok(journal)
    }

    /// Writes one frame durably; `after` is the position of the last event before it.
    pub(crate) fn append(&mut self, body: &[u8], after: Position) -> Result<Place, Failure> {
        if self.end.length >= self.segment_bytes_max {
            self.rotate(after)?;
        }
        let (bytes, chain) = frame::encode(self.end.chain, body).map_err(Failure::Refused)?;
        if let Err(error) = self.file.append(&bytes) {
            if !is_full(&error) {
                return Err(fatal("write to the journal")(error));
            }
            self.file.truncate(self.end.length).map_err(fatal("cut back the full journal"))?;
            return Err(Failure::Refused(error));
        }
        self.file.sync().map_err(fatal("sync the journal"))?;
        let place = Place { segment: self.end.segment, offset: self.end.length };
        self.end.length += bytes.len() as u64;
        self.end.chain = chain;
        Ok(place)
    }

    fn rotate(&mut self, after: Position) -> Result<(), Failure> {
        let next = End { segment: self.end.segment + 1, length: 0, chain: self.end.chain };
        let path = segment_path(&self.dir, next.segment);
        match self.begin_segment(&path, next, after) {
            Ok(()) => Ok(()),
            Err(error) if is_full(&error) => {
                // A half-made segment must not be found behind later frames of the present one.
                let removed = remove_if_there(&path).and_then(|()| sync_folder(&self.dir));
                removed.map_err(fatal("remove the half-made segment of the full journal"))?;
                Err(Failure::Refused(error))
            }
            Err(error) => Err(fatal("begin a segment of the journal")(error)),
        }
    }

    fn begin_segment(&mut self, path: &Path, next: End, after: Position) -> io::Result<()> {
        let (bytes, chain) = self.header(next, after)?;
        let mut file = (self.open_file)(path)?;
        file.append(&bytes)?;
        file.sync()?;
        sync_folder(&self.dir)?;
        self.file = file;
        self.end = End { length: bytes.len() as u64, chain, ..next };
        Ok(())
    }

    /// Makes it another log from here on: the next segment says so.
    pub(crate) fn renew(&mut self, incarnation: Incarnation, after: Position) -> io::Result<()> {
        self.incarnation = incarnation;
        self.rotate(after).map_err(|failure| match failure {
            Failure::Refused(source) | Failure::Fatal { source, .. } => source,
        })
    }

    fn header(&self, end: End, after: Position) -> io::Result<(Vec<u8>, u32)> {
        let incarnation = Some(self.incarnation.as_uuid());
        let header = SegmentHeader { format: FORMAT, segment: end.segment, after, incarnation };
        frame::encode(end.chain, &serde_json::to_vec(&header)?)
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

//! Reads a journal from beside its writer, event by event with the claims, for a backup.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use kit_core::Position;
use kit_event_store::log_folder::LogFolderError;
use kit_event_store::{Claim, EventStoreError, Incarnation, LogMark, LogReader, LoggedEvent};

use crate::frame::{FrameReader, Next, find_whole_frame};
use crate::journal::{segment_number, segment_path};
use crate::options::OpenError;
use crate::record::{self, FORMAT, Group, SegmentHeader};
use crate::recovery::names;

/// A journal, open for reading only. The process that writes it goes on.
#[derive(Debug)]
pub struct JournalReader {
    dir: PathBuf,
    /// Where the next page begins, so that a page does not cost what is before it.
    next: Place,
}

/// A frame, and what is known before it.
#[derive(Clone, Copy, Debug)]
struct Place {
    segment: u32,
    offset: u64,
    /// Checksum of the frame before, where that was read.
    chain: Option<u32>,
    /// The last event before it.
    after: Position,
    incarnation: Option<Incarnation>,
}

impl Place {
    const BEGIN: Self =
        Self { segment: 1, offset: 0, chain: Some(0), after: Position::ZERO, incarnation: None };
}

/// What a frame is.
enum Found {
    Events(Vec<LoggedEvent>),
    Header,
    /// Nothing whole is there yet.
    End,
}

impl JournalReader {
    /// Opens the journal of a log's folder that has one. Neither takes nor needs the lock of the folder.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let dir = folder.join("journal");
        if !segment_path(&dir, 1).exists() {
            let missing = io::Error::from(io::ErrorKind::NotFound);
            return Err(LogFolderError::io("read", &segment_path(&dir, 1))(missing).into());
        }
        Ok(Self { dir, next: Place::BEGIN })
    }

    /// The last segment that there is.
    fn last_segment(&self) -> Result<u32, EventStoreError> {
        let names = names(&self.dir).map_err(|error| unavailable(&error))?;
        Ok(names.iter().filter_map(|name| segment_number(name)).max().unwrap_or(1))
    }

    /// The newest segment whose events all come after a position, or the first one.
    fn begin_of(&self, after: Position) -> Result<Place, EventStoreError> {
        for segment in (2..=self.last_segment()?).rev() {
            let place = Place { segment, offset: 0, chain: None, ..Place::BEGIN };
            let mut found = place;
            if matches!(self.frame(&mut found)?, Found::Header) && found.after <= after {
                return Ok(Place { after: found.after, ..place });
            }
        }
        Ok(Place::BEGIN)
    }

    /// Reads the frame at a place and moves on behind it.
    fn frame(&self, at: &mut Place) -> Result<Found, EventStoreError> {
        let path = segment_path(&self.dir, at.segment);
        let mut reader =
            FrameReader::open(&path, at.offset).map_err(|error| failed(&path, &error))?;
        self.next_frame(&mut reader, at)
    }

    fn next_frame(
        &self,
        reader: &mut FrameReader,
        at: &mut Place,
    ) -> Result<Found, EventStoreError> {
        let path = segment_path(&self.dir, at.segment);
        let damaged = |what: &str| {
            let told = format!("{} at byte {}: {what}", path.display(), at.offset);
            EventStoreError::Corrupt(told)
        };
        let next = reader.next().map_err(|error| failed(&path, &error))?;
        let (crc, previous) = match next {
            Next::Frame { crc, previous, .. } => (crc, previous),
            Next::Damaged if has_more(&path, reader).map_err(|error| failed(&path, &error))? => {
                return Err(damaged("a frame is damaged and whole ones follow it"));
            }
            // a group may be being written
            Next::End | Next::Damaged => return Ok(Found::End),
        };
        if at.chain.is_some_and(|chain| chain != previous) {
            return Err(damaged("the frame before this one is missing"));
        }
        let read = if at.offset == 0 {
            let header: SegmentHeader = serde_json::from_slice(reader.body())
                .map_err(|error| damaged(&error.to_string()))?;
            if header.format > FORMAT {
                return Err(damaged("a newer version of this program wrote it; use that version"));
            }
            at.after = header.after;
            at.incarnation = header.incarnation.map(Incarnation::new).or(at.incarnation);
            Found::Header
        } else {
            let events = group(reader.body()).map_err(|what| damaged(&what))?;
            for one in &events {
                if one.event.position != at.after.next() {
                    return Err(damaged("its events are out of order"));
                }
                at.after = one.event.position;
                at.incarnation.get_or_insert(Incarnation::new(one.event.event.event_id));
            }
            Found::Events(events)
        };
        at.chain = Some(crc);
        at.offset = reader.offset();
        Ok(read)
    }

    /// Walks on until `each` says that it has enough, or the journal ends; the place behind what was taken.
    fn walk(
        &self,
        mut at: Place,
        mut each: impl FnMut(Vec<LoggedEvent>) -> bool,
    ) -> Result<Place, EventStoreError> {
        let last = self.last_segment()?;
        loop {
            let path = segment_path(&self.dir, at.segment);
            let mut reader =
                FrameReader::open(&path, at.offset).map_err(|error| failed(&path, &error))?;
            loop {
                let before = at;
                match self.next_frame(&mut reader, &mut at)? {
                    Found::Header => {}
                    Found::Events(events) => {
                        if !each(events) {
                            return Ok(before);
                        }
                    }
                    Found::End => break,
                }
            }
            if at.segment >= last {
                return Ok(at);
            }
            at = Place { segment: at.segment + 1, offset: 0, ..at };
        }
    }
}

impl LogReader for JournalReader {
    fn end(&mut self) -> Result<Option<LogMark>, EventStoreError> {
        let mut known = self.next;
        // the name of the log is in the header of the newest segment, and a journal is renamed by beginning one
        if known.segment < self.last_segment()? {
            known = self.begin_of(Position::new(u64::MAX))?;
        }
        let mut end = self.walk(known, |_| true)?;
        if end.incarnation.is_none() {
            // a journal of before is named after its first event
            end = self.walk(Place::BEGIN, |_| true)?;
        }
        // what the writer has not synced yet is not acknowledged
        let path = segment_path(&self.dir, end.segment);
        let synced = File::open(&path).and_then(|file| file.sync_data());
        synced.map_err(|error| failed(&path, &error))?;
        let mark = |incarnation| LogMark { incarnation, position: end.after };
        Ok(end.incarnation.filter(|_| end.after > Position::ZERO).map(mark))
    }

    fn read(
        &mut self,
        after: Position,
        end: Position,
        limit: usize,
    ) -> Result<Vec<LoggedEvent>, EventStoreError> {
        if self.next.after > after || self.next.after == Position::ZERO {
            self.next = self.begin_of(after)?;
        }
        let mut page: Vec<LoggedEvent> = Vec::new();
        self.next = self.walk(self.next, |events| {
            if page.len() >= limit {
                return false;
            }
            let wanted = |one: &LoggedEvent| {
                let position = one.event.position;
                position > after && position <= end
            };
            let is_past = events.last().is_some_and(|last| last.event.position > end);
            page.extend(events.into_iter().filter(wanted));
            !is_past
        })?;
        Ok(page)
    }
}

/// The events of a group, each with the claims of the transaction that it ends.
fn group(body: &[u8]) -> Result<Vec<LoggedEvent>, String> {
    let group: Group<'_> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let mut events = Vec::with_capacity(group.events.len());
    for line in group.events {
        let event = record::decode_event(line.get().as_bytes())?.into();
        events.push(LoggedEvent { event, claims: Vec::new() });
    }
    for claim in group.claims {
        let (key, found) = claim.into_found();
        let holder = events.iter_mut().find(|one| one.event.position == found.position);
        let holder = holder.ok_or_else(|| format!("no event takes the claim {}", key.key))?;
        let claim = Claim { key, value: found.value, expires_at: found.expires_at };
        holder.claims.push(claim);
    }
    Ok(events)
}

/// Whether whole frames follow those that a reader could read, in what was there when it began.
fn has_more(path: &Path, reader: &FrameReader) -> io::Result<bool> {
    let mut tail = Vec::new();
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(reader.offset()))?;
    file.take(reader.length().saturating_sub(reader.offset())).read_to_end(&mut tail)?;
    Ok(find_whole_frame(&tail).is_some())
}

fn failed(path: &Path, error: &io::Error) -> EventStoreError {
    EventStoreError::Unavailable(format!("cannot read {}: {error}", path.display()))
}

fn unavailable(error: &OpenError) -> EventStoreError {
    EventStoreError::Unavailable(error.to_string())
}

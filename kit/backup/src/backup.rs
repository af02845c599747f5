//! Making a backup: what is new of each log, the newest state files, and then the manifest.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use kit_core::{Clock, Position, Timestamp};
use kit_event_store::{LogMark, LogReader, LoggedEvent};

use crate::error::BackupError;
use crate::manifest::{LogEntry, Manifest, SegmentEntry, StateEntry, sha256};
use crate::place::Place;
use crate::progress::Progress;
use crate::restore::get_segment;
use crate::segment::{SEGMENT_BYTES, SegmentWriter};
use crate::state_files::StateFile;

/// Events that are read at a time, which takes a few milliseconds.
const PAGE_EVENTS: usize = 500;

/// Pause after each page, so that the disk and the cores are there for those who sell.
const PAGE_PAUSE: Duration = Duration::from_millis(2);

/// What names of files that may be removed begin with: those of a backup, and copies that were being checked.
const OURS: [&str; 3] = ["logs/", "state/", CHECKED];

/// What folders below a place are called in which its backup is tried out.
pub const CHECKED: &str = "checked-";

/// The log of a context.
pub struct Source {
    /// The context, such as `inventory`.
    pub context: String,
    /// What reads it.
    pub reader: Box<dyn LogReader>,
}

/// What is backed up, kept from one backup to the next.
pub struct Backup {
    /// The kind of event store, such as `sqlite`.
    pub kind: String,
    /// The logs. One that knows of another comes before it: what it knows is then in the other's part as well.
    pub logs: Vec<Source>,
    /// Files that must not be ahead of the logs, as they say how far something has followed them.
    pub before_logs: Vec<StateFile>,
    /// Files that the logs speak of, so that they must not be behind.
    pub after_logs: Vec<StateFile>,
}

/// A backup that is whole.
#[derive(Clone, Debug)]
pub struct Done {
    /// What it has.
    pub manifest: Manifest,
    /// Events that the one before did not have.
    pub new_events: u64,
    /// Bytes written to the place, without the manifest.
    pub new_bytes: u64,
}

/// Who is told how far a backup is, and says whether it is to go on.
pub struct Watch<'a> {
    /// Events that have been read of each log.
    pub progress: &'a dyn Progress,
    /// Asked after each page of events: at `false` nothing is made.
    pub go_on: &'a dyn Fn() -> bool,
}

/// How far a log is to be read, and from where.
struct Span {
    known: Option<LogEntry>,
    end: LogMark,
}

impl Span {
    fn after(&self) -> Position {
        self.known.as_ref().map_or(Position::ZERO, |known| known.position)
    }
}

impl Backup {
    /// Adds what is new to a place. Blocks, for as long as reading what is new takes; the manifest is replaced at the end.
    ///
    /// `scratch` is a folder for copies that are under way. The answer is `None` where it was told not to go on.
    pub fn run(
        &mut self,
        place: &dyn Place,
        scratch: &Path,
        clock: &dyn Clock,
        watch: &Watch<'_>,
    ) -> Result<Option<Done>, BackupError> {
        let known = Manifest::read(place)?;
        let known_state = known.as_ref().map_or(&[][..], |known| &known.state);
        let mut states = keep(&self.before_logs, place, known_state, (scratch, clock.now()))?;
        let mut manifest = Manifest::new(&self.kind, clock.now());
        let spans = self.spans(known.as_ref())?;
        let (mut new_events, mut new_bytes) = (0, 0);
        for (source, span) in self.logs.iter_mut().zip(spans) {
            let Some(span) = span else { continue };
            new_events += span.end.position.get() - span.after().get();
            let mut log = Added { context: &source.context, place, new_bytes: 0 };
            let Some(entry) = log.add(&mut *source.reader, span, watch)? else { return Ok(None) };
            new_bytes += log.new_bytes;
            manifest.logs.push(entry);
        }
        states.extend(keep(&self.after_logs, place, known_state, (scratch, clock.now()))?);
        let is_new = |state: &&StateEntry| !known_state.iter().any(|one| one.file == state.file);
        new_bytes += states.iter().filter(is_new).map(|state| state.bytes).sum::<u64>();
        manifest.state = states;
        // before the manifest: what a backup that begins after it writes is not among them
        let names = place.names()?;
        manifest.write(place)?;
        remove_others(place, &names, &manifest)?;
        Ok(Some(Done { manifest, new_events, new_bytes }))
    }

    /// Where each log ends now, in their order; refused where the backup has another log.
    fn spans(&mut self, known: Option<&Manifest>) -> Result<Vec<Option<Span>>, BackupError> {
        let has = |context: &str| self.logs.iter().any(|log| log.context == context);
        let mut known_logs = known.into_iter().flat_map(|known| &known.logs);
        if let Some(missing) = known_logs.find(|known| !has(&known.context)) {
            return Err(other(missing, "there is none".to_owned()));
        }
        let mut spans = Vec::new();
        for Source { context, reader } in &mut self.logs {
            let end = reader.end().map_err(BackupError::log(context))?;
            let known = known.and_then(|known| known.log(context)).cloned();
            if let Some(known) = &known {
                continues(known, &mut **reader, end)?;
            }
            spans.push(end.map(|end| Span { known, end }));
        }
        Ok(spans)
    }
}

/// Refuses a log that does not begin with what the backup has.
fn continues(
    known: &LogEntry,
    reader: &mut dyn LogReader,
    end: Option<LogMark>,
) -> Result<(), BackupError> {
    let Some(end) = end else { return Err(other(known, "it is empty".to_owned())) };
    if end.incarnation.as_uuid() != known.incarnation {
        let reason = format!("it is log {}, not {}", end.incarnation, known.incarnation);
        return Err(other(known, reason));
    }
    if end.position < known.position {
        return Err(other(known, format!("it ends at position {}", end.position)));
    }
    let before = Position::new(known.position.get() - 1);
    let last = reader.read(before, known.position, 1).map_err(BackupError::log(&known.context))?;
    let last = last.first().map(|last| last.event.event.event_id);
    if last != Some(known.last_event) {
        return Err(other(known, "it has another event there".to_owned()));
    }
    Ok(())
}

fn other(known: &LogEntry, reason: String) -> BackupError {
    BackupError::OtherLog { context: known.context.clone(), at: known.position, reason }
}

fn keep(
    files: &[StateFile],
    place: &dyn Place,
    known: &[StateEntry],
    (scratch, now): (&Path, Timestamp),
) -> Result<Vec<StateEntry>, BackupError> {
    let mut kept = Vec::new();
    for file in files {
        let known = known.iter().find(|known| known.name == file.name);
        kept.extend(file.keep(place, known, (scratch, now))?);
    }
    Ok(kept)
}

/// Removes what does not belong to the backup: segments that were put together, copies of before, and what an interrupted
/// backup has left. What is no file of a backup stays.
fn remove_others(
    place: &dyn Place,
    names: &[String],
    manifest: &Manifest,
) -> Result<(), BackupError> {
    let wanted: HashSet<&str> = manifest.files().collect();
    for name in names {
        let is_ours = OURS.iter().any(|folder| name.starts_with(folder));
        if is_ours && !wanted.contains(&**name) {
            place.remove(name)?;
        }
    }
    Ok(())
}

/// A log on its way into a place.
struct Added<'a> {
    context: &'a str,
    place: &'a dyn Place,
    new_bytes: u64,
}

/// What is known of the last event that was added.
#[derive(Clone, Copy)]
struct Last {
    event: uuid::Uuid,
    recorded_at: Timestamp,
}

impl Added<'_> {
    fn add(
        &mut self,
        reader: &mut dyn LogReader,
        span: Span,
        watch: &Watch<'_>,
    ) -> Result<Option<LogEntry>, BackupError> {
        let (first, end) = (span.after(), span.end.position);
        let mut at = first;
        watch.progress.begin(&format!("reading {}", self.context), end.get() - first.get());
        let (mut segments, mut last) = (Vec::new(), None);
        if let Some(known) = span.known {
            last = Some(Last { event: known.last_event, recorded_at: known.recorded_at });
            segments = known.segments;
        }
        let mut segment = SegmentWriter::after(at);
        while at < end {
            let page = reader.read(at, end, PAGE_EVENTS).map_err(BackupError::log(self.context))?;
            let newest = page.last().ok_or_else(|| self.ends_early(at))?;
            (at, last) = (newest.event.position, Some(last_of(newest)));
            for one in &page {
                let added = segment.add(one);
                added.map_err(|error| BackupError::damaged(&self.name(&segment), &error))?;
            }
            if segment.is_full() || at >= end {
                let full = std::mem::replace(&mut segment, SegmentWriter::after(at));
                self.put(full, &mut segments)?;
            }
            watch.progress.at(at.get() - first.get());
            if !(watch.go_on)() {
                return Ok(None);
            }
            std::thread::sleep(PAGE_PAUSE);
        }
        let Some(last) = last else { return Err(self.ends_early(at)) };
        Ok(Some(LogEntry {
            context: self.context.to_owned(),
            incarnation: span.end.incarnation.as_uuid(),
            position: end,
            last_event: last.event,
            recorded_at: last.recorded_at,
            segments,
        }))
    }

    fn ends_early(&self, at: Position) -> BackupError {
        let reason = format!("the events after position {at} cannot be read");
        BackupError::damaged(&format!("the log of {}", self.context), &reason)
    }

    fn name(&self, segment: &SegmentWriter) -> String {
        self.name_of(segment.first, segment.last)
    }

    fn name_of(&self, first: Position, last: Position) -> String {
        format!("logs/{}/{:016}-{:016}.jsonl.gz", self.context, first.get(), last.get())
    }

    /// Keeps a segment. Small ones before it are put together with it, each event again only when its segment at least
    /// doubles: many small backups come to a few segments.
    fn put(
        &mut self,
        segment: SegmentWriter,
        segments: &mut Vec<SegmentEntry>,
    ) -> Result<(), BackupError> {
        if segment.is_empty() {
            return Ok(());
        }
        let (name, mut first, last) = (self.name(&segment), segment.first, segment.last);
        let packed = segment.finish();
        let mut packed = packed.map_err(|error| BackupError::damaged(&name, &error))?;
        while let Some(before) = segments.pop_if(|before| fits(before, packed.len())) {
            let mut together = get_segment(self.place, &before)?;
            together.append(&mut packed);
            (packed, first) = (together, before.first);
        }
        let file = self.name_of(first, last);
        self.place.put(&file, &packed)?;
        let bytes = packed.len() as u64;
        self.new_bytes += bytes;
        segments.push(SegmentEntry { file, first, last, bytes, sha256: sha256(&packed) });
        Ok(())
    }
}

fn fits(before: &SegmentEntry, added: usize) -> bool {
    let added = added as u64;
    before.bytes <= added.saturating_mul(2) && before.bytes + added <= 2 * SEGMENT_BYTES as u64
}

fn last_of(one: &LoggedEvent) -> Last {
    let event = &one.event;
    Last { event: event.event.event_id, recorded_at: event.metadata.recorded_at }
}

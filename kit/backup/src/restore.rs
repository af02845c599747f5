//! What is restored from a backup: logs up to a moment, appended anew, and the files beside them.

use std::path::{Component, Path};
use std::sync::Arc;

use kit_core::{Metadata, Position, Timestamp, Version};
use kit_event_store::{Append, EventLog, LoggedEvent, Outcome, Transaction};

use crate::error::BackupError;
use crate::manifest::{LogEntry, Manifest, SegmentEntry, StateEntry, sha256};
use crate::place::Place;
use crate::progress::Progress;
use crate::segment;
use crate::state_files::sum;

/// Events that are appended at a time, with one durable write.
const GROUP_EVENTS: usize = 2_000;

/// How far a log is restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// As far as the backup has it.
    End,
    /// Up to an event; a transaction that goes on behind it is left out whole.
    Position(Position),
    /// Up to the first event that was recorded after a moment.
    Moment(Timestamp),
}

impl Until {
    fn leaves_out(self, one: &LoggedEvent) -> bool {
        match self {
            Self::End => false,
            Self::Position(last) => one.event.position > last,
            Self::Moment(moment) => one.event.metadata.recorded_at > moment,
        }
    }
}

/// A log that was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Its last event; zero when it has none.
    pub position: Position,
    /// When that was recorded; `None` when there is none.
    pub recorded_at: Option<Timestamp>,
}

/// Reads every file of a backup and compares it with its checksum; the answer is how many bytes there are. Blocks.
pub fn check(
    place: &dyn Place,
    manifest: &Manifest,
    scratch: &Path,
    progress: &dyn Progress,
) -> Result<u64, BackupError> {
    progress.begin("comparing checksums of bytes", manifest.bytes());
    let mut bytes = 0;
    for log in &manifest.logs {
        let mut at = Position::ZERO;
        for segment in &log.segments {
            if segment.first != at.next() {
                let reason = format!("the events after position {at} are missing before it");
                return Err(BackupError::damaged(&segment.file, &reason));
            }
            at = segment.last;
            bytes += get_segment(place, segment)?.len() as u64;
            progress.at(bytes);
        }
        if at != log.position {
            let reason = format!("it ends at position {at}, not at {}", log.position);
            return Err(BackupError::damaged(&format!("the log of {}", log.context), &reason));
        }
    }
    for (number, state) in manifest.state.iter().enumerate() {
        get_state(place, state, &scratch.join(format!("checked-{number}")))?;
        bytes += state.bytes;
        progress.at(bytes);
    }
    Ok(bytes)
}

/// Appends the events of a log to one without any. They get the same positions and versions; it is another log all the
/// same, by its incarnation, since others may know events that come after.
pub async fn restore_log(
    place: Arc<dyn Place>,
    log: &LogEntry,
    until: Until,
    to: &dyn EventLog,
    progress: &dyn Progress,
) -> Result<Restored, BackupError> {
    progress.begin(&format!("appending {}", log.context), log.position.get());
    let mut appending = Appending::new(&log.context, to);
    for segment in &log.segments {
        let (place, segment) = (Arc::clone(&place), segment.clone());
        let file = segment.file.clone();
        let read = tokio::task::spawn_blocking(move || get_segment(&*place, &segment)).await;
        let packed = read.map_err(|panicked| BackupError::damaged(&file, &panicked))??;
        for one in segment::events(&packed) {
            let one = one.map_err(|reason| BackupError::damaged(&file, &reason))?;
            if until.leaves_out(&one) {
                appending.leave_out_rest_of(&one.event.metadata);
                return appending.finish().await;
            }
            appending.take(one).await?;
            progress.at(appending.done.position.get());
        }
    }
    appending.finish().await
}

/// Writes a file of the backup to where it belongs below a folder, checked. Blocks.
pub fn restore_state(
    place: &dyn Place,
    state: &StateEntry,
    root: &Path,
) -> Result<(), BackupError> {
    let is_inside =
        Path::new(&state.name).components().all(|part| matches!(part, Component::Normal(_)));
    if !is_inside {
        return Err(BackupError::damaged(
            &state.file,
            &format!("{:?} is no name in a folder", state.name),
        ));
    }
    get_state(place, state, &root.join(&state.name))
}

fn get_state(place: &dyn Place, state: &StateEntry, to: &Path) -> Result<(), BackupError> {
    if !place.get_file(&state.file, to)? {
        return Err(BackupError::damaged(&state.file, "it is missing"));
    }
    let found = sum(to).map_err(BackupError::io("read", to))?;
    if found != (state.sha256.clone(), state.bytes) {
        return Err(BackupError::damaged(&state.file, "it does not have its checksum"));
    }
    Ok(())
}

/// The bytes of a segment, checked.
pub(crate) fn get_segment(
    place: &dyn Place,
    segment: &SegmentEntry,
) -> Result<Vec<u8>, BackupError> {
    let packed = place.get(&segment.file)?;
    let packed = packed.ok_or_else(|| BackupError::damaged(&segment.file, "it is missing"))?;
    if sha256(&packed) != segment.sha256 {
        return Err(BackupError::damaged(&segment.file, "it does not have its checksum"));
    }
    Ok(packed)
}

/// Events on their way into a log, by transactions.
struct Appending<'a> {
    context: &'a str,
    to: &'a dyn EventLog,
    /// Transactions that are whole.
    group: Vec<Vec<LoggedEvent>>,
    events: usize,
    /// The transaction that may go on.
    open: Vec<LoggedEvent>,
    done: Restored,
}

impl<'a> Appending<'a> {
    fn new(context: &'a str, to: &'a dyn EventLog) -> Self {
        let done = Restored { position: Position::ZERO, recorded_at: None };
        Self { context, to, group: Vec::new(), events: 0, open: Vec::new(), done }
    }

    async fn take(&mut self, one: LoggedEvent) -> Result<(), BackupError> {
        let is_open = self.open.last().is_some_and(|last| {
            last.claims.is_empty() && last.event.metadata == one.event.metadata
        });
        if !is_open {
            self.close();
            if self.events >= GROUP_EVENTS {
                self.append().await?;
            }
        }
        self.open.push(one);
        self.events += 1;
        Ok(())
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.group.push(std::mem::take(&mut self.open));
        }
    }

    /// A transaction is restored whole or not at all.
    fn leave_out_rest_of(&mut self, next: &Metadata) {
        let is_open = self.open.last();
        if is_open.is_some_and(|last| last.claims.is_empty() && last.event.metadata == *next) {
            self.open.clear();
        }
    }

    async fn finish(mut self) -> Result<Restored, BackupError> {
        self.close();
        self.append().await?;
        Ok(self.done)
    }

    async fn append(&mut self) -> Result<(), BackupError> {
        let group = std::mem::take(&mut self.group);
        self.events = 0;
        if group.is_empty() {
            return Ok(());
        }
        let transactions = group.iter().filter_map(|events| transaction(events)).collect();
        let outcomes =
            self.to.append(transactions).await.map_err(BackupError::log(self.context))?;
        for (events, outcome) in group.iter().zip(outcomes) {
            self.compare(events, outcome)?;
        }
        Ok(())
    }

    fn compare(&mut self, events: &[LoggedEvent], outcome: Outcome) -> Result<(), BackupError> {
        let at = events.first().map_or(Position::ZERO, |first| first.event.position);
        let differs = |reason: String| {
            let context = self.context.to_owned();
            Err(BackupError::NotTheSame { context, at, reason })
        };
        let Outcome::Committed(recorded) = outcome else {
            return differs(format!("{outcome:?}"));
        };
        let wanted = events.iter().map(|one| &one.event);
        if !wanted.eq(&recorded) {
            return differs("it was recorded in another way".to_owned());
        }
        if let Some(last) = recorded.last() {
            let recorded_at = Some(last.metadata.recorded_at);
            self.done = Restored { position: last.position, recorded_at };
        }
        Ok(())
    }
}

/// The transaction that has recorded some events. Its claims are renewals here: one that had renewed a claim finds it held.
fn transaction(events: &[LoggedEvent]) -> Option<Transaction> {
    let metadata = events.first()?.event.metadata.clone();
    let mut appends: Vec<Append> = Vec::new();
    let mut renewals = Vec::new();
    for LoggedEvent { event, claims } in events {
        match appends.last_mut().filter(|last| last.stream == event.stream) {
            Some(last) => last.events.push(event.event.clone()),
            None => appends.push(Append {
                stream: event.stream.clone(),
                expected: Version::new(event.version.get() - 1),
                events: vec![event.event.clone()],
            }),
        }
        renewals.extend(claims.iter().cloned());
    }
    Some(Transaction { appends, renewals, ..Transaction::new(metadata, 0) })
}

//! What the store keeps in memory: stream heads, claims, recent events, and where the rest lies on disk.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use foldhash::fast::RandomState;
use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};
use parking_lot::{Condvar, Mutex, MutexGuard};
use tokio::sync::watch;

use crate::journal::Place;
use kit_event_store::admit::{Admitted, Lookup};
use kit_event_store::{ClaimKey, EventStoreError, FoundClaim, LogHealth};

/// An expired claim is remembered this long after its end, for readers whose clock lags behind the log.
const CLAIM_GRACE: Duration = Duration::from_hours(1);
/// Below this many claims, looking for expired ones is not worth it.
const CLAIMS_SWEEP_MIN: usize = 4_096;
/// Bytes of journal between two remembered places: how far a reader of old events may read in vain.
const MARK_EVERY_BYTES: u64 = 64 * 1_024;
/// What an event weighs in memory besides its data, roughly.
const EVENT_OVERHEAD_BYTES: usize = 400;

/// Roughly how much memory an event takes.
pub(crate) fn weight(event: &RecordedEvent) -> usize {
    let personal = event.event.personal.as_ref().map_or(0, |personal| personal.len());
    EVENT_OVERHEAD_BYTES + event.event.data.len() + personal
}

/// The state, shared by the writer, the stream-file writer, and the readers.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    /// Something about the unwritten lines has changed.
    pub(crate) changed: Condvar,
    /// The last durable position; it is moved on while the state is locked, so that nobody sees an event beyond it.
    pub(crate) head: watch::Sender<Position>,
    pub(crate) health: LogHealth,
    stopped: OnceLock<String>,
}

impl Shared {
    pub(crate) fn new(state: State) -> Self {
        let head = watch::Sender::new(state.last);
        let (state, changed) = (Mutex::new(state), Condvar::new());
        Self { state, changed, head, health: LogHealth::default(), stopped: OnceLock::new() }
    }

    /// Notes that the journal cannot be written any more.
    pub(crate) fn stop(&self, reason: &str) {
        // the first reason is the one that counts
        drop(self.stopped.set(reason.to_owned()));
    }

    pub(crate) fn refuse_when_stopped(&self) -> Result<(), EventStoreError> {
        self.stopped.get().map_or(Ok(()), |why| Err(EventStoreError::Stopped(why.clone())))
    }

    /// Whether the journal can be relied on now.
    pub(crate) fn check_health(&self) -> Result<(), String> {
        self.stopped.get().map_or_else(|| self.health.check(), |why| Err(why.clone()))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Unlocks the state until something changes.
    pub(crate) fn wait(&self, state: &mut MutexGuard<'_, State>) {
        self.changed.wait(state);
    }
}

/// Everything known without reading a file.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Position of the last durable event.
    pub(crate) last: Position,
    /// The latest `recorded_at` in the log.
    pub(crate) latest: Timestamp,
    heads: HashMap<StreamId, Head, RandomState>,
    claims: HashMap<ClaimKey, FoundClaim, RandomState>,
    claims_sweep_at: usize,
    recent: Recent,
    marks: Vec<Mark>,
    /// Lines that the stream files do not have yet.
    pub(crate) unwritten: Unwritten,
}

/// The last version of a stream and the size of its file.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Head {
    /// Version of its last durable event.
    pub(crate) version: Version,
    /// Bytes of whole lines in its file.
    pub(crate) file_bytes: u64,
}

/// A frame that begins with the event of this position.
#[derive(Clone, Copy, Debug)]
struct Mark {
    first: Position,
    place: Place,
}

/// Durable events on their way to the stream files.
#[derive(Debug, Default)]
pub(crate) struct Unwritten {
    /// By stream, oldest first.
    pub(crate) events: HashMap<StreamId, Vec<Arc<RecordedEvent>>, RandomState>,
    /// Total size, in bytes.
    pub(crate) bytes: usize,
    /// The error that prevents writing the stream files at present.
    pub(crate) failure: Option<String>,
    /// Whether the store is being closed.
    pub(crate) closing: bool,
}

/// A copy of a stream's data at one time.
#[derive(Debug)]
pub(crate) struct StreamView {
    /// Its head.
    pub(crate) head: Head,
    /// The events that its file does not have yet.
    pub(crate) unwritten: Vec<Arc<RecordedEvent>>,
}

/// The newest events of the log, as many as fit.
#[derive(Debug, Default)]
struct Recent {
    events: VecDeque<Arc<RecordedEvent>>,
    bytes: usize,
    bytes_max: usize,
}

impl Recent {
    fn push(&mut self, event: Arc<RecordedEvent>) {
        self.bytes += weight(&event);
        self.events.push_back(event);
        while self.bytes > self.bytes_max {
            let Some(oldest) = self.events.pop_front() else {
                break;
            };
            self.bytes -= weight(&oldest);
        }
    }
}

impl State {
    /// An empty state that remembers recent events up to a weight.
    pub(crate) fn new(recent_bytes_max: usize) -> Self {
        let recent = Recent { bytes_max: recent_bytes_max, ..Recent::default() };
        Self { recent, claims_sweep_at: CLAIMS_SWEEP_MIN, ..Self::default() }
    }

    pub(crate) fn head(&self, stream: &StreamId) -> Head {
        self.heads.get(stream).copied().unwrap_or_default()
    }

    pub(crate) fn heads_mut(&mut self) -> impl Iterator<Item = (&StreamId, &mut Head)> {
        self.heads.iter_mut()
    }

    /// Takes in what has just become durable at a place.
    pub(crate) fn apply(&mut self, admitted: &Admitted, place: Place) {
        for (index, event) in admitted.events().enumerate() {
            if index == 0 {
                self.mark(event.position, place);
            }
            self.advance(event.stream.clone(), event.version, event.metadata.recorded_at);
            self.recent.push(Arc::clone(event));
            self.unwritten.bytes += weight(event);
            let lines = self.unwritten.events.entry(event.stream.clone()).or_default();
            lines.push(Arc::clone(event));
        }
        for (claim, position) in &admitted.claims {
            let found = FoundClaim {
                value: claim.value.clone(),
                expires_at: claim.expires_at,
                position: *position,
            };
            self.hold(claim.key.clone(), found);
        }
    }

    /// The log now ends with this event.
    pub(crate) fn advance(&mut self, stream: StreamId, version: Version, recorded_at: Timestamp) {
        self.last = self.last.next();
        self.latest = self.latest.max(recorded_at);
        self.heads.entry(stream).or_default().version = version;
    }

    /// Remembers where a frame is, if the last remembered one is far enough.
    pub(crate) fn mark(&mut self, first: Position, place: Place) {
        let near = self.marks.last().is_some_and(|mark| {
            mark.place.segment == place.segment
                && place.offset < mark.place.offset + MARK_EVERY_BYTES
        });
        if !near {
            self.marks.push(Mark { first, place });
        }
    }

    /// Where to begin reading for the event at a position.
    pub(crate) fn place_before(&self, position: Position) -> Option<Place> {
        let after = self.marks.partition_point(|mark| mark.first <= position);
        Some(self.marks[after.checked_sub(1)?].place)
    }

    /// Takes in a claim, and now and then forgets those that ended long ago.
    pub(crate) fn hold(&mut self, key: ClaimKey, found: FoundClaim) {
        self.claims.insert(key, found);
        if self.claims.len() >= self.claims_sweep_at {
            let latest = self.latest;
            let ended = |end: Timestamp| end.after(CLAIM_GRACE) <= latest;
            self.claims.retain(|_, claim| !claim.expires_at.is_some_and(ended));
            self.claims_sweep_at = CLAIMS_SWEEP_MIN.max(self.claims.len() * 2);
        }
    }

    /// The claim that holds a key at `now`.
    pub(crate) fn holder(&self, key: &ClaimKey, now: Timestamp) -> Option<FoundClaim> {
        self.claims.get(key).filter(|claim| claim.holds_at(now)).cloned()
    }

    /// The events after a position, if they are all still in memory.
    pub(crate) fn recent(&self, after: Position, limit: usize) -> Option<Vec<Arc<RecordedEvent>>> {
        if after >= self.last {
            return Some(Vec::new());
        }
        let oldest = self.recent.events.front()?.position;
        let skipped = after.get().checked_sub(oldest.get() - 1)?;
        let skipped = usize::try_from(skipped).ok()?;
        Some(self.recent.events.iter().skip(skipped).take(limit).cloned().collect())
    }

    pub(crate) fn view(&self, stream: &StreamId) -> StreamView {
        let unwritten = self.unwritten.events.get(stream).cloned().unwrap_or_default();
        StreamView { head: self.head(stream), unwritten }
    }

    /// The file of a stream now holds `written` more events in `bytes` more bytes.
    pub(crate) fn note_written(&mut self, stream: &StreamId, written: usize, bytes: u64) {
        if let Some(head) = self.heads.get_mut(stream) {
            head.file_bytes += bytes;
        }
        let Some(lines) = self.unwritten.events.get_mut(stream) else {
            return;
        };
        let weights = lines.drain(..written).map(|event| weight(&event));
        self.unwritten.bytes -= weights.sum::<usize>();
        if lines.is_empty() {
            self.unwritten.events.remove(stream);
        }
    }
}

impl Lookup for State {
    fn version(&mut self, stream: &StreamId) -> Result<Version, EventStoreError> {
        Ok(self.head(stream).version)
    }

    fn claim(&mut self, key: &ClaimKey) -> Result<Option<FoundClaim>, EventStoreError> {
        Ok(self.claims.get(key).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(expires_at: i64) -> FoundClaim {
        let expires_at = Some(Timestamp::from_millis(expires_at));
        FoundClaim { value: "v".into(), expires_at, position: Position::new(1) }
    }

    #[test]
    fn claims_that_ended_long_ago_are_forgotten_and_others_kept() {
        let mut state = State::new(0);
        let grace = i64::try_from(CLAIM_GRACE.as_millis()).unwrap();
        state.latest = Timestamp::from_millis(grace + 100);
        for index in 0..CLAIMS_SWEEP_MIN {
            let end = if index % 2 == 0 { 100 } else { 101 };
            state.hold(ClaimKey::new("test", index.to_string()), claim(end));
        }
        assert_eq!(state.claims.len(), CLAIMS_SWEEP_MIN / 2);
        assert!(state.claims.values().all(|held| *held == claim(101)));
    }

    #[test]
    fn reading_begins_at_the_nearest_mark_before() {
        let mut state = State::new(0);
        let place = |segment, offset| Place { segment, offset };
        assert!(state.place_before(Position::new(1)).is_none());
        state.mark(Position::new(1), place(1, 90));
        state.mark(Position::new(3), place(1, 500));
        state.mark(Position::new(9), place(1, 90 + MARK_EVERY_BYTES));
        state.mark(Position::new(20), place(2, 90));
        let found = |position| {
            let place = state.place_before(Position::new(position)).unwrap();
            (place.segment, place.offset)
        };
        assert_eq!(found(8), (1, 90));
        assert_eq!(found(9), (1, 90 + MARK_EVERY_BYTES));
        assert_eq!(found(1_000), (2, 90));
    }
}

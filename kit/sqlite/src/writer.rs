//! The one thread that writes the log: it takes all groups that wait and commits them together.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use foldhash::fast::RandomState;
use kit_core::{Position, StreamId, Version};
use kit_event_store::admit::{self, Admitted, Lookup};
use kit_event_store::group::{self, Job};
use kit_event_store::{Claim, ClaimKey, EventStoreError, FoundClaim, Outcome, Transaction};
use kit_process::fault_point;
use lru::LruCache;
use rusqlite::{Connection, ErrorCode};

use crate::checkpoints::{self, Checkpoints, Failed};
use crate::index;
use crate::indexer::IndexJob;
use crate::log::{self, Chained, Inserts};
use crate::log_end::LogEnd;
use crate::open::LogFile;
use crate::read_failure::unreadable;
use crate::shared::Shared;
use crate::stream_head::StreamHead;

/// Unindexed events that start an index flush: of many events of a stream only the last one is written.
const FLUSH_EVENTS: usize = 50_000;

/// Unindexed claims that start one: each is written, so waiting for more would only make a long flush of it.
const FLUSH_CLAIMS: usize = 16_384;

/// Unindexed events at which the writer waits for the index rather than take more memory.
const UNFLUSHED_EVENTS_MAX: usize = 1_000_000;

/// Longest wait for it; after that the group is refused.
const FLUSH_WAIT_MAX: Duration = Duration::from_secs(5);

/// Time without an append after which the index is brought up to date.
const IDLE_FLUSH: Duration = Duration::from_millis(500);

/// Stream heads that the writer remembers beyond the memtables.
const HEADS_MAX: usize = 262_144;

/// The writer's own connections and caches.
pub(crate) struct Writer {
    pub(crate) log: Connection,
    /// Reads the index; the index thread writes it.
    pub(crate) index: Connection,
    pub(crate) shared: Arc<Shared>,
    pub(crate) index_jobs: SyncSender<IndexJob>,
    pub(crate) checkpoints: Checkpoints,
    pub(crate) last: Position,
    /// The chain of checksums up to the last event.
    pub(crate) chain: u32,
    pub(crate) heads: LruCache<StreamId, StreamHead, RandomState>,
}

impl Writer {
    pub(crate) fn new(
        log: LogFile,
        index: Connection,
        shared: Arc<Shared>,
        index_jobs: SyncSender<IndexJob>,
    ) -> rusqlite::Result<Self> {
        let LogFile { connection: mut log, end: LogEnd { position: last, chain, .. }, .. } = log;
        let checkpoints = Checkpoints::take_over(&mut log)?;
        let heads = LruCache::unbounded_with_hasher(RandomState::default());
        Ok(Self { log, index, shared, index_jobs, checkpoints, last, chain, heads })
    }

    /// Runs until every sender is dropped, then flushes the index.
    pub(crate) fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let first = match jobs.recv_timeout(IDLE_FLUSH) {
                Ok(job) => job,
                Err(RecvTimeoutError::Timeout) => {
                    self.flush(1, 1);
                    self.checkpoint();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            };
            // on a busy machine more groups are on the way: wait for them, so that one flush carries more
            std::thread::yield_now();
            let (groups, replies) = group::gather(first, || jobs.try_recv().ok());
            fault_point("log-writer");
            let span = replies.commit_span("sqlite");
            let answer = self.commit(groups);
            drop(span);
            replies.answer(answer);
            self.flush(FLUSH_EVENTS, FLUSH_CLAIMS);
            self.checkpoint();
        }
        // the last change may meet a flush that still runs
        if self.shared.wait_for_flush(FLUSH_WAIT_MAX) {
            self.flush(1, 1);
        }
        // so that a copy of the log file alone is a whole one; the readers that are still open would keep SQLite from it
        if let Err(error) = checkpoints::make_last(&self.log) {
            tracing::error!(%error, "log_checkpoint_failed");
        }
    }

    /// Commits groups together.
    fn commit(&mut self, groups: Vec<Vec<Transaction>>) -> Result<Vec<Outcome>, EventStoreError> {
        self.shared.refuse_when_stopped()?;
        // the lock is free again before the wait: the end of the flush needs it
        let behind = self.shared.memtables().unflushed_events() >= UNFLUSHED_EVENTS_MAX;
        if behind && !self.shared.wait_for_flush(FLUSH_WAIT_MAX) {
            return Err(EventStoreError::Unavailable("the stream index is too far behind".into()));
        }
        let last = self.last;
        let admitted = admit::admit(self, last, groups)?;
        let (written, chain) = match self.write(&admitted) {
            Ok(written) => written,
            Err(error) => return Err(self.failed(&error)),
        };
        self.shared.health.note_write(None);
        let Admitted { outcomes, claims, last } = admitted;
        (self.last, self.chain) = (last, chain);
        self.publish(written, claims);
        // only between groups: a group needs the heads of all of its streams together
        while self.heads.len() > HEADS_MAX {
            self.heads.pop_lru();
        }
        Ok(outcomes)
    }

    /// Writes the admitted events; everything or nothing is in the log afterwards, unless the commit itself failed.
    /// The answer has the chain of checksums up to the last of them.
    fn write(
        &mut self,
        admitted: &Admitted,
    ) -> rusqlite::Result<(Vec<(StreamHead, Chained)>, u32)> {
        let mut chain = self.chain;
        let change = self.log.transaction()?;
        let mut inserts = Inserts::prepare(&change)?;
        let mut written = Vec::new();
        let mut claims = admitted.claims.iter().peekable();
        let mut own = Vec::new();
        for event in admitted.events() {
            own.clear();
            while let Some((claim, _)) = claims.next_if(|(_, last)| *last == event.position) {
                own.push(claim);
            }
            let column = (!own.is_empty()).then(|| log::encode_claims(&own));
            let known = self.heads.peek_mut(&event.stream);
            let before = known.as_deref().copied();
            let head = inserts.insert(event, before, column.as_deref(), &mut chain)?;
            match known {
                Some(known) => *known = head,
                None => drop(self.heads.put(event.stream.clone(), head)),
            }
            let previous = before.map_or(Position::ZERO, |head| head.position);
            written.push((head, Chained { event: Arc::clone(event), previous }));
        }
        drop(inserts);
        change.commit()?;
        Ok((written, chain))
    }

    /// Makes a committed group visible, to look-ups and subscribers at one moment.
    fn publish(&mut self, written: Vec<(StreamHead, Chained)>, claims: Vec<(Claim, Position)>) {
        let mut memtables = self.shared.memtables_mut();
        let mut recent = self.shared.recent_mut();
        let active = memtables.active();
        for (head, chained) in &written {
            active.note_head(&chained.event.stream, *head);
        }
        for (claim, position) in claims {
            active.note_claim(claim, position);
        }
        recent.extend(written.into_iter().map(|(_, chained)| chained));
        self.shared.head.send_replace(self.last);
    }

    /// Brings the write-ahead log into the file when it is large enough. After several failures the store stops: the
    /// write-ahead log would grow without end.
    fn checkpoint(&mut self) {
        match self.checkpoints.make_if_due(&self.log) {
            None => {}
            Some(Ok(())) => self.shared.health.note_checkpoint(None),
            Some(Err(Failed { reason, is_final })) => {
                tracing::error!(reason, "log_checkpoint_failed");
                self.shared.health.note_checkpoint(Some(&reason));
                if is_final {
                    self.shared.stop(&reason);
                }
            }
        }
    }

    /// Classifies a failed write: "nothing was written", or "unknown", after which the store stops.
    fn failed(&mut self, error: &rusqlite::Error) -> EventStoreError {
        // the cache may hold heads of events that were rolled back
        self.heads.clear();
        let text = error.to_string();
        let code = error.sqlite_error_code();
        let passing = [ErrorCode::DiskFull, ErrorCode::DatabaseBusy, ErrorCode::DatabaseLocked];
        if code.is_some_and(|code| passing.contains(&code)) {
            self.shared.health.note_write(Some(&format!("events cannot be written: {text}")));
            return EventStoreError::Unavailable(text);
        }
        self.shared.stop(&text);
        EventStoreError::Unknown { reason: text, after: self.last }
    }

    /// Starts a flush of the index when enough events or claims are missing in it.
    fn flush(&mut self, events: usize, claims: usize) {
        if !self.shared.memtables().has_unflushed(events, claims) {
            return;
        }
        let Some(sealed) = self.shared.begin_flush() else { return };
        // the indexer outlives the writer; were it gone, memory would go on answering
        drop(self.index_jobs.send(IndexJob::Flush(sealed)));
    }
}

impl Lookup for Writer {
    fn version(&mut self, stream: &StreamId) -> Result<Version, EventStoreError> {
        if let Some(head) = self.heads.get(stream) {
            return Ok(head.version);
        }
        let unflushed = self.shared.memtables().head(stream);
        let found = match unflushed {
            Some(head) => Some(head),
            None => index::head(&self.index, stream).map_err(|error| unreadable(&error))?,
        };
        if let Some(head) = found {
            self.heads.put(stream.clone(), head);
        }
        Ok(found.map_or(Version::ZERO, |head| head.version))
    }

    fn claim(&mut self, key: &ClaimKey) -> Result<Option<FoundClaim>, EventStoreError> {
        if let Some(found) = self.shared.memtables().claim(key) {
            return Ok(Some(found));
        }
        if self.shared.max_keys().rule_out(key) {
            return Ok(None);
        }
        index::claim(&self.index, key).map_err(|error| unreadable(&error))
    }
}

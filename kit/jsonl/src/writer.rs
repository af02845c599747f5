//! The one thread that writes the journal: it takes all that waits, decides, and writes it with one sync.

use std::sync::Arc;

use kit_event_store::admit::{self, Admitted};
use kit_event_store::group::{self, Job};
use kit_event_store::{EventStoreError, Outcome, Transaction};
use tokio::sync::mpsc;

use crate::OnFatal;
use crate::journal::{Failure, Journal, Place};
use crate::record;
use crate::state::Shared;

/// The writer thread: it appends groups to the journal and publishes them.
pub(crate) struct Writer {
    /// Groups in the order they came.
    pub(crate) jobs: mpsc::Receiver<Job>,
    /// Where they are written.
    pub(crate) journal: Journal,
    /// What readers see.
    pub(crate) shared: Arc<Shared>,
    /// Weight of events that the stream files may lag behind.
    pub(crate) backlog_bytes_max: usize,
    /// Told when the journal can no longer be trusted.
    pub(crate) on_fatal: OnFatal,
}

impl Writer {
    /// Runs until every sender of groups is dropped.
    pub(crate) fn run(mut self) {
        let mut stopped = None;
        while let Some(first) = self.jobs.blocking_recv() {
            let (groups, replies) = self.gather(first);
            if let Some(reason) = &stopped {
                replies.answer(Err(EventStoreError::Stopped(String::clone(reason))));
                continue;
            }
            let span = replies.commit_span("jsonl");
            let answer = self.commit(groups);
            drop(span);
            if let Err(EventStoreError::Unknown { reason, .. }) = &answer {
                self.shared.stop(reason);
                stopped = Some(reason.clone());
            }
            replies.answer(answer);
            if let Some(reason) = &stopped {
                (self.on_fatal)(reason);
            }
        }
    }

    /// A group and those that wait behind it, as many as may wait at most.
    fn gather(&mut self, first: Job) -> (Vec<Vec<Transaction>>, group::Replies) {
        let mut room = self.jobs.max_capacity();
        group::gather(first, || {
            room -= 1;
            if room == 0 { None } else { self.jobs.try_recv().ok() }
        })
    }

    fn commit(&mut self, groups: Vec<Vec<Transaction>>) -> Result<Vec<Outcome>, EventStoreError> {
        self.wait_for_stream_files()?;
        let mut state = self.shared.lock();
        let last = state.last;
        let admitted = admit::admit(&mut *state, last, groups)?;
        drop(state);
        if admitted.claims.is_empty() && admitted.events().next().is_none() {
            return Ok(admitted.outcomes);
        }
        let body = record::encode_group(admitted.events(), &admitted.claims).map_err(|error| {
            EventStoreError::Unavailable(format!("cannot encode events: {error}"))
        })?;
        let place = self.journal.append(&body, last).map_err(|failure| match failure {
            Failure::Refused(error) => {
                let reason =
                    format!("the journal cannot be written, free some disk space: {error}");
                self.shared.health.note_write(Some(&reason));
                EventStoreError::Unavailable(reason)
            }
            Failure::Fatal { action, source } => {
                let reason = format!("cannot {action}: {source}");
                EventStoreError::Unknown { reason, after: last }
            }
        })?;
        self.shared.health.note_write(None);
        self.publish(&admitted, place);
        Ok(admitted.outcomes)
    }

    /// Makes what is durable visible, to readers and subscribers at one moment.
    fn publish(&self, admitted: &Admitted, place: Place) {
        let mut state = self.shared.lock();
        state.apply(admitted, place);
        self.shared.head.send_replace(admitted.last);
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Keeps the events that only memory holds within bounds.
    fn wait_for_stream_files(&self) -> Result<(), EventStoreError> {
        let mut state = self.shared.lock();
        while state.unwritten.bytes > self.backlog_bytes_max {
            if let Some(failure) = &state.unwritten.failure {
                return Err(EventStoreError::Unavailable(format!(
                    "the stream files lag too far behind and cannot be written: {failure}"
                )));
            }
            self.shared.wait(&mut state);
        }
        Ok(())
    }
}

//! The one thread that writes the journal: it takes all that waits, decides, and writes it with one sync.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::OnFatal;
use crate::journal::{Failure, Journal, Place};
use crate::record;
use crate::state::Shared;
use kit_event_store::admit::{self, Admitted};
use kit_event_store::{EventStoreError, Outcome, Transaction};

type Answer = Result<Vec<Outcome>, EventStoreError>;

/// One call of `append`.
#[derive(Debug)]
pub(crate) struct Call {
    /// What to append.
    pub(crate) transactions: Vec<Transaction>,
    /// Where the outcomes go; the receiver may be gone.
    pub(crate) answer: oneshot::Sender<Answer>,
}

impl Call {
    fn bytes(&self) -> usize {
        let appends = self.transactions.iter().flat_map(|transaction| &transaction.appends);
        appends.flat_map(|append| &append.events).map(|event| event.data.len()).sum()
    }
}

/// The writer thread: it appends groups to the journal and publishes them.
pub(crate) struct Writer {
    /// Calls in the order they came.
    pub(crate) calls: mpsc::Receiver<Call>,
    /// Where they are written.
    pub(crate) journal: Journal,
    /// What readers see.
    pub(crate) shared: Arc<Shared>,
    /// Event data after which a group takes no further call.
    pub(crate) group_bytes_max: usize,
    /// Weight of events that the stream files may lag behind.
    pub(crate) backlog_bytes_max: usize,
    /// Told when the journal can no longer be trusted.
    pub(crate) on_fatal: OnFatal,
}

impl Writer {
    /// Runs until every sender of calls is dropped.
    pub(crate) fn run(mut self) {
        let mut stopped = None;
        while let Some(call) = self.calls.blocking_recv() {
            if let Some(reason) = &stopped {
                answer_all(vec![call.answer], &EventStoreError::Stopped(String::clone(reason)));
                continue;
            }
            let (answers, counts, groups) = self.gather(call);
            match self.commit(groups) {
                Ok(outcomes) => answer_each(answers, &counts, outcomes),
                Err(error) => {
                    if let EventStoreError::Unknown { reason, .. } = &error {
                        self.shared.stop(reason);
                        stopped = Some(reason.clone());
                    }
                    answer_all(answers, &error);
                    if let Some(reason) = &stopped {
                        (self.on_fatal)(reason);
                    }
                }
            }
        }
    }

    /// A call and the ones that wait behind it, to be written together.
    fn gather(
        &mut self,
        first: Call,
    ) -> (Vec<oneshot::Sender<Answer>>, Vec<usize>, Vec<Vec<Transaction>>) {
        let mut bytes = 0;
        let (mut answers, mut counts, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        let mut next = Some(first);
        while let Some(call) = next {
            bytes += call.bytes();
            answers.push(call.answer);
            counts.push(call.transactions.len());
            groups.push(call.transactions);
            next = if bytes < self.group_bytes_max && answers.len() < self.calls.max_capacity() {
                self.calls.try_recv().ok()
            } else {
                None
            };
        }
        (answers, counts, groups)
    }

    fn commit(&mut self, groups: Vec<Vec<Transaction>>) -> Answer {
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

/// A dropped receiver is no error: the transactions are written all the same.
fn answer_all(answers: Vec<oneshot::Sender<Answer>>, error: &EventStoreError) {
    for answer in answers {
        answer.send(Err(error.clone())).ok();
    }
}

fn answer_each(answers: Vec<oneshot::Sender<Answer>>, counts: &[usize], outcomes: Vec<Outcome>) {
    let mut outcomes = outcomes.into_iter();
    for (answer, count) in answers.into_iter().zip(counts) {
        answer.send(Ok(outcomes.by_ref().take(*count).collect())).ok();
    }
}

//! Where appends wait for the one task that writes them.

use std::sync::Arc;

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};

use super::state::LogState;
use crate::group::Job;
use crate::port::EventStoreError;
use crate::transaction::{Outcome, Transaction};

/// Append calls that may wait for the writer; beyond that a call is refused as unavailable.
const APPEND_QUEUE: usize = 1_024;

/// Hands appends to the writer. The writer ends when this is dropped and what waits is written.
#[derive(Debug)]
pub struct AppendQueue {
    jobs: mpsc::Sender<Job>,
    state: Arc<LogState>,
}

/// A queue, and the end of it that [`write_groups`](super::write_groups) takes.
#[must_use]
pub fn append_queue(state: Arc<LogState>) -> (AppendQueue, mpsc::Receiver<Job>) {
    let (jobs, waiting) = mpsc::channel(APPEND_QUEUE);
    (AppendQueue { jobs, state }, waiting)
}

impl AppendQueue {
    /// Appends a group, in the order of the first polls. It is written even if the caller goes away.
    pub async fn append(
        &self,
        transactions: Vec<Transaction>,
    ) -> Result<Vec<Outcome>, EventStoreError> {
        let (reply, answer) = oneshot::channel();
        let after = self.state.head();
        self.jobs.try_send(Job::new(transactions, reply)).map_err(|error| match error {
            TrySendError::Full(_) => {
                EventStoreError::Unavailable("the append queue is full".to_owned())
            }
            TrySendError::Closed(_) => {
                EventStoreError::Stopped("the event store is closed".to_owned())
            }
        })?;
        // the writer only drops a reply when it panics during a commit, or with the runtime
        let lost =
            |_| EventStoreError::Unknown { reason: "the log writer went away".to_owned(), after };
        answer.await.map_err(lost)?
    }
}

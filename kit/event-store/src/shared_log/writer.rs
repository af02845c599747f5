//! The one task that appends: it takes all groups that wait and has the database write them together.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::Position;
use tokio::sync::mpsc;

use super::state::LogState;
use crate::group::{self, Job};
use crate::port::EventStoreError;
use crate::transaction::{Outcome, Transaction};

/// How often a group is sent that others made fail.
const TRIES: u32 = 5;

/// Pause before it is sent again, growing with each try.
const PAUSE: Duration = Duration::from_millis(20);

/// What became of a group that was not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It was rolled back because of what others did at the same time: it may work when it is repeated.
    ByOthers,
    /// It was rolled back, or never sent.
    NothingWritten,
    /// The connection ended before the answer: it may have been written.
    Unknown,
}

/// Why a group was not written, as far as that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What became of the group.
    pub became: Failed,
    /// For people.
    pub reason: String,
}

/// A connection to a database that appends groups, each in one transaction.
#[async_trait]
pub trait GroupAppender: Send {
    /// What the database is, as OpenTelemetry calls it.
    const SYSTEM: &'static str;

    /// Groups in the form in which they are sent.
    type Prepared: Send + Sync;
    /// What the database says of them.
    type Answer: Send;

    /// Brings the groups of one commit into that form.
    fn prepare(&self, groups: Vec<Vec<Transaction>>) -> Self::Prepared;

    /// Has the database append them.
    async fn send(&mut self, prepared: &Self::Prepared) -> Result<Self::Answer, Failure>;

    /// The outcomes of the transactions, and the end of the log after them.
    fn outcomes(
        &self,
        prepared: Self::Prepared,
        answer: Self::Answer,
    ) -> Result<(Vec<Outcome>, Position), EventStoreError>;

    /// Gives the connection up, with which the server may still write.
    fn lose_connection(&mut self);
}

/// Appends what waits, until every sender is dropped.
pub async fn write_groups<A: GroupAppender>(
    mut appender: A,
    state: Arc<LogState>,
    mut jobs: mpsc::Receiver<Job>,
) {
    while let Some(first) = jobs.recv().await {
        // other callers may be about to send: one commit then carries more
        tokio::task::yield_now().await;
        let (groups, replies) = group::gather(first, || jobs.try_recv().ok());
        let committing = commit(&mut appender, &state, groups);
        let answer = kit_trace::traced(replies.commit_span(A::SYSTEM), committing).await;
        replies.answer(answer);
    }
}

async fn commit(
    appender: &mut impl GroupAppender,
    state: &LogState,
    groups: Vec<Vec<Transaction>>,
) -> Result<Vec<Outcome>, EventStoreError> {
    let after = state.head();
    let prepared = appender.prepare(groups);
    let answer = match send(appender, &prepared).await {
        Ok(answer) => answer,
        Err(Failure { became, reason }) => {
            state.note_write(Some(&format!("events cannot be written: {reason}")));
            if became != Failed::Unknown {
                return Err(EventStoreError::Unavailable(reason));
            }
            appender.lose_connection();
            return Err(EventStoreError::Unknown { reason, after });
        }
    };
    state.note_write(None);
    let (outcomes, end) = appender.outcomes(prepared, answer)?;
    state.saw(end);
    Ok(outcomes)
}

/// Has the database append a group, again when others made it fail.
async fn send<A: GroupAppender>(
    appender: &mut A,
    prepared: &A::Prepared,
) -> Result<A::Answer, Failure> {
    let mut tries = 1;
    loop {
        let failure = match appender.send(prepared).await {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        if failure.became != Failed::ByOthers || tries == TRIES {
            return Err(failure);
        }
        tracing::warn!(reason = failure.reason, tries, "append_repeated");
        tokio::time::sleep(PAUSE * tries).await;
        tries += 1;
    }
}

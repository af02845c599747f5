//! The one task that appends: it takes all groups that wait and sends them together.

use std::sync::Arc;
use std::time::Duration;

use kit_core::Position;
use kit_event_store::group::{self, Job};
use kit_event_store::{EventStoreError, Outcome, Transaction};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_postgres::{Error, Row, Statement};

use crate::database::{Database, STATEMENT_MAX};
use crate::errors::{Failed, told, what_became};
use crate::group::{Prepared, prepare};
use crate::group_rows::{APPEND_GROUP, GroupRows};
use crate::lost::Backend;
use crate::outcomes::outcomes;
use crate::session::Session;
use crate::shared::Shared;

/// How often a group is sent that others made fail.
const TRIES: u32 = 5;

/// Pause before it is sent again, growing with each try.
const PAUSE: Duration = Duration::from_millis(20);

/// Longest wait for an answer. The database gives up earlier, unless it hangs or the way to it does, or the commit waits
/// for a replica.
const ANSWER_WAIT_MAX: Duration = STATEMENT_MAX.saturating_mul(2);

/// The writer task's connection and what it shares.
pub(crate) struct Writer {
    database: Database,
    shared: Arc<Shared>,
    open: Option<Appending>,
}

/// A connection that appends.
struct Appending {
    session: Session,
    append: Statement,
    backend: Backend,
}

/// Why a group was not written, as far as that is known.
struct Failure {
    became: Failed,
    reason: String,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { became: what_became(&error), reason: told(&error) }
    }
}

impl Writer {
    pub(crate) fn new(database: Database, shared: Arc<Shared>) -> Self {
        Self { database, shared, open: None }
    }

    /// Runs until every sender is dropped.
    pub(crate) async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        while let Some(first) = jobs.recv().await {
            // other callers may be about to send: one commit then carries more
            tokio::task::yield_now().await;
            let (groups, replies) = group::gather(first, || jobs.try_recv().ok());
            replies.answer(self.commit(groups).await);
        }
    }

    async fn commit(
        &mut self,
        groups: Vec<Vec<Transaction>>,
    ) -> Result<Vec<Outcome>, EventStoreError> {
        let after = *self.shared.head.borrow();
        let group = prepare(groups);
        let answer = match self.send(&group).await {
            Ok(answer) => answer,
            Err(failure) => return Err(self.failed(failure, after)),
        };
        self.shared.writes.note_write(None);
        let (outcomes, end) = outcomes(group, &answer)?;
        self.shared.saw(end);
        Ok(outcomes)
    }

    /// Has the database append a group, again when others made it fail.
    async fn send(&mut self, group: &[Prepared]) -> Result<Row, Failure> {
        let rows = GroupRows::of(group);
        let mut tries = 1;
        loop {
            let failure = match self.send_once(&rows).await {
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

    async fn send_once(&mut self, rows: &GroupRows<'_>) -> Result<Row, Failure> {
        let Appending { session, append, .. } = self.connected().await?;
        let arguments = rows.arguments();
        let answer = session.client.query_one(&*append, &arguments);
        match timeout(ANSWER_WAIT_MAX, answer).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Failure {
                became: Failed::Unknown,
                reason: format!("no answer within {} s", ANSWER_WAIT_MAX.as_secs()),
            }),
        }
    }

    /// The connection, opened anew when it was lost.
    async fn connected(&mut self) -> Result<&mut Appending, Failure> {
        let usable = self.open.take().filter(|open| !open.session.client.is_closed());
        let open = match usable {
            Some(open) => open,
            // whatever fails here, nothing was sent yet
            None => self.connect().await.map_err(|reason| {
                let reason = format!("cannot connect to the database: {reason}");
                Failure { became: Failed::NothingWritten, reason }
            })?,
        };
        Ok(self.open.insert(open))
    }

    async fn connect(&self) -> Result<Appending, String> {
        let session = Session::open(&self.database).await.map_err(|error| told(&error))?;
        let client = &session.client;
        // groups are applied in the order in which they were begun
        match self.shared.lost.end_all(client).await {
            Ok(true) => {}
            Ok(false) => return Err("a lost connection still writes".to_owned()),
            Err(error) => return Err(told(&error)),
        }
        let backend = Backend::of(client).await.map_err(|error| told(&error))?;
        let append = client.prepare(APPEND_GROUP).await.map_err(|error| told(&error))?;
        Ok(Appending { session, append, backend })
    }

    fn failed(&mut self, failure: Failure, after: Position) -> EventStoreError {
        let Failure { became, reason } = failure;
        self.shared.writes.note_write(Some(&format!("events cannot be written: {reason}")));
        if became == Failed::Unknown {
            if let Some(open) = self.open.take() {
                self.shared.lost.add(open.backend);
            }
            return EventStoreError::Unknown { reason, after };
        }
        EventStoreError::Unavailable(reason)
    }
}

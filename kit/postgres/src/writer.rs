//! The connection that appends: a group is one call of a function in the database.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::Position;
use kit_event_store::shared_log::{Failed, Failure, GroupAppender};
use kit_event_store::{EventStoreError, Outcome, Transaction};
use tokio::time::timeout;
use tokio_postgres::{Row, Statement};

use crate::database::{Database, STATEMENT_MAX};
use crate::errors::{failure, told};
use crate::group::{Prepared, prepare};
use crate::group_rows::{APPEND_GROUP, GroupRows};
use crate::lost::Backend;
use crate::outcomes::outcomes;
use crate::session::Session;
use crate::shared::Shared;

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

#[async_trait]
impl GroupAppender for Writer {
    const SYSTEM: &'static str = "postgresql";

    type Prepared = Vec<Prepared>;
    type Answer = Row;

    fn prepare(&self, groups: Vec<Vec<Transaction>>) -> Vec<Prepared> {
        prepare(groups)
    }

    async fn send(&mut self, group: &Vec<Prepared>) -> Result<Row, Failure> {
        let rows = GroupRows::of(group);
        let Appending { session, append, .. } = self.connected().await?;
        let arguments = rows.arguments();
        let answer = session.client.query_one(&*append, &arguments);
        match timeout(ANSWER_WAIT_MAX, answer).await {
            Ok(answer) => answer.map_err(|error| failure(&error)),
            Err(_) => Err(Failure {
                became: Failed::Unknown,
                reason: format!("no answer within {} s", ANSWER_WAIT_MAX.as_secs()),
            }),
        }
    }

    fn outcomes(
        &self,
        group: Vec<Prepared>,
        answer: Row,
    ) -> Result<(Vec<Outcome>, Position), EventStoreError> {
        outcomes(group, &answer)
    }

    fn lose_connection(&mut self) {
        if let Some(open) = self.open.take() {
            self.shared.lost.add(open.backend);
        }
    }
}

impl Writer {
    pub(crate) fn new(database: Database, shared: Arc<Shared>) -> Self {
        Self { database, shared, open: None }
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
}

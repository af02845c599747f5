//! The connection that appends: who has the log's row writes.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::Position;
use kit_event_store::admit::Admitted;
use kit_event_store::shared_log::{Failed, Failure, GroupAppender};
use kit_event_store::{EventStoreError, Outcome, Transaction};

use crate::database::Database;
use crate::session::Session;
use crate::shared::Shared;

/// The writer task's connection and what it shares.
pub(crate) struct Writer {
    database: Database,
    shared: Arc<Shared>,
    open: Option<Session>,
}

#[async_trait]
impl GroupAppender for Writer {
    const SYSTEM: &'static str = "mysql";

    type Prepared = Vec<Vec<Transaction>>;
    type Answer = Admitted;

    fn prepare(&self, groups: Vec<Vec<Transaction>>) -> Self::Prepared {
        groups
    }

    async fn send(&mut self, groups: &Self::Prepared) -> Result<Admitted, Failure> {
        let session = self.connected().await?;
        let appended = session.append(groups).await;
        if !session.is_usable {
            self.lose_connection();
        }
        appended
    }

    fn outcomes(
        &self,
        _groups: Self::Prepared,
        admitted: Admitted,
    ) -> Result<(Vec<Outcome>, Position), EventStoreError> {
        Ok((admitted.outcomes, admitted.last))
    }

    fn lose_connection(&mut self) {
        if let Some(open) = self.open.take() {
            self.shared.lost.add(open.mark);
        }
    }
}

impl Writer {
    pub(crate) fn new(database: Database, shared: Arc<Shared>) -> Self {
        Self { database, shared, open: None }
    }

    /// The connection, opened anew when it was lost.
    async fn connected(&mut self) -> Result<&mut Session, Failure> {
        let open = match self.open.take() {
            Some(open) => open,
            // whatever fails here, nothing was sent yet
            None => Session::open(&self.database, &self.shared).await.map_err(|reason| {
                let reason = format!("cannot connect to the database: {reason}");
                Failure { became: Failed::NothingWritten, reason }
            })?,
        };
        Ok(self.open.insert(open))
    }
}

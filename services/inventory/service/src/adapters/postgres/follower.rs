//! One process follows the log for all: each tries to take the view over, and the one that has it writes until its term ends.

use std::sync::Arc;
use std::time::Duration;

use kit_core::{Clock, Position};
use kit_event_store::EventStore;
use kit_event_store::projection::{self, Projection, ProjectionError, Tracker};
use kit_postgres::Connections;
use kit_postgres::views::{LEASE, SharedView, Term};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::tables::Tables;
use super::write::{PostgresWriter, Told, unwritable};

/// How often a process that does not follow tries to.
const TRY_EVERY: Duration = Duration::from_secs(1);

/// How often a lease is renewed.
const RENEW_EVERY: Duration = Duration::from_millis(1_500);

/// Longest wait for a log to show what the view has: another process may have written it a moment ago.
const LOG_WAIT: Duration = Duration::from_secs(5);

/// What it takes to follow the log for a view.
pub(crate) struct Follower {
    pub(crate) view: SharedView,
    pub(crate) connections: Connections,
    pub(crate) log: Arc<dyn EventStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) schema: String,
}

/// A term that has begun, and its writer. The lease is renewed until this is dropped, or the term is over.
pub(crate) struct Begun {
    pub(crate) term: Term,
    pub(crate) writer: PostgresWriter,
    over: CancellationToken,
    renewal: Renewal,
}

/// The task that renews a lease; ends with this value.
struct Renewal(AbortHandle);

impl Drop for Renewal {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Follower {
    /// Takes the view over if nobody has it; one that is not of this log is emptied first.
    pub(crate) async fn take_over(&self) -> Result<Option<Term>, ProjectionError> {
        let mut client = self.connections.client().await?;
        let change = client.transaction().await.map_err(unwritable)?;
        let taken = self.view.take_over(&change).await.map_err(unwritable)?;
        let Some(mut term) = taken else { return Ok(None) };
        if !self.belongs(&term).await? {
            tracing::info!(view = self.view.name, "view_is_built_anew");
            let generation = term.state.generation;
            Tables::of(generation).empty(&change).await.map_err(unwritable)?;
            let begun = self.view.begin_anew(&change, &mut term, generation).await;
            begun.map_err(unwritable)?;
        }
        change.commit().await.map_err(unwritable)?;
        Ok(Some(term))
    }

    /// Whether a view can be continued from the log of this process.
    async fn belongs(&self, term: &Term) -> Result<bool, ProjectionError> {
        let found = term.state;
        if found.schema_version > self.view.schema_version {
            return Err(ProjectionError::View(format!(
                "the views in the schema {} were made by a newer version of the program: use that one",
                self.schema
            )));
        }
        if found.mark.incarnation == self.log.incarnation() {
            let mut head = self.log.head();
            let there = head.wait_for(|head| *head >= found.mark.position);
            // who wrote it alone knows where it ends
            let wait = if self.log.is_exclusive() { Duration::ZERO } else { LOG_WAIT };
            drop(timeout(wait, there).await);
        }
        let derived = format!("the views in the schema {}", self.schema);
        let same_meaning = found.schema_version == self.view.schema_version;
        Ok(found.mark.belongs_to(self.log.end(), &derived)? && same_meaning)
    }

    /// Begins to write in a term, until `over` is cancelled.
    pub(crate) async fn begin(
        &self,
        term: Term,
        told: Option<Told>,
        over: CancellationToken,
    ) -> Result<Begun, ProjectionError> {
        let renewal = renew(self.connections.clone(), term.clone(), over.clone());
        let renewal = Renewal(tokio::spawn(renewal).abort_handle());
        let (connections, clock) = (self.connections.clone(), Arc::clone(&self.clock));
        let writer = PostgresWriter::begin(connections, term.clone(), clock, told).await?;
        Ok(Begun { term, writer, over, renewal })
    }

    /// Writes until the term is over.
    pub(crate) async fn follow(&self, begun: Begun, tracker: Tracker) {
        tracing::info!(view = self.view.name, "view_is_followed_by_this_process");
        let Begun { term, writer, over, renewal } = begun;
        let writer: Box<dyn Projection> = Box::new(writer);
        projection::follow(Arc::clone(&self.log) as _, writer, tracker, over).await;
        drop(renewal);
        self.release(&term).await;
    }

    /// Lets another process take over at once.
    pub(crate) async fn release(&self, term: &Term) {
        let Ok(client) = self.connections.client().await else { return };
        // otherwise the lease runs out
        drop(term.release(&client).await);
    }

    /// Follows whenever no other process does, until told to stop.
    pub(crate) async fn run(
        &self,
        first: Option<Begun>,
        told: impl Fn() -> Told,
        tracker: Tracker,
        stop: CancellationToken,
    ) {
        let mut begun = first;
        while !stop.is_cancelled() {
            match begun.take() {
                Some(begun) => self.follow(begun, tracker.clone()).await,
                None => drop(stop.run_until_cancelled(sleep(TRY_EVERY)).await),
            }
            if !stop.is_cancelled() {
                begun = self.try_begin(&told, stop.child_token()).await;
            }
        }
        if let Some(begun) = begun {
            self.release(&begun.term).await;
        }
    }

    async fn try_begin(&self, told: impl Fn() -> Told, over: CancellationToken) -> Option<Begun> {
        let begun = async {
            let Some(term) = self.take_over().await? else { return Ok(None) };
            self.begin(term, Some(told()), over).await.map(Some)
        };
        let begun: Result<_, ProjectionError> = begun.await;
        begun.unwrap_or_else(|error| {
            tracing::error!(view = self.view.name, %error, "view_not_taken_over");
            None
        })
    }

    /// Brings a view whose term has begun to the end of the log.
    pub(crate) async fn catch_up(&self, begun: &mut Begun) -> Result<Position, ProjectionError> {
        projection::catch_up(self.log.as_ref(), &mut begun.writer).await
    }
}

/// Renews the lease of a term until it is over. One that cannot be renewed in time counts as lost first.
async fn renew(connections: Connections, term: Term, over: CancellationToken) {
    let mut good_until = Instant::now() + LEASE;
    loop {
        sleep(RENEW_EVERY).await;
        let began = Instant::now();
        let renewed = renew_once(&connections, &term);
        match timeout(good_until.saturating_duration_since(began), renewed).await {
            Ok(Ok(true)) => good_until = began + LEASE,
            Ok(Err(_)) if Instant::now() < good_until => {}
            _ => {
                tracing::warn!(view = term.view(), "view_is_not_followed_by_this_process_any_more");
                over.cancel();
                return;
            }
        }
    }
}

async fn renew_once(connections: &Connections, term: &Term) -> Result<bool, ProjectionError> {
    let client = connections.client().await?;
    term.renew(&client).await.map_err(unwritable)
}

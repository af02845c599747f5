//! Rebuilding: the spare tables are filled while the present ones serve, compared with them at one position, and switched to.
//!
//! The spare tables are a view of their own with a lease and an epoch, so that one process rebuilds at a time, and one that was
//! paused meanwhile changes nothing.

use std::time::Duration;

use async_trait::async_trait;
use kit_core::Position;
use kit_event_store::projection::{self, ProjectionError};
use kit_postgres::Transaction;
use kit_postgres::views::Term;
use tokio_util::sync::CancellationToken;

use super::PostgresReadModel;
use super::compare::Comparison;
use super::follower::Begun;
use super::tables::{Tables, VIEW};
use super::write::unwritable;
use crate::use_cases::{ReadModelRebuild, RebuildError, RebuildPhase, Rebuilt, ToldOfRebuild};

/// How often the new tables are brought to where the present ones stand, which go on: each time takes a fraction of the one
/// before.
const PASSES: u32 = 3;

/// Longest wait until the present tables show what is in the log when a rebuild begins.
const PRESENT_WAIT: Duration = Duration::from_secs(5);

#[async_trait]
impl ReadModelRebuild for PostgresReadModel {
    async fn rebuild(
        &self,
        force: bool,
        told: &ToldOfRebuild<'_>,
    ) -> Result<Rebuilt, RebuildError> {
        let _one = self.rebuilding.try_lock().map_err(|_| RebuildError::Running)?;
        let term = self.take_spare().await?.ok_or(RebuildError::Running)?;
        let rebuilt = self.rebuild_in(&term, force, told).await;
        // the tables that nobody reads from now on
        if let Err(error) = self.empty_spare(&term).await {
            tracing::warn!(%error, "spare_tables_not_emptied");
        }
        self.follower.release(&term).await;
        Ok(rebuilt?)
    }
}

impl PostgresReadModel {
    /// Takes over the spare tables if no other process rebuilds, and empties them.
    async fn take_spare(&self) -> Result<Option<Term>, ProjectionError> {
        let view = self.next_view();
        let mut client = self.follower.connections.client().await?;
        let change = client.transaction().await.map_err(unwritable)?;
        let taken = view.take_over(&change).await.map_err(unwritable)?;
        let Some(mut term) = taken else { return Ok(None) };
        let begun = async {
            let next = present_generation(&change).await? + 1;
            Tables::of(next).empty(&change).await?;
            view.begin_anew(&change, &mut term, next).await?;
            change.commit().await
        };
        begun.await.map_err(unwritable)?;
        Ok(Some(term))
    }

    async fn rebuild_in(
        &self,
        term: &Term,
        force: bool,
        told: &ToldOfRebuild<'_>,
    ) -> Result<Rebuilt, ProjectionError> {
        let over = CancellationToken::new();
        let mut next = self.follower.begin(term.clone(), None, over).await?;
        let rebuilt = self.build_and_compare(&mut next, told).await?;
        if rebuilt.identical || force {
            self.switch(&mut next).await?;
        }
        Ok(rebuilt)
    }

    async fn build_and_compare(
        &self,
        next: &mut Begun,
        told: &ToldOfRebuild<'_>,
    ) -> Result<Rebuilt, ProjectionError> {
        let (log, progress) = (self.follower.log.as_ref(), &self.source.progress);
        // what is in the log now is compared, unless the present view stands still
        let head = *log.head().borrow();
        progress.reach(head, PRESENT_WAIT).await;
        let reached = |position| told(RebuildPhase::Building { position, end: head });
        for _ in 0..PASSES {
            projection::catch_up_to(log, &mut next.writer, progress.position(), reached).await?;
        }
        told(RebuildPhase::Comparing);
        let present = Comparison::begin(&self.follower.connections).await?;
        projection::catch_up_to(log, &mut next.writer, present.position, |_| {}).await?;
        present.end(&self.follower.connections, next.term.state.generation).await
    }

    /// Reads from the new tables as soon as they show all that the present ones have shown: the present ones may have gone on
    /// since they were compared, and no reader may go back in time.
    async fn switch(&self, next: &mut Begun) -> Result<(), ProjectionError> {
        let log = self.follower.log.as_ref();
        for _ in 0..PASSES {
            let shown = self.source.progress.position();
            projection::catch_up_to(log, &mut next.writer, shown, |_| {}).await?;
        }
        let mut client = self.follower.connections.client().await?;
        let change = client.transaction().await.map_err(unwritable)?;
        // from here on the present tables stand still
        let shown = present_position(&change).await.map_err(unwritable)?;
        projection::catch_up_to(log, &mut next.writer, shown, |_| {}).await?;
        let switched = async {
            next.term.replace(&change, VIEW).await?;
            change.commit().await
        };
        switched.await.map_err(unwritable)
    }

    /// Empties the tables that the present generation has not.
    async fn empty_spare(&self, term: &Term) -> Result<(), ProjectionError> {
        let mut client = self.follower.connections.client().await?;
        let change = client.transaction().await.map_err(unwritable)?;
        let emptied = async {
            if term.superseded_by(&change).await?.is_none() {
                let spare = present_generation(&change).await? + 1;
                Tables::of(spare).empty(&change).await?;
            }
            change.commit().await
        };
        emptied.await.map_err(unwritable)
    }
}

async fn present_generation(change: &Transaction<'_>) -> Result<i64, tokio_postgres::Error> {
    let sql = "SELECT generation FROM views_follower WHERE name = $1";
    change.query_one(sql, &[&VIEW]).await?.try_get(0)
}

/// Where the present tables stand. Their follower waits until the transaction ends.
async fn present_position(change: &Transaction<'_>) -> Result<Position, tokio_postgres::Error> {
    let sql = "SELECT position FROM views_follower WHERE name = $1 FOR UPDATE";
    let position: i64 = change.query_one(sql, &[&VIEW]).await?.try_get(0)?;
    Ok(Position::new(u64::try_from(position).unwrap_or_default()))
}

//! Batches of tills as sagas: what a till has sold has happened, so that they are retried and never cancelled.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory_domain::{PosBatch, PosBatchId, Reason};
use kit_core::{Caller, Position, Scope};
use kit_process_manager::DriveError;
use kit_service::{ReadError, Slice};
use uuid::Uuid;

use super::kinds::SagasOfKind;
use super::{Saga, SagaError, SagaFilter, SagaHistory, SagaKind};
use crate::process_managers::pos_batches::{PosBatchFilter, PosBatchProcess, PosBatches};

#[async_trait]
impl SagasOfKind for Arc<PosBatches> {
    fn kind(&self) -> SagaKind {
        SagaKind::PosBatch
    }

    /// The list has no lines of batches, of which each may have thousands: how one stands is read from its own stream.
    async fn list(&self, filter: &SagaFilter) -> Result<Slice<Saga, Uuid>, ReadError> {
        let SagaFilter { kind: _, stuck, ended, scope, after, limit } = filter.clone();
        let (unfinished, delayed) = (!ended, stuck);
        let after = after.map(PosBatchId::from_uuid);
        let filter = PosBatchFilter { scope, unfinished, delayed, after, limit };
        let Slice { items, next } = self.batches(filter).await?;
        let mut sagas = Vec::with_capacity(items.len());
        for listed in items {
            let Some(at) = PosBatches::find(self, listed.id).await? else { continue };
            let named = (SagaKind::PosBatch, listed.id.as_uuid());
            let times = (listed.created_at, listed.since);
            sagas.push(Saga::of::<PosBatchProcess>(named, &at.batch, at.version, times));
        }
        Ok(Slice { items: sagas, next: next.map(|last| last.as_uuid()) })
    }

    async fn reach(&self, position: Position) -> Result<(), ReadError> {
        PosBatches::reach(self, position).await
    }

    async fn find(&self, id: Uuid, scope: &Scope) -> Result<Option<SagaHistory>, ReadError> {
        let sees = |batch: &PosBatch| {
            batch.terms().is_some_and(|terms| scope.allows(terms.store.as_uuid()))
        };
        let found = PosBatches::find(self, PosBatchId::from_uuid(id)).await?;
        let Some(at) = found.filter(|at| sees(&at.batch)) else { return Ok(None) };
        let events = self.history(&at).await?;
        let (named, place) = ((SagaKind::PosBatch, id), (at.version, at.position));
        Ok(Some(SagaHistory::of::<PosBatchProcess>(named, &at.batch, place, events)))
    }

    async fn retry(&self, id: Uuid) -> Result<(), DriveError> {
        PosBatches::retry(self, PosBatchId::from_uuid(id)).await
    }

    async fn cancel(&self, _: Uuid, _: Option<Reason>, _: Caller) -> Result<(), SagaError> {
        Err(SagaError::Final("what the till has sold has left the store"))
    }

    fn is_busy(&self, _: &SagaError) -> bool {
        false
    }
}

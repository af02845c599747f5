//! What is particular about the sagas of each kind.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory_domain::{
    CancelCheckout, CancelStocktake, CancelTransfer, CheckoutCommand, CheckoutId, CheckoutRefusal,
    Reason, ReleaseSplitReservation, SplitRefusal, SplitReservationCommand, SplitReservationId,
    StocktakeCommand, StocktakeId, StocktakeRefusal, TransferCommand, TransferId, TransferRefusal,
};
use kit_core::{Caller, Position, Scope};
use kit_process_manager::DriveError;
use kit_service::{ReadError, Slice};
use uuid::Uuid;

use super::{Saga, SagaError, SagaFilter, SagaHistory, SagaKind};
use crate::process_managers::checkouts::{CheckoutError, CheckoutProcess, Checkouts};
use crate::process_managers::driven::Driven;
use crate::process_managers::process_list::{Listed, ListedProcess, ProcessFilter};
use crate::process_managers::split_reservations::{
    SplitReservationError, SplitReservationProcess, SplitReservations,
};
use crate::process_managers::stocktakes::{StocktakeError, StocktakeProcess, Stocktakes};
use crate::process_managers::transfers::{
    ListedTransfer, TransferError, TransferFilter, TransferProcess, Transfers,
};

/// The sagas of one kind.
#[async_trait]
pub(super) trait SagasOfKind: Send + Sync {
    /// Which kind.
    fn kind(&self) -> SagaKind;

    /// Those that are wanted, newest first; the kind that is wanted is this one.
    async fn list(&self, filter: &SagaFilter) -> Result<Slice<Saga, Uuid>, ReadError>;

    /// Waits until the list has a position.
    async fn reach(&self, position: Position) -> Result<(), ReadError>;

    /// One of them, if it is one and within a scope.
    async fn find(&self, id: Uuid, scope: &Scope) -> Result<Option<SagaHistory>, ReadError>;

    /// Performs what is next at once.
    async fn retry(&self, id: Uuid) -> Result<(), DriveError>;

    /// Has what was done compensated.
    async fn cancel(
        &self,
        id: Uuid,
        reason: Option<Reason>,
        caller: Caller,
    ) -> Result<(), SagaError>;

    /// Whether a cancellation was refused since a step is under way.
    fn is_busy(&self, error: &SagaError) -> bool;
}

#[async_trait]
impl SagasOfKind for Arc<Transfers> {
    fn kind(&self) -> SagaKind {
        SagaKind::Transfer
    }

    async fn list(&self, filter: &SagaFilter) -> Result<Slice<Saga, Uuid>, ReadError> {
        let SagaFilter { kind: _, stuck, ended, scope, after, limit } = filter.clone();
        let filter = TransferFilter {
            scope,
            unfinished: !ended,
            delayed: stuck,
            after: after.map(TransferId::from_uuid),
            limit,
            ..TransferFilter::default()
        };
        let Slice { items, next } = Transfers::list(self, filter).await?;
        let saga =
            |ListedTransfer { id, transfer, version, created_at, since }: &ListedTransfer| {
                let named = (SagaKind::Transfer, id.as_uuid());
                Saga::of::<TransferProcess>(named, transfer, *version, (*created_at, *since))
            };
        let items = items.iter().map(saga).collect();
        Ok(Slice { items, next: next.map(|last| last.as_uuid()) })
    }

    async fn reach(&self, position: Position) -> Result<(), ReadError> {
        Transfers::reach(self, position).await
    }

    async fn find(&self, id: Uuid, scope: &Scope) -> Result<Option<SagaHistory>, ReadError> {
        let found = Transfers::find(self, TransferId::from_uuid(id), scope).await?;
        let Some(found) = found else { return Ok(None) };
        let events = self.history(found.id, found.version).await?;
        let (named, at) = ((SagaKind::Transfer, id), (found.version, found.position));
        Ok(Some(SagaHistory::of::<TransferProcess>(named, &found.transfer, at, events)))
    }

    async fn retry(&self, id: Uuid) -> Result<(), DriveError> {
        Transfers::retry(self, TransferId::from_uuid(id)).await
    }

    async fn cancel(
        &self,
        id: Uuid,
        reason: Option<Reason>,
        caller: Caller,
    ) -> Result<(), SagaError> {
        let command = TransferCommand::CancelTransfer(CancelTransfer { reason });
        match self.perform(TransferId::from_uuid(id), command, caller).await {
            Ok(_) => Ok(()),
            Err(TransferError::Refused(TransferRefusal::Unknown)) => Err(SagaError::Unknown(id)),
            Err(error) => Err(SagaError::Transfer(error)),
        }
    }

    fn is_busy(&self, error: &SagaError) -> bool {
        matches!(error, SagaError::Transfer(TransferError::Refused(TransferRefusal::Busy)))
    }
}

/// What differs among kinds whose processes are driven alike.
#[async_trait]
trait Driving: Send + Sync {
    type Process: Listed<State: Clone + Send + Sync + 'static>;
    const KIND: SagaKind;

    fn driven(&self) -> &Driven<Self::Process>;

    async fn cancel(
        &self,
        id: Uuid,
        reason: Option<Reason>,
        caller: Caller,
    ) -> Result<(), SagaError>;

    fn is_busy(&self, error: &SagaError) -> bool;
}

#[async_trait]
impl<S: Driving> SagasOfKind for Arc<S> {
    fn kind(&self) -> SagaKind {
        S::KIND
    }

    async fn list(&self, filter: &SagaFilter) -> Result<Slice<Saga, Uuid>, ReadError> {
        let SagaFilter { kind: _, stuck, ended, scope, after, limit } = filter.clone();
        let (unfinished, delayed, status) = (!ended, stuck, None);
        let filter = ProcessFilter { scope, status, unfinished, delayed, after, limit };
        let Slice { items, next } = self.driven().list(filter).await?;
        let saga = |ListedProcess { id, state, version, created_at, since }: &ListedProcess<_>| {
            Saga::of::<S::Process>((S::KIND, *id), state, *version, (*created_at, *since))
        };
        Ok(Slice { items: items.iter().map(saga).collect(), next })
    }

    async fn reach(&self, position: Position) -> Result<(), ReadError> {
        self.driven().reach(position).await
    }

    async fn find(&self, id: Uuid, scope: &Scope) -> Result<Option<SagaHistory>, ReadError> {
        let Some(found) = self.driven().find(id, scope).await? else { return Ok(None) };
        let events = self.driven().history(found.id, found.version).await?;
        let at = (found.version, found.position);
        Ok(Some(SagaHistory::of::<S::Process>((S::KIND, id), &found.state, at, events)))
    }

    async fn retry(&self, id: Uuid) -> Result<(), DriveError> {
        self.driven().retry(id).await
    }

    async fn cancel(
        &self,
        id: Uuid,
        reason: Option<Reason>,
        caller: Caller,
    ) -> Result<(), SagaError> {
        Driving::cancel(self.as_ref(), id, reason, caller).await
    }

    fn is_busy(&self, error: &SagaError) -> bool {
        Driving::is_busy(self.as_ref(), error)
    }
}

#[async_trait]
impl Driving for SplitReservations {
    type Process = SplitReservationProcess;
    const KIND: SagaKind = SagaKind::SplitReservation;

    fn driven(&self) -> &Driven<SplitReservationProcess> {
        &self.driven
    }

    async fn cancel(
        &self,
        id: Uuid,
        reason: Option<Reason>,
        caller: Caller,
    ) -> Result<(), SagaError> {
        let release = ReleaseSplitReservation { reason };
        let command = SplitReservationCommand::ReleaseSplitReservation(release);
        match self.perform(SplitReservationId::from_uuid(id), command, caller).await {
            Ok(_) => Ok(()),
            Err(SplitReservationError::Refused(SplitRefusal::Unknown)) => {
                Err(SagaError::Unknown(id))
            }
            Err(error) => Err(SagaError::SplitReservation(error)),
        }
    }

    fn is_busy(&self, error: &SagaError) -> bool {
        matches!(
            error,
            SagaError::SplitReservation(SplitReservationError::Refused(SplitRefusal::Busy))
        )
    }
}

#[async_trait]
impl Driving for Checkouts {
    type Process = CheckoutProcess;
    const KIND: SagaKind = SagaKind::Checkout;

    fn driven(&self) -> &Driven<CheckoutProcess> {
        &self.driven
    }

    async fn cancel(
        &self,
        id: Uuid,
        reason: Option<Reason>,
        caller: Caller,
    ) -> Result<(), SagaError> {
        let command = CheckoutCommand::CancelCheckout(CancelCheckout { reason });
        match self.perform(CheckoutId::from_uuid(id), command, caller).await {
            Ok(_) => Ok(()),
            Err(CheckoutError::Refused(CheckoutRefusal::Unknown)) => Err(SagaError::Unknown(id)),
            Err(error) => Err(SagaError::Checkout(error)),
        }
    }

    fn is_busy(&self, error: &SagaError) -> bool {
        matches!(error, SagaError::Checkout(CheckoutError::Refused(CheckoutRefusal::Busy)))
    }
}

#[async_trait]
impl Driving for Stocktakes {
    type Process = StocktakeProcess;
    const KIND: SagaKind = SagaKind::Stocktake;

    fn driven(&self) -> &Driven<StocktakeProcess> {
        &self.driven
    }

    async fn cancel(
        &self,
        id: Uuid,
        reason: Option<Reason>,
        caller: Caller,
    ) -> Result<(), SagaError> {
        let command = StocktakeCommand::CancelStocktake(CancelStocktake { reason });
        match self.perform(StocktakeId::from_uuid(id), command, caller).await {
            Ok(_) => Ok(()),
            Err(StocktakeError::Refused(StocktakeRefusal::Unknown)) => Err(SagaError::Unknown(id)),
            Err(error) => Err(SagaError::Stocktake(error)),
        }
    }

    fn is_busy(&self, error: &SagaError) -> bool {
        matches!(error, SagaError::Stocktake(StocktakeError::Refused(StocktakeRefusal::Busy)))
    }
}

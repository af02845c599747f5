//! The port of the list of transfers.

use async_trait::async_trait;
use gondola_inventory_domain::{Reference, StoreId, Transfer, TransferId, TransferStatus};
use kit_core::{Scope, Timestamp, Version};
use kit_process_manager::DueProcesses;
use kit_service::{ReadError, Slice, ViewFreshness};

use crate::use_cases::InboundStock;

/// Which transfers are listed; all conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct TransferFilter {
    /// Only those from or to this store.
    pub store: Option<StoreId>,
    /// Only those from or to a store within this scope.
    pub scope: Scope,
    /// Only those that stand like this.
    pub status: Option<TransferStatus>,
    /// Only those with this reference: one, and those with it that were refused.
    pub reference: Option<Reference>,
    /// Only those that are not at their end.
    pub unfinished: bool,
    /// Only those of which a step fails again and again.
    pub delayed: bool,
    /// Only those after this one in the list.
    pub after: Option<TransferId>,
    /// The most of them.
    pub limit: usize,
}

/// A transfer as a list has it.
#[derive(Clone, Debug)]
pub struct ListedTransfer {
    /// Which one.
    pub id: TransferId,
    /// As the list knows it.
    pub transfer: Transfer,
    /// The version that it was at.
    pub version: Version,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last got on; a step that fails is no progress.
    pub since: Timestamp,
}

/// Lists transfers, and knows which are to be driven and what they bring. Derived from the log.
#[async_trait]
pub trait TransferReadModel: DueProcesses + InboundStock {
    /// Transfers, newest first.
    async fn list(
        &self,
        filter: TransferFilter,
    ) -> Result<Slice<ListedTransfer, TransferId>, ReadError>;

    /// How far it is behind the log.
    fn freshness(&self) -> &ViewFreshness;
}

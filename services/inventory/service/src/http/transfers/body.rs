//! A transfer as callers see it.

use std::sync::Arc;

use gondola_inventory_domain::{CancelCause, Transfer, TransferId, TransferLine, TransferStatus};
use kit_core::{Position, Timestamp, Version};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::process_managers::transfers::{ListedTransfer, TransferAt};
use crate::use_cases::Catalogue;

/// How a transfer stands.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) enum TransferState {
    /// It is asked for, and nothing is held yet.
    Requested,
    /// The source holds the units.
    Held,
    /// They are on their way, all or some.
    InTransit,
    /// All are accounted for at the destination.
    Closed,
    /// It was given up before anything left.
    Cancelled,
    /// The source did not have the units to give.
    Refused,
    /// What was in transit is back at the source.
    Returned,
}

impl From<TransferStatus> for TransferState {
    fn from(status: TransferStatus) -> Self {
        match status {
            TransferStatus::Requested => Self::Requested,
            TransferStatus::Held => Self::Held,
            TransferStatus::InTransit => Self::InTransit,
            TransferStatus::Closed => Self::Closed,
            TransferStatus::Cancelled => Self::Cancelled,
            TransferStatus::Refused => Self::Refused,
            TransferStatus::Returned => Self::Returned,
        }
    }
}

impl From<TransferState> for TransferStatus {
    fn from(state: TransferState) -> Self {
        match state {
            TransferState::Requested => Self::Requested,
            TransferState::Held => Self::Held,
            TransferState::InTransit => Self::InTransit,
            TransferState::Closed => Self::Closed,
            TransferState::Cancelled => Self::Cancelled,
            TransferState::Refused => Self::Refused,
            TransferState::Returned => Self::Returned,
        }
    }
}

/// A transfer of units from one store to another.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct TransferBody {
    /// The transfer.
    transfer_id: Uuid,
    /// How it stands.
    status: TransferState,
    /// Where the units come from.
    source_store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    source_store_code: Option<Arc<str>>,
    /// Where they go.
    destination_store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    destination_store_code: Option<Arc<str>>,
    /// Until when the source holds them, if they have not left.
    #[schema(value_type = String, format = DateTime)]
    hold_until: Timestamp,
    /// What those who asked call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Its products.
    lines: Vec<TransferBodyLine>,
    /// Why it was given up: `requested`, `expired` or `refused`.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_because: Option<&'static str>,
    /// What a store refused, or why it was given up, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// What the present step fails of, again and again; it goes on being tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    delayed_by: Option<String>,
    /// Its version.
    version: u64,
    /// Position of its last change, in the answer about one transfer; a consistency token for `minPosition`.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    /// When it began, in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<Timestamp>,
}

/// One product of a transfer. What left is in transit, or accounted for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct TransferBodyLine {
    /// The product.
    product_id: Uuid,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// Units asked for, and sent if anything was.
    quantity: u32,
    /// Units on their way.
    in_transit: u32,
    /// Units received as sent.
    received: u32,
    /// Units received beyond those that were sent.
    over: u32,
    /// Units that came to harm.
    damaged: u32,
    /// Units that did not come.
    short: u32,
    /// Units that went back to the source.
    returned: u32,
}

impl TransferBody {
    /// A transfer after a command, or asked for by its id.
    pub(super) fn of(at: &TransferAt, position: Position, catalogue: &Catalogue) -> Self {
        let body = Self::at_version(at.id, &at.transfer, at.version, catalogue);
        Self { position: Some(position.get()), ..body }
    }

    /// A transfer in a list.
    pub(super) fn listed(listed: &ListedTransfer, catalogue: &Catalogue) -> Self {
        let body = Self::at_version(listed.id, &listed.transfer, listed.version, catalogue);
        Self { created_at: Some(listed.created_at), ..body }
    }

    fn at_version(
        id: TransferId,
        transfer: &Transfer,
        version: Version,
        catalogue: &Catalogue,
    ) -> Self {
        let terms = transfer.terms();
        let (source, destination) =
            (terms.map(|terms| terms.source), terms.map(|terms| terms.destination));
        let code = |store| catalogue.of_store(store).map(|store| store.code);
        let cancellation = transfer.cancellation();
        let detail = cancellation.and_then(|cancelled| cancelled.detail.clone());
        Self {
            transfer_id: id.as_uuid(),
            status: transfer.status().into(),
            source_store_id: source.map(|store| store.as_uuid()).unwrap_or_default(),
            source_store_code: source.and_then(code),
            destination_store_id: destination.map(|store| store.as_uuid()).unwrap_or_default(),
            destination_store_code: destination.and_then(code),
            hold_until: terms.map(|terms| terms.hold_until).unwrap_or_default(),
            reference: terms.and_then(|terms| terms.reference.as_ref()).map(ToString::to_string),
            reason: terms.and_then(|terms| terms.reason.as_ref()).map(ToString::to_string),
            lines: transfer
                .lines()
                .iter()
                .map(|line| TransferBodyLine::of(line, catalogue))
                .collect(),
            cancelled_because: cancellation.map(|cancelled| because(cancelled.cause)),
            detail: detail.or_else(|| transfer.refusal().map(str::to_owned)),
            delayed_by: transfer.delayed().map(|delayed| delayed.detail.clone()),
            version: version.get(),
            position: None,
            created_at: None,
        }
    }
}

impl TransferBodyLine {
    fn of(line: &TransferLine, catalogue: &Catalogue) -> Self {
        Self {
            product_id: line.product.as_uuid(),
            product_sku: catalogue.of_product(line.product).map(|product| product.code),
            quantity: line.quantity,
            in_transit: line.in_transit,
            received: line.accepted,
            over: line.over,
            damaged: line.damaged,
            short: line.short,
            returned: line.returned,
        }
    }
}

const fn because(cause: CancelCause) -> &'static str {
    match cause {
        CancelCause::Requested => "requested",
        CancelCause::Expired => "expired",
        CancelCause::Refused => "refused",
    }
}

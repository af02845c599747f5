//! A batch of a till as callers see it.

use std::sync::Arc;

use gondola_inventory_domain::PosLine;
use kit_core::{Position, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::process_managers::pos_batches::PosBatchAt;
use crate::use_cases::Catalogue;

/// How a batch stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) enum PosBatchState {
    /// It is in the log, and its lines are being merged.
    Received,
    /// Its lines are in the stock of the store.
    Merged,
}

/// What a till sent under one number.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PosBatch)]
pub(in crate::http) struct PosBatchBody {
    /// The batch.
    pos_batch_id: Uuid,
    /// The store.
    store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_code: Option<Arc<str>>,
    /// The till.
    till_id: String,
    /// The till's number of it.
    sequence: u64,
    /// How it stands.
    status: PosBatchState,
    /// When the till began it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    opened_at: Option<Timestamp>,
    /// How many lines it has.
    line_count: usize,
    /// The lines that took more than the books had: their shortfall is on their stock levels until a count or an earlier
    /// fact explains it.
    shortfalls: Vec<ShortLineBody>,
    /// The lines that lead outside what a stock level can have, and changed nothing.
    refused: Vec<RefusedLineBody>,
    /// What merging fails of, again and again; it goes on being tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    delayed_by: Option<String>,
    /// Its version.
    version: u64,
    /// Position of its last change; a consistency token for `minPosition`.
    position: u64,
}

/// Which line of a batch.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PosLineName {
    /// Its place in `lines`, from 0 on.
    line: u32,
    /// The till's own name of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    line_id: Option<String>,
    /// The product.
    product_id: Uuid,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
}

/// A line that took more than the books had.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PosShortLine)]
pub(in crate::http) struct ShortLineBody {
    /// Which.
    #[serde(flatten)]
    name: PosLineName,
    /// Units that were missing when it was merged.
    missing: u32,
}

/// A line that was not merged and never will be.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PosRefusedLine)]
pub(in crate::http) struct RefusedLineBody {
    /// Which.
    #[serde(flatten)]
    name: PosLineName,
    /// Why, in people's words.
    detail: String,
}

impl PosLineName {
    fn of(place: u32, line: &PosLine, catalogue: &Catalogue) -> Self {
        Self {
            line: place,
            line_id: line.id.as_ref().map(ToString::to_string),
            product_id: line.product.as_uuid(),
            product_sku: catalogue.of_product(line.product).map(|product| product.code),
        }
    }
}

impl PosBatchBody {
    /// A batch that is there, up to a position of the log.
    pub(super) fn of(at: &PosBatchAt, position: Position, catalogue: &Catalogue) -> Option<Self> {
        let (batch, terms) = (&at.batch, at.batch.terms()?);
        let name = |place: u32| {
            let line = terms.lines.get(usize::try_from(place).ok()?)?;
            Some(PosLineName::of(place, line, catalogue))
        };
        let shortfalls = batch.shortfalls().iter();
        let shortfalls = shortfalls.filter_map(|short| {
            Some(ShortLineBody { name: name(short.line)?, missing: short.units })
        });
        let refused = batch.refused().iter().filter_map(|refused| {
            Some(RefusedLineBody { name: name(refused.line)?, detail: refused.detail.clone() })
        });
        Some(Self {
            pos_batch_id: at.id.as_uuid(),
            store_id: terms.store.as_uuid(),
            store_code: catalogue.of_store(terms.store).map(|store| store.code),
            till_id: terms.till.to_string(),
            sequence: terms.sequence,
            status: if batch.is_merged() { PosBatchState::Merged } else { PosBatchState::Received },
            opened_at: terms.opened_at,
            line_count: terms.lines.len(),
            shortfalls: shortfalls.collect(),
            refused: refused.collect(),
            delayed_by: batch.delayed().map(|delayed| delayed.detail.clone()),
            version: at.version.get(),
            position: position.get(),
        })
    }
}

//! Transfers between stores as lines of a table: one for each product of each, which imports read as a request for the same.

use std::borrow::Cow;

use gondola_inventory_domain::{ProductId, StoreId, Terms, Transfer, TransferId, TransferLine};
use kit_core::Timestamp;

use crate::formula_guard::guarded;
use crate::table::Exported;

/// One product of a transfer.
#[derive(Clone, Debug)]
pub struct ExportedTransferLine {
    transfer_id: TransferId,
    reference: String,
    stores: [Box<str>; 2],
    sku: Box<str>,
    hold_seconds: i64,
    reason: String,
    status: &'static str,
    line: TransferLine,
}

/// What the catalogue calls stores and products; empty where it does not know one.
pub trait Codes {
    /// The code of a store.
    fn store(&self, id: StoreId) -> Box<str>;

    /// The SKU of a product.
    fn product(&self, id: ProductId) -> Box<str>;
}

impl ExportedTransferLine {
    /// The lines of a transfer that began at a moment. One without a reference has its id as one.
    pub fn of(
        id: TransferId,
        transfer: &Transfer,
        terms: &Terms,
        created_at: Timestamp,
        codes: &impl Codes,
    ) -> Vec<Self> {
        let held = terms.hold_until.as_millis() - created_at.as_millis();
        let reference = terms.reference.as_ref().map(ToString::to_string);
        let line = |line: &TransferLine| Self {
            transfer_id: id,
            reference: reference.clone().unwrap_or_else(|| id.to_string()),
            stores: [codes.store(terms.source), codes.store(terms.destination)],
            sku: codes.product(line.product),
            // to the nearest second: it was recorded some moments after it was decided
            hold_seconds: held.saturating_add(500).div_euclid(1_000).max(1),
            reason: terms.reason.as_ref().map(ToString::to_string).unwrap_or_default(),
            status: transfer.status().as_str(),
            line: *line,
        };
        transfer.lines().iter().map(line).collect()
    }
}

impl Exported for ExportedTransferLine {
    const HEADER: &'static [&'static str] = &[
        "reference",
        "from_store",
        "to_store",
        "sku",
        "quantity",
        "hold_seconds",
        "reason",
        "status",
        "in_transit",
        "received",
        "over",
        "damaged",
        "short",
        "returned",
        "transfer_id",
    ];

    fn fields(&self) -> Vec<Cow<'_, str>> {
        let units = |units: u32| Cow::from(units.to_string());
        let [from_store, to_store] = &self.stores;
        let line = &self.line;
        vec![
            guarded(&self.reference),
            guarded(from_store),
            guarded(to_store),
            guarded(&self.sku),
            units(line.quantity),
            self.hold_seconds.to_string().into(),
            guarded(&self.reason),
            self.status.into(),
            units(line.in_transit),
            units(line.accepted),
            units(line.over),
            units(line.damaged),
            units(line.short),
            units(line.returned),
            self.transfer_id.to_string().into(),
        ]
    }
}

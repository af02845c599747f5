//! What is measured of stock in this process and told by no log, for the rules of alerts.

use std::sync::Arc;

use gondola_inventory::InventoryContext;
use gondola_inventory::use_cases::{DriftFigure, DriftFigures, HoldTallies, HoldTally, LevelCopy};
use gondola_notification::use_cases::alerts::{DriftSeen, MeasuredNow, Measurements, StoreHolds};
use gondola_notification_domain::StoreId;

/// The inventory of this process.
pub(super) struct OfInventory {
    holds: Arc<HoldTallies>,
    drifts: Arc<DriftFigures>,
}

impl OfInventory {
    /// `None` where there is none.
    pub(super) fn shared(inventory: Option<&InventoryContext>) -> Option<Arc<dyn Measurements>> {
        let inventory = inventory?;
        let holds = Arc::clone(&inventory.hold_tallies);
        Some(Arc::new(Self { holds, drifts: Arc::clone(&inventory.drift_figures) }))
    }
}

impl Measurements for OfInventory {
    fn take(&self) -> MeasuredNow {
        let holds = |HoldTally { store, asked, refused }| StoreHolds {
            store: StoreId::from_uuid(store.as_uuid()),
            asked,
            refused,
        };
        let drift = |DriftFigure { copy, levels }| DriftSeen {
            view: match copy {
                LevelCopy::View => "stock",
                LevelCopy::Cache => "stock-cache",
            }
            .into(),
            rows: levels,
        };
        MeasuredNow {
            holds: self.holds.take().into_iter().map(holds).collect(),
            drifts: self.drifts.take().into_iter().map(drift).collect(),
        }
    }
}

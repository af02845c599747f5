//! What a batch of events means for a read model: the touched stock levels and the touched reservation lines.

use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::RandomState;
use gondola_inventory_domain::{
    Event, LineStatus, ProductId, ReleaseCause, ReservationId, StockDelta, StoreId, Told,
};
use kit_core::{RecordedEvent, Timestamp};

use super::customer_column::column_of;
use crate::use_cases::StockLevel;

/// Key of a stock level in a read model.
pub(super) type LevelKey = (StoreId, ProductId);

/// Key of a reservation's line in a read model.
pub(super) type LineKey = (ReservationId, ProductId);

/// Status of a line, as a read model stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StoredStatus {
    Active = 0,
    Committed = 1,
    Cancelled = 2,
    Expired = 3,
    PartialCommit = 4,
    Shortage = 5,
    Transferred = 6,
}

impl StoredStatus {
    /// What a stored number means for a reader.
    pub(super) const fn told(stored: i64) -> LineStatus {
        match stored {
            0 => LineStatus::Active,
            1 => LineStatus::Committed,
            2 => LineStatus::Released(ReleaseCause::Cancelled),
            3 => LineStatus::Released(ReleaseCause::Expired),
            4 => LineStatus::Released(ReleaseCause::PartialCommit),
            5 => LineStatus::Released(ReleaseCause::Shortage),
            _ => LineStatus::Transferred,
        }
    }
}

impl From<ReleaseCause> for StoredStatus {
    fn from(cause: ReleaseCause) -> Self {
        match cause {
            ReleaseCause::Cancelled => Self::Cancelled,
            ReleaseCause::Expired => Self::Expired,
            ReleaseCause::PartialCommit => Self::PartialCommit,
            ReleaseCause::Shortage => Self::Shortage,
        }
    }
}

/// What a line was given when it was made.
#[derive(Clone, Debug)]
pub(super) struct MadeLine {
    pub(super) store: StoreId,
    pub(super) quantity: u32,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) order: Option<String>,
    pub(super) customer: Option<String>,
}

/// What became of a line within a batch.
#[derive(Clone, Debug, Default)]
pub(super) struct LineChange {
    /// Set when the line was made in this batch: a new row.
    pub(super) made: Option<MadeLine>,
    /// Units sold within the batch.
    pub(super) sold: u32,
    /// Units still held, when that changed.
    pub(super) held: Option<u32>,
    /// The latest sale within the batch.
    pub(super) transaction: Option<String>,
    /// Who bought, when that is known.
    pub(super) customer: Option<String>,
    /// How and when it ended.
    pub(super) ended: Option<(StoredStatus, Timestamp)>,
}

/// The changes of a batch, each row once.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) levels: HashMap<LevelKey, StockLevel, RandomState>,
    pub(super) lines: BTreeMap<LineKey, LineChange>,
    /// The deadlines of reservations that were extended: all lines of one have the same.
    pub(super) extended: BTreeMap<ReservationId, Timestamp>,
    /// Levels whose earliest deadline may have moved away: only the lines can tell it anew.
    pub(super) deadlines_moved: HashSet<LevelKey, RandomState>,
}

impl Changes {
    /// Folds one event into its stock level's row and its reservation's line.
    pub(super) fn fold(&mut self, key: LevelKey, recorded: &RecordedEvent, event: Event) {
        let at = recorded.metadata.recorded_at;
        if let Some(row) = self.levels.get_mut(&key) {
            row.version = recorded.version;
            row.position = recorded.position;
            fold_level(row, &event);
        }
        if moves_deadlines(&event) {
            self.deadlines_moved.insert(key);
        }
        self.fold_line(key, at, event);
    }

    fn fold_line(&mut self, (store, product): LevelKey, at: Timestamp, event: Event) {
        match event {
            Event::StockReserved {
                reservation_id,
                quantity,
                created_at,
                expires_at,
                order,
                customer,
                ..
            } => {
                let order = order.map(|order| order.to_string());
                let customer = customer.as_ref().map(column_of);
                let quantity = quantity.get();
                let made = MadeLine { store, quantity, created_at, expires_at, order, customer };
                // the id may have been used before, and that reservation have ended in the same batch
                let line =
                    LineChange { made: Some(made), held: Some(quantity), ..LineChange::default() };
                self.lines.insert((reservation_id, product), line);
                self.extended.remove(&reservation_id);
            }
            Event::ReservationExtended { reservation_id, expires_at } => {
                self.extended.insert(reservation_id, expires_at);
            }
            Event::StockCommitted {
                reservation_id, quantity, kept, transaction, customer, ..
            } => {
                let line = self.lines.entry((reservation_id, product)).or_default();
                line.sold = line.sold.saturating_add(quantity.get());
                line.transaction = Some(transaction.to_string());
                let customer = customer.as_ref().map(column_of);
                line.customer = customer.or(line.customer.take());
                line.keep(kept.get(), StoredStatus::Committed, at);
            }
            Event::StockReleased { reservation_id, kept, cause, .. } => {
                let line = self.lines.entry((reservation_id, product)).or_default();
                line.keep(kept.get(), cause.into(), at);
            }
            Event::StockTransferredOut { reservation_id, .. } => {
                let line = self.lines.entry((reservation_id, product)).or_default();
                line.keep(0, StoredStatus::Transferred, at);
            }
            Event::StockAdded { .. }
            | Event::StockAdjusted { .. }
            | Event::StockPolicyChanged { .. }
            | Event::StockTransferredIn { .. } => {}
        }
    }
}

impl LineChange {
    /// How and when the line ended, as its columns have it; one that has not ended is active.
    pub(super) fn stored_end(&self) -> (i64, Option<i64>) {
        match self.ended {
            Some((status, at)) => (status as i64, Some(at.as_millis())),
            None => (StoredStatus::Active as i64, None),
        }
    }

    /// So many units are still held; with none the line has ended.
    fn keep(&mut self, units: u32, end: StoredStatus, at: Timestamp) {
        self.held = Some(units);
        self.ended = (units == 0).then_some((end, at));
    }
}

/// Whether the earliest deadline of the level may be a later one after this event. A new hold can only bring it nearer,
/// which needs no look at the other lines.
const fn moves_deadlines(event: &Event) -> bool {
    match event {
        Event::ReservationExtended { .. }
        | Event::StockCommitted { .. }
        | Event::StockReleased { .. }
        | Event::StockTransferredOut { .. } => true,
        Event::StockReserved { .. }
        | Event::StockAdded { .. }
        | Event::StockAdjusted { .. }
        | Event::StockPolicyChanged { .. }
        | Event::StockTransferredIn { .. } => false,
    }
}

/// History never fails: what could not happen saturates, and `verify` finds it.
fn fold_level(row: &mut StockLevel, event: &Event) {
    if let Some((told, posting)) = event.physical() {
        row.on_hand = changed_by(row.on_hand, posting.on_hand);
        row.shortfall = changed_by(row.shortfall, posting.shortfall);
        let counts = !matches!(told, Told::Changed(_)) && posting.included_in_count_of.is_none();
        if counts {
            row.counted_at = row.counted_at.max(Some(posting.occurred_at));
        }
    }
    match event {
        Event::StockReserved { quantity, expires_at, .. } => {
            row.reserved = row.reserved.saturating_add(quantity.get());
            let earliest = row.next_deadline.map_or(*expires_at, |next| next.min(*expires_at));
            row.next_deadline = Some(earliest);
        }
        Event::StockCommitted { quantity, returned, .. } => {
            row.reserved = row.reserved.saturating_sub(quantity.get() + returned.get());
        }
        Event::StockReleased { quantity, .. } | Event::StockTransferredOut { quantity, .. } => {
            row.reserved = row.reserved.saturating_sub(quantity.get());
        }
        Event::StockPolicyChanged { safety_stock, reorder_point } => {
            row.safety_stock = safety_stock.get();
            row.reorder_point = reorder_point.get();
        }
        Event::StockAdded { .. }
        | Event::StockAdjusted { .. }
        | Event::ReservationExtended { .. }
        | Event::StockTransferredIn { .. } => {}
    }
}

fn changed_by(units: u32, change: StockDelta) -> u32 {
    let after = i64::from(units).saturating_add(change.get()).max(0);
    u32::try_from(after).unwrap_or(u32::MAX)
}

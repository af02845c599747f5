//! A reservation as the view knows it: its lines and how each ended.

use gondola_inventory_domain::{ProductId, ReleaseCause, ReservationId, StoreId};
use kit_core::Timestamp;

/// A reservation with all its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationView {
    /// Its id.
    pub id: ReservationId,
    /// The store.
    pub store: StoreId,
    /// From when on.
    pub created_at: Timestamp,
    /// Its deadline.
    pub expires_at: Timestamp,
    /// The order that it is for.
    pub order: Option<String>,
    /// The sale that ended it.
    pub transaction: Option<String>,
    /// The lines, at least one.
    pub lines: Vec<ReservationLine>,
}

/// One product of a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationLine {
    /// The product.
    pub product: ProductId,
    /// Units promised.
    pub quantity: u32,
    /// Units sold.
    pub committed: u32,
    /// How it stands.
    pub status: LineStatus,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// How a line of a reservation, or the whole of it, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStatus {
    /// The promise holds.
    Active,
    /// The sale happened.
    Committed,
    /// It ended without a sale.
    Released(ReleaseCause),
}

impl ReservationView {
    /// How the reservation stands as a whole: sold if any line was, active while any line is.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> LineStatus {
        let stands = |wanted: LineStatus| self.lines.iter().any(|line| line.status == wanted);
        if stands(LineStatus::Committed) {
            return LineStatus::Committed;
        }
        if stands(LineStatus::Active) {
            // the deadline decides, whether or not the sweeper has run
            let expired = self.expires_at <= now;
            return if expired {
                LineStatus::Released(ReleaseCause::Expired)
            } else {
                LineStatus::Active
            };
        }
        self.lines.first().map_or(LineStatus::Active, |line| line.status)
    }
}

//! The query for reservations by what they are about, in the order of their deadlines.

use gondola_inventory_domain::{
    CustomerRef, LineStatus, OrderRef, ProductId, ReleaseCause, Reservation, ReservationId, StoreId,
};
use kit_core::{Scope, Timestamp};

use super::queries::Queries;

/// The most reservations that are looked at for one page. A page beyond it is handed out unfinished.
pub const RESERVATIONS_EXAMINED_MAX: usize = 2_000;

/// Place of a reservation in the list: its deadline and its id.
pub type ReservationPlace = (Timestamp, ReservationId);

/// Filter for reservations; all conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct ReservationFilter {
    /// Of this store.
    pub store: Option<StoreId>,
    /// With a line of this product.
    pub product: Option<ProductId>,
    /// For this customer.
    pub customer: Option<CustomerRef>,
    /// For this order.
    pub order: Option<OrderRef>,
    /// That stand like this at the moment of the question; one that has run out is expired, whether or not that is recorded.
    pub status: Option<LineStatus>,
    /// With a deadline at or after this moment.
    pub expires_from: Option<Timestamp>,
    /// With a deadline before this moment.
    pub expires_to: Option<Timestamp>,
    /// Of stores that the caller may see.
    pub scope: Scope,
}

/// A part of the list of reservations.
#[derive(Clone, Debug)]
pub struct WantedReservations {
    /// Selects reservations.
    pub filter: ReservationFilter,
    /// Whether the latest deadline comes first; otherwise the earliest does.
    pub descending: bool,
    /// Begin after this place.
    pub after: Option<ReservationPlace>,
    /// Most reservations of a page.
    pub limit: usize,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct FoundReservations {
    /// The reservations, at most as many as wanted; fewer, even none, where many others had to be looked at.
    pub reservations: Vec<Reservation>,
    /// Where the next page begins; `None` at the end of the list.
    pub next: Option<ReservationPlace>,
    /// The moment for which all of it holds.
    pub as_of: Timestamp,
}

impl ReservationFilter {
    /// Whether a reservation meets all conditions at a moment.
    #[must_use]
    pub fn accepts(&self, reservation: &Reservation, now: Timestamp) -> bool {
        let Self { store, product, customer, order, status, expires_from, expires_to, scope } =
            self;
        let has = |product: ProductId| reservation.lines.iter().any(|line| line.product == product);
        let deadline = reservation.expires_at;
        scope.allows(reservation.store.as_uuid())
            && store.is_none_or(|store| reservation.store == store)
            && product.is_none_or(has)
            && customer.as_ref().is_none_or(|wanted| reservation.customer.as_ref() == Some(wanted))
            && order
                .as_ref()
                .is_none_or(|wanted| reservation.order.as_deref() == Some(wanted.as_str()))
            && status.is_none_or(|wanted| told(wanted) == told(reservation.status(now)))
            && expires_from.is_none_or(|from| from <= deadline)
            && expires_to.is_none_or(|to| deadline < to)
    }

    /// The deadlines that a reservation which meets the conditions can have: at or after the first, before the second.
    #[must_use]
    pub fn deadlines(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let (from, to) = (self.expires_from, self.expires_to);
        let (from, to) =
            (from.unwrap_or(Timestamp::from_millis(i64::MIN)), to.unwrap_or(Timestamp::MAX));
        let next = now.after(std::time::Duration::from_millis(1));
        match self.status {
            Some(LineStatus::Active) => (from.max(next), to),
            Some(LineStatus::Released(ReleaseCause::Expired)) => (from, to.min(next)),
            _ => (from, to),
        }
    }
}

/// Left out of a sale or given up: both are told as released.
fn told(status: LineStatus) -> LineStatus {
    match status {
        LineStatus::Released(ReleaseCause::PartialCommit) => {
            LineStatus::Released(ReleaseCause::Cancelled)
        }
        other => other,
    }
}

impl Queries {
    /// A page of the reservations that meet a filter.
    pub async fn reservations(
        &self,
        wanted: WantedReservations,
    ) -> Result<FoundReservations, kit_service::ReadError> {
        self.read_model.reservations(wanted).await
    }
}

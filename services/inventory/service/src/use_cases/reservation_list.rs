//! The query for reservations by what they are about, in the order of their deadlines.

use gondola_inventory_domain::{
    Customer, LineStatus, OrderRef, ProductId, ReleaseCause, Reservation, ReservationId, StoreId,
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
    pub customer: Option<Customer>,
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

impl FoundReservations {
    /// One page of two lists in the same order, which have no reservation in common.
    fn merged(self, other: Self, descending: bool, limit: usize) -> Self {
        let place = |one: &Reservation| (one.expires_at, one.id);
        let comes_before = |one: &ReservationPlace, two: &ReservationPlace| {
            if descending { one > two } else { one < two }
        };
        // beyond where a page ends its list may have more that comes first
        let ends = [self.next, other.next].into_iter().flatten();
        let mut next = ends.reduce(|one, two| if comes_before(&one, &two) { one } else { two });
        let mut reservations = [self.reservations, other.reservations].concat();
        reservations.retain(|one| next.is_none_or(|end| !comes_before(&end, &place(one))));
        reservations.sort_by_key(place);
        if descending {
            reservations.reverse();
        }
        if reservations.len() > limit {
            reservations.truncate(limit);
            next = reservations.last().map(place);
        }
        Self { reservations, next, as_of: self.as_of.min(other.as_of) }
    }
}

impl Queries {
    /// A page of the reservations of a customer whom the log knows in one way or another, and that meet a filter.
    pub async fn reservations_of(
        &self,
        customers: Vec<Customer>,
        wanted: WantedReservations,
    ) -> Result<FoundReservations, kit_service::ReadError> {
        let mut found: Option<FoundReservations> = None;
        for customer in customers {
            let mut of_one = wanted.clone();
            of_one.filter.customer = Some(customer);
            let page = self.reservations(of_one).await?;
            found = Some(match found {
                Some(others) => others.merged(page, wanted.descending, wanted.limit),
                None => page,
            });
        }
        match found {
            Some(found) => Ok(found),
            None => self.reservations(wanted).await,
        }
    }

    /// A page of the reservations that meet a filter.
    pub async fn reservations(
        &self,
        wanted: WantedReservations,
    ) -> Result<FoundReservations, kit_service::ReadError> {
        self.read_model.reservations(wanted).await
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn reservation(deadline: i64) -> Reservation {
        Reservation {
            id: ReservationId::from_uuid(Uuid::from_u128(deadline.unsigned_abs().into())),
            store: StoreId::from_uuid(Uuid::nil()),
            created_at: Timestamp::default(),
            expires_at: Timestamp::from_millis(deadline),
            order: None,
            customer: None,
            lines: Vec::new(),
        }
    }

    fn page(deadlines: &[i64], is_last: bool) -> FoundReservations {
        let reservations: Vec<_> = deadlines.iter().copied().map(reservation).collect();
        let last = reservations.last().map(|one| (one.expires_at, one.id));
        let next = last.filter(|_| !is_last);
        FoundReservations { reservations, next, as_of: Timestamp::default() }
    }

    fn told(found: &FoundReservations) -> (Vec<i64>, Option<i64>) {
        let deadlines = found.reservations.iter().map(|one| one.expires_at.as_millis());
        (deadlines.collect(), found.next.map(|(deadline, _)| deadline.as_millis()))
    }

    #[test]
    fn two_pages_become_one_in_which_nothing_is_left_out() {
        let merged = page(&[1, 4], true).merged(page(&[2, 3], true), false, 10);
        assert_eq!(told(&merged), (vec![1, 2, 3, 4], None));
        let merged = page(&[4, 1], true).merged(page(&[3, 2], true), true, 10);
        assert_eq!(told(&merged), (vec![4, 3, 2, 1], None));
    }

    #[test]
    fn a_page_ends_where_the_first_of_both_does() {
        // of the second list there may be more after 2, before 4
        let merged = page(&[1, 4], true).merged(page(&[2], false), false, 10);
        assert_eq!(told(&merged), (vec![1, 2], Some(2)));
        let merged = page(&[1, 4], true).merged(page(&[2, 3], true), false, 3);
        assert_eq!(told(&merged), (vec![1, 2, 3], Some(3)));
    }
}

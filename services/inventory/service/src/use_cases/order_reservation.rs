//! The reservation of an order that a commit or a release means.

use gondola_inventory_domain::{LineStatus, OrderRef, Reservation, ReservationId, TransactionRef};
use kit_core::{Position, Scope, Timestamp};
use kit_service::ReadError;

use super::claims;
use super::queries::Queries;
use super::reservation_list::{ReservationFilter, WantedReservations};

/// Reservations of an order that are read at once.
const PAGE: usize = 100;

/// An order that means no reservation.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OrderError {
    /// Nothing was reserved for it that the caller may see.
    #[error(
        "no reservation was made for order {0:?}: reserve with this orderId, or name a reservation by reservationId"
    )]
    Unknown(String),
    /// Several reservations are active.
    #[error(
        "order {order:?} has {count} active reservations: name each by its reservationId",
        count = .active.len()
    )]
    Several {
        /// The order.
        order: String,
        /// The active ones, the earliest deadline first.
        active: Vec<ReservationId>,
    },
    /// The reservations could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl Queries {
    /// The reservation of an order that a change means: the one that this transaction has sold already, so that a repetition
    /// repeats; else the one that is active; else, where none is, the latest, which tells how it ended.
    ///
    /// Finds also one that another process has made a moment ago.
    pub async fn reservation_of_order(
        &self,
        order: &OrderRef,
        scope: &Scope,
        transaction: Option<&TransactionRef>,
    ) -> Result<ReservationId, OrderError> {
        let all = self.reservations_of_order(order, scope).await?;
        meant(order, &all, transaction, self.now())
    }

    /// All reservations that were made for an order, within a scope.
    async fn reservations_of_order(
        &self,
        order: &OrderRef,
        scope: &Scope,
    ) -> Result<Vec<Reservation>, ReadError> {
        let claims = self.log.find_claims(&[claims::order_key(order)], self.now()).await?;
        // what other processes have written this one may not know yet, but the claim does
        let latest = claims.iter().flatten().map(|claim| claim.position).max();
        self.reach(latest.unwrap_or(Position::ZERO).max(self.head())).await?;
        let (order, scope) = (Some(order.clone()), scope.clone());
        let filter = ReservationFilter { order, scope, ..ReservationFilter::default() };
        let mut wanted = WantedReservations { filter, descending: false, after: None, limit: PAGE };
        let mut all = Vec::new();
        loop {
            let page = self.reservations(wanted.clone()).await?;
            all.extend(page.reservations);
            wanted.after = page.next;
            if wanted.after.is_none() {
                return Ok(all);
            }
        }
    }
}

fn meant(
    order: &OrderRef,
    all: &[Reservation],
    transaction: Option<&TransactionRef>,
    now: Timestamp,
) -> Result<ReservationId, OrderError> {
    let sold_by = |reservation: &&Reservation| {
        let sold = |wanted: &TransactionRef| {
            let lines = reservation.lines.iter();
            lines.filter_map(|line| line.transaction.as_deref()).any(|it| it == wanted.as_str())
        };
        transaction.is_some_and(sold)
    };
    if let Some(sold) = all.iter().find(sold_by) {
        return Ok(sold.id);
    }
    let is_active = |reservation: &&Reservation| reservation.status(now) == LineStatus::Active;
    let active: Vec<_> = all.iter().filter(is_active).map(|reservation| reservation.id).collect();
    if let [only] = active[..] {
        return Ok(only);
    }
    if !active.is_empty() {
        return Err(OrderError::Several { order: order.to_string(), active });
    }
    let latest = all.iter().max_by_key(|reservation| (reservation.created_at, reservation.id));
    let unknown = || OrderError::Unknown(order.to_string());
    latest.map(|reservation| reservation.id).ok_or_else(unknown)
}

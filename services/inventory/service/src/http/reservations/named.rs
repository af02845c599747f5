//! How a commit or a release names its reservation: by its id, or by the order that it was made for.

use gondola_inventory_domain::{OrderRef, ReservationId, TransactionRef};
use kit_core::Scope;
use kit_http::Problem;
use uuid::Uuid;

use crate::http::AppState;
use crate::http::fields::order;

/// The name of a reservation in a body.
pub(super) enum NamedReservation {
    Id(ReservationId),
    Order(OrderRef),
}

impl NamedReservation {
    /// Exactly one of the two.
    pub(super) fn parse(id: Option<Uuid>, order_id: Option<&str>) -> Result<Self, Problem> {
        match (id, order(order_id)?) {
            (Some(id), None) => Ok(Self::Id(ReservationId::from_uuid(id))),
            (None, Some(order)) => Ok(Self::Order(order)),
            _ => {
                let detail = "name the reservation by exactly one of reservationId and orderId";
                Err(Problem::invalid("reservationId", detail))
            }
        }
    }

    /// The id where nobody can be asked for another: many changes are planned together.
    pub(super) fn id(self) -> Result<ReservationId, Problem> {
        match self {
            Self::Id(id) => Ok(id),
            Self::Order(_) => {
                let detail = "a line of a bulk write names its reservation by reservationId";
                Err(Problem::invalid("orderId", detail))
            }
        }
    }

    /// The id of the reservation that is meant; `transaction` is the sale that it is, if it is one.
    pub(super) async fn find(
        self,
        state: &AppState,
        scope: &Scope,
        transaction: Option<&TransactionRef>,
    ) -> Result<ReservationId, Problem> {
        match self {
            Self::Id(id) => Ok(id),
            Self::Order(order) => {
                Ok(state.queries.reservation_of_order(&order, scope, transaction).await?)
            }
        }
    }
}

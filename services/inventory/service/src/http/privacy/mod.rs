//! What is kept of a customer, and forgetting them. Customers are named in bodies: paths are written down on their way.

pub(super) mod export;
pub(super) mod forget;

use gondola_inventory_domain::{Customer, CustomerRef};
use kit_core::Scope;
use kit_http::Problem;
use kit_service::ReadError;

use super::AppState;
use super::fields::customer;
use crate::use_cases::{
    FoundReservations, ReservationFilter, ReservationPlace, WantedReservations,
};

/// The customer whom a body names.
fn named(customer_id: &str) -> Result<CustomerRef, Problem> {
    let named = customer(Some(customer_id))?;
    named.ok_or_else(|| Problem::invalid("customerId", "name a customer"))
}

/// A page of the reservations of a customer, newest deadline last, behind all that was acknowledged before.
async fn reservations(
    state: &AppState,
    customers: Vec<Customer>,
    scope: Scope,
    after: Option<ReservationPlace>,
    limit: usize,
) -> Result<FoundReservations, ReadError> {
    // without the latest it would not be all
    state.queries.freshness().reach(state.queries.head()).await?;
    let filter = ReservationFilter { scope, ..ReservationFilter::default() };
    let wanted = WantedReservations { filter, descending: false, after, limit };
    state.queries.reservations_of(customers, wanted).await
}

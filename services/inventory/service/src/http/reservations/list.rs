//! Listing and searching reservations.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::{LineStatus, ReservationId, StoreId};
use kit_core::{Scope, Timestamp};
use kit_http::{Cursor, Json, Limit, Page, Place, Problem, Problems, Query, RequestContext};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::get::ReservationDetails;
use crate::http::AppState;
use crate::http::fields::{customer, order};
use crate::http::levels::reach;
use crate::http::names::{product_in_path, store_in_path};
use crate::http::responses::ReservationStatus;
use crate::use_cases::{
    FoundReservations, ReservationFilter, ReservationPlace, WantedReservations,
};

/// Which reservations, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReservationsQuery {
    /// Only those of this store, by id or code.
    #[param(max_length = 64)]
    store: Option<String>,
    /// Only those with a line of this product, by id, SKU or GTIN.
    #[param(max_length = 64)]
    product: Option<String>,
    /// Only those for this customer.
    #[param(max_length = 100)]
    customer_id: Option<String>,
    /// Only those for this order.
    #[param(max_length = 100)]
    order_id: Option<String>,
    /// Only those that stand like this at the moment `asOf`.
    #[param(inline)]
    status: Option<ReservationStatus>,
    /// Only those with a deadline at or after this moment, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    expires_from: Option<Timestamp>,
    /// Only those with a deadline before this moment, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    expires_to: Option<Timestamp>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
    /// Reservations per page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<(i64, Uuid)>>>,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Sort {
    /// Earliest deadline first.
    #[default]
    ExpiresAt,
    /// Latest deadline first.
    ExpiresAtDescending,
}

impl Sort {
    /// The order as its cursors name it.
    const fn order(self) -> &'static str {
        match self {
            Self::ExpiresAt => "reservations by expiresAt",
            Self::ExpiresAtDescending => "reservations by expiresAtDescending",
        }
    }
}

impl ReservationsQuery {
    /// What is wanted, after a place in the list.
    async fn wanted(
        self,
        state: &AppState,
        scope: Scope,
        after: Option<ReservationPlace>,
    ) -> Result<WantedReservations, Problem> {
        let (store, product) = (self.store.as_deref(), self.product.as_deref());
        let filter = ReservationFilter {
            store: match store.map(store_in_path).transpose()? {
                Some(store) => Some(state.catalogue.store(&store, &scope).await?),
                None => only_store(&scope),
            },
            product: match product.map(product_in_path).transpose()? {
                Some(product) => Some(state.catalogue.product(&product).await?),
                None => None,
            },
            customer: None,
            order: order(self.order_id.as_deref())?,
            status: self.status.map(LineStatus::from),
            expires_from: self.expires_from,
            expires_to: self.expires_to,
            scope,
        };
        let descending = matches!(self.sort, Sort::ExpiresAtDescending);
        Ok(WantedReservations { filter, descending, after, limit: self.limit.get() })
    }
}

/// The store of a caller that works in one: its reservations are found by it.
fn only_store(scope: &Scope) -> Option<StoreId> {
    let mut stores = scope.owners()?.iter();
    let first = stores.next().copied().map(StoreId::from_uuid);
    first.filter(|_| stores.next().is_none())
}

/// A page of reservations.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReservationPage {
    #[serde(flatten)]
    page: Page<ReservationDetails>,
    /// The moment for which it holds.
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
}

/// Reservations in the order of their deadlines.
///
/// All conditions must hold. A reservation whose deadline has passed is expired at that instant. A page looks at no more
/// than 2,000 reservations that the most telling condition names (order, customer, product, store); where few of them meet
/// the others, it has fewer items than `limit`, or none, and goes on with `nextCursor`. One that is extended while pages
/// are read may come twice, and with `sort=expiresAt` is never left out.
#[utoipa::path(
    get, path = "/api/v1/inventory/reservations", tag = "Reservations", operation_id = "listReservations",
    params(ReservationsQuery),
    responses((status = 200, description = "A page", body = ReservationPage), Problems)
)]
pub(crate) async fn reservations(
    State(state): State<Arc<AppState>>,
    Query(query): Query<ReservationsQuery>,
    context: RequestContext,
) -> Result<Json<ReservationPage>, Problem> {
    let order = query.sort.order();
    let after = query.cursor.clone().map(|cursor| cursor.key_in(order)).transpose()?;
    let after =
        after.map(|(time, id)| (Timestamp::from_millis(time), ReservationId::from_uuid(id)));
    reach(&state, query.min_position).await?;
    let customers = match customer(query.customer_id.as_deref())? {
        Some(customer) => state.commands.customers.known_as(customer).await,
        None => Ok(Vec::new()),
    };
    let customers = customers.map_err(kit_service::ReadError::from)?;
    let wanted = query.wanted(&state, context.scope, after).await?;
    let FoundReservations { reservations, next, as_of } =
        state.queries.reservations_of(customers, wanted).await?;
    let items = reservations.into_iter();
    let items = items.map(|it| ReservationDetails::listed(it, as_of, &state.catalogue)).collect();
    let next = next.map(|(time, id)| Cursor::in_order(order, (time.as_millis(), id.as_uuid())));
    Ok(Json(ReservationPage { page: Page::new(items, next), as_of }))
}

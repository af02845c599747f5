//! What stores should order, and of whom.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::{Donor, ProductId, StoreId};
use kit_core::Position;
use kit_http::{Cursor, Json, Limit, Page, Place, Problem, Problems, Query, RequestContext};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::AppState;
use super::names::store_in_path;
use crate::use_cases::{Catalogue, ProposedOrder, ReplenishmentLine, ReplenishmentQuestion};

/// The order of the list, as its cursors name it.
const ORDER: &str = "replenishment by store and product";

/// Which stores.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ReplenishmentQuery {
    /// Only this store, by id or code.
    #[param(max_length = 64)]
    store: Option<String>,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
    /// Lines per page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<(Uuid, Uuid)>>>,
}

/// A product that is at or below its reorder point in a store.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ReplenishmentLineBody {
    /// The store.
    store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_code: Option<Arc<str>>,
    /// The product.
    product_id: Uuid,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// Its name, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_name: Option<Arc<str>>,
    /// Units physically in the store.
    on_hand: u32,
    /// Units held by reservations.
    reserved: u32,
    /// On hand less reserved.
    available: u32,
    /// Units that are not offered.
    safety_stock: u32,
    /// Reorder at or below so many units.
    reorder_point: u32,
    /// Units of transfers on their way to it.
    in_transit: u64,
    /// Units of transfers to it that have not left yet.
    on_order: u64,
    /// Available, in transit and on order.
    inventory_position: u64,
    /// The fewest units that bring the inventory position above the reorder point; 0 where enough is coming.
    shortage: u64,
    /// What to order of a supplier; absent where nothing is short, or nobody offers the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<ProposedOrderBody>,
    /// Which other stores could send some of what is short without being short themselves, at most three.
    transfers: Vec<ProposedTransferBody>,
}

/// What to order of a supplier: the preferred one of the product, else the one that delivers soonest.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProposedOrder)]
pub(in crate::http) struct ProposedOrderBody {
    /// The supplier, by its code.
    supplier_code: String,
    /// Its name for people.
    #[schema(value_type = String)]
    supplier_name: Arc<str>,
    /// What it calls the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    supplier_sku: Option<Arc<str>>,
    /// Whether the product is ordered there first.
    preferred: bool,
    /// Whole days from an order to its delivery, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    lead_time_days: Option<u16>,
    /// The least that it delivers at once, in units.
    minimum_order_quantity: u32,
    /// Orders are whole multiples of it.
    order_multiple: u32,
    /// Units to order.
    quantity: u64,
}

/// What another store could send.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProposedTransfer)]
pub(in crate::http) struct ProposedTransferBody {
    /// The store.
    source_store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    source_store_code: Option<Arc<str>>,
    /// Units that it can spare: above its own reorder point and safety stock.
    spare: u32,
    /// How far away it is, where both places are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_metres: Option<u32>,
    /// Units to send.
    quantity: u64,
}

/// A page of what stores should order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Replenishment)]
pub(in crate::http) struct ReplenishmentPage {
    /// Whether the catalogue said who offers what; when false, no line has an order, and to ask again may help.
    offers_known: bool,
    #[serde(flatten)]
    page: Page<ReplenishmentLineBody>,
}

/// What stores should order: the products at or below their reorder point, what comes, of whom to order how much, and which
/// other stores could spare some.
///
/// By the (R, nQ) policy: the fewest packs of the supplier that bring available, in transit and on order above the reorder
/// point. Nothing is ordered or held for it, and two stores may be told of the same spare units of a third one. A reorder
/// point of 0 is none.
#[utoipa::path(
    get, path = "/api/v1/inventory/replenishment", tag = "Stock", operation_id = "listReplenishment",
    params(ReplenishmentQuery),
    responses((status = 200, description = "A page", body = ReplenishmentPage), Problems)
)]
pub(in crate::http) async fn replenishment(
    State(state): State<Arc<AppState>>,
    Query(query): Query<ReplenishmentQuery>,
    context: RequestContext,
) -> Result<Json<ReplenishmentPage>, Problem> {
    let after = query.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?;
    let after =
        after.map(|(store, product)| (StoreId::from_uuid(store), ProductId::from_uuid(product)));
    if let Some(position) = query.min_position.map(Position::new) {
        state.queries.reach(position).await?;
        state.transfers.reach(position).await?;
    }
    let store = query.store.as_deref().map(store_in_path).transpose()?;
    let store = match store {
        Some(store) => Some(state.catalogue.store(&store, &context.scope).await?),
        None => None,
    };
    let limit = query.limit.get();
    let question = ReplenishmentQuestion { store, scope: context.scope, after, limit };
    let found = state.replenishment.plan(&question).await?;
    let body = |line| ReplenishmentLineBody::of(&line, &state.catalogue);
    let page =
        found.lines.page(ORDER, body, |(store, product)| (store.as_uuid(), product.as_uuid()));
    Ok(Json(ReplenishmentPage { offers_known: found.offers_known, page }))
}

impl ReplenishmentLineBody {
    fn of(line: &ReplenishmentLine, catalogue: &Catalogue) -> Self {
        let ReplenishmentLine { level, inbound, position, order, transfers } = line;
        let product = catalogue.of_product(level.product);
        Self {
            store_id: level.store.as_uuid(),
            store_code: catalogue.of_store(level.store).map(|store| store.code),
            product_id: level.product.as_uuid(),
            product_sku: product.as_ref().map(|product| Arc::clone(&product.code)),
            product_name: product.map(|product| product.name),
            on_hand: level.on_hand,
            reserved: level.reserved,
            available: position.available,
            safety_stock: position.safety_stock,
            reorder_point: position.reorder_point,
            in_transit: inbound.in_transit,
            on_order: inbound.on_order,
            inventory_position: position.inventory_position(),
            shortage: position.shortage(),
            order: order.as_ref().map(ProposedOrderBody::of),
            transfers: transfers
                .iter()
                .map(|one| ProposedTransferBody::of(one, catalogue))
                .collect(),
        }
    }
}

impl ProposedOrderBody {
    fn of(order: &ProposedOrder) -> Self {
        let ProposedOrder { offer, quantity } = order;
        Self {
            supplier_code: offer.terms.supplier.clone(),
            supplier_name: Arc::clone(&offer.supplier_name),
            supplier_sku: offer.supplier_sku.clone(),
            preferred: offer.terms.preferred,
            lead_time_days: offer.terms.lead_time_days,
            minimum_order_quantity: offer.terms.minimum_order,
            order_multiple: offer.terms.order_multiple,
            quantity: *quantity,
        }
    }
}

impl ProposedTransferBody {
    fn of((donor, quantity): &(Donor, u64), catalogue: &Catalogue) -> Self {
        Self {
            source_store_id: donor.store.as_uuid(),
            source_store_code: catalogue.of_store(donor.store).map(|store| store.code),
            spare: donor.spare,
            distance_metres: donor.metres,
            quantity: *quantity,
        }
    }
}

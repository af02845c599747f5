//! Which stores can reserve a whole basket.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::{PositiveQuantity, ProductId};
use kit_http::{Json, Limit, Problem, Problems, RequestContext};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::reach;
use crate::http::AppState;
use crate::http::body_lines::BodyLines;
use crate::http::reservations::line::BasketLine;
use crate::http::sourcing::{demand, stores_asked};
use crate::use_cases::{BasketOffer, BasketQuestion, Catalogue};

/// A basket that is asked about, and of which stores.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = BasketAvailabilityRequest, example = json!({
    "lines": [{"productSku": "PROD123456", "quantity": 2}, {"productSku": "PROD123460", "quantity": 1}],
    "stores": ["SP-PAULISTA"]
}))]
pub(crate) struct BasketAvailabilityRequest {
    /// 1 to 100 lines; those of one product are added up.
    #[schema(min_items = 1, max_items = 100)]
    lines: Vec<BasketLine>,
    /// These stores, by id or code: 1 to 2,000, each of which is told of; all that offer some of it when absent.
    #[schema(min_items = 1, max_items = 2000)]
    stores: Option<Vec<String>>,
    /// Stores in the answer, at most.
    #[serde(default)]
    #[schema(inline)]
    limit: Limit,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
}

/// A line of a basket, and what is offered of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OfferedLine)]
pub(crate) struct OfferedLine {
    /// The product.
    product_id: Uuid,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// Units wanted.
    requested: u32,
    /// Units offered, which may be more than are wanted; nothing where the store is closed or the product not sold any more.
    offered: u64,
    /// Units wanted that are not offered.
    shortfall: u64,
}

/// What one store can reserve of a basket.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BasketStore)]
pub(crate) struct BasketStore {
    /// The store.
    store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_code: Option<Arc<str>>,
    /// Its name, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_name: Option<Arc<str>>,
    /// Whether it can reserve the whole basket.
    available: bool,
    /// Its lines, each product once.
    lines: Vec<OfferedLine>,
}

/// Whether and where a basket can be reserved. Nothing is held for it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BasketAvailability)]
pub(crate) struct BasketAvailabilityBody {
    /// Whether one of the stores can reserve all of it.
    available: bool,
    /// What all stores asked offer together of each line.
    lines: Vec<OfferedLine>,
    /// What each store offers, those first that lack least; of equals in the order asked, else those that offer most.
    stores: Vec<BasketStore>,
}

/// Which stores can reserve a whole basket, line by line.
///
/// It is a look and holds nothing: reserve the basket, and the answer to that is the decision. `sourceBasket` splits a basket
/// that no store has whole.
#[utoipa::path(
    post, path = "/api/v1/inventory/availability", tag = "Stock", operation_id = "checkBasketAvailability",
    request_body = BasketAvailabilityRequest,
    responses((status = 200, description = "Looked up", body = BasketAvailabilityBody), Problems)
)]
pub(crate) async fn basket_availability(
    State(state): State<Arc<AppState>>,
    context: RequestContext,
    Json(body): Json<BasketAvailabilityRequest>,
) -> Result<Json<BasketAvailabilityBody>, Problem> {
    reach(&state, body.min_position).await?;
    state.catalogue.filled().await?;
    let lines =
        |problem| BodyLines::at("/lines", &body.lines).with_unknown(problem, &state.catalogue);
    let wanted = demand(&body.lines, &state.catalogue).await.map_err(lines)?;
    let stores = stores_asked(&state, &context.scope, body.stores.as_deref()).await?;
    let question = BasketQuestion { wanted, stores, limit: body.limit.get() };
    let found = state.queries.basket_availability(&question, &state.catalogue).await?;
    let stores = found.stores.into_iter();
    Ok(Json(BasketAvailabilityBody {
        available: stores.as_slice().first().is_some_and(|first| first.missing == 0),
        lines: offered_lines(&question.wanted, found.total_offered, &state.catalogue),
        stores: stores
            .map(|offer| BasketStore::of(offer, &question.wanted, &state.catalogue))
            .collect(),
    }))
}

impl BasketStore {
    fn of(
        offer: BasketOffer,
        wanted: &[(ProductId, PositiveQuantity)],
        catalogue: &Catalogue,
    ) -> Self {
        let named = catalogue.of_store(offer.store);
        let offered = offer.offered.into_iter().map(u64::from);
        Self {
            store_id: offer.store.as_uuid(),
            store_code: named.as_ref().map(|store| Arc::clone(&store.code)),
            store_name: named.map(|store| store.name),
            available: offer.missing == 0,
            lines: offered_lines(wanted, offered, catalogue),
        }
    }
}

fn offered_lines(
    wanted: &[(ProductId, PositiveQuantity)],
    offered: impl IntoIterator<Item = u64>,
    catalogue: &Catalogue,
) -> Vec<OfferedLine> {
    let lines = wanted.iter().zip(offered).map(|((product, wanted), offered)| OfferedLine {
        product_id: product.as_uuid(),
        product_sku: catalogue.of_product(*product).map(|product| product.code),
        requested: wanted.get(),
        offered,
        shortfall: u64::from(wanted.get()).saturating_sub(offered),
    });
    lines.collect()
}

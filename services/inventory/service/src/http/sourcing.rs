//! Which stores can serve a basket together.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::{
    PARCELS_MAX, Parcel, PositiveQuantity, ProductId, SourcingStrategy, StoreId, sum_demand,
};
use kit_core::{Location, Scope};
use kit_http::{Json, Problem, Problems, RequestContext};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::AppState;
use super::body_lines::BodyLines;
use super::levels::{reach, stores_listed};
use super::reservations::line::BasketLine;
use crate::use_cases::{Catalogue, SourcingQuestion};

/// Most lines of a basket that is split; each is one look at the stock of all stores.
const LINES_MAX: usize = 100;

/// Most stores that a question names.
const STORES_MAX: usize = 2_000;

/// Parcels when the question says nothing.
const PARCELS_DEFAULT: usize = 5;

/// What is preferred when more than one store can serve.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Strategy {
    /// As few stores as possible, and of equals the nearer ones.
    #[default]
    FewestParcels,
    /// The nearest store gives what it has, then the next; needs `near`.
    Nearest,
    /// The store that offers most of these products gives what it has, then the next.
    MostStock,
    /// The stores give what they have in the order of `stores`, which it needs.
    InOrder,
}

impl From<Strategy> for SourcingStrategy {
    fn from(strategy: Strategy) -> Self {
        match strategy {
            Strategy::FewestParcels => Self::FewestParcels,
            Strategy::Nearest => Self::Nearest,
            Strategy::MostStock => Self::MostStock,
            Strategy::InOrder => Self::InOrder,
        }
    }
}

/// A place on Earth (WGS 84).
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Near {
    /// Decimal degrees north of the equator, as text.
    #[schema(example = "-23.561414")]
    latitude: String,
    /// Decimal degrees east of Greenwich, as text.
    #[schema(example = "-46.655881")]
    longitude: String,
}

/// The basket, and how it is to be split.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SourcingRequest, example = json!({
    "lines": [{"productSku": "PROD123456", "quantity": 2}, {"productSku": "PROD123457", "quantity": 1}],
    "strategy": "nearest",
    "near": {"latitude": "-23.561414", "longitude": "-46.655881"}
}))]
pub(super) struct SourcingRequest {
    /// 1 to 100 lines; those of one product are added up.
    #[schema(min_items = 1, max_items = 100)]
    lines: Vec<BasketLine>,
    /// What is preferred.
    #[serde(default)]
    strategy: Strategy,
    /// Where the basket is to go; distances are told from there.
    near: Option<Near>,
    /// Only these stores, by id or code: 1 to 2,000; all when absent.
    #[schema(min_items = 1, max_items = 2000)]
    stores: Option<Vec<String>>,
    /// Most stores that may serve; 5 when absent.
    #[schema(minimum = 1, maximum = 20)]
    max_parcels: Option<usize>,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
}

/// Units of one product.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SourcedLine {
    /// The product.
    product_id: Uuid,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// How many.
    quantity: u32,
}

/// What one store can send.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Parcel)]
pub(super) struct ParcelBody {
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
    /// How far it is from `near` in metres, if the catalogue knows where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_metres: Option<u32>,
    /// What it can send, at least one line; a basket of its own that can be reserved there.
    lines: Vec<SourcedLine>,
}

/// A basket split over stores. Nothing is held for it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Sourcing)]
pub(super) struct SourcingBody {
    /// Whether the parcels have all that is wanted.
    complete: bool,
    /// What each store can send, the preferred store first.
    parcels: Vec<ParcelBody>,
    /// What they lack.
    missing: Vec<SourcedLine>,
}

/// Which stores can serve a basket together.
///
/// Splits it by what the stores offer now, never more than is asked for. It is a proposal and holds nothing: reserve each
/// parcel in its store, and ask again when that is refused.
#[utoipa::path(
    post, path = "/api/v1/inventory/sourcing", tag = "Stock", operation_id = "sourceBasket",
    request_body = SourcingRequest,
    responses((status = 200, description = "Split", body = SourcingBody), Problems)
)]
pub(super) async fn sourcing(
    State(state): State<Arc<AppState>>,
    context: RequestContext,
    Json(body): Json<SourcingRequest>,
) -> Result<Json<SourcingBody>, Problem> {
    let lines =
        |problem| BodyLines::at("/lines", &body.lines).with_unknown(problem, &state.catalogue);
    let question = body.question(&state, &context.scope).await.map_err(lines)?;
    let found = state.queries.sourcing(&question, &state.catalogue).await?;
    let lines = |units: &[u32]| sourced(&question.wanted, units, &state.catalogue);
    let missing = lines(&found.missing);
    Ok(Json(SourcingBody {
        complete: missing.is_empty(),
        parcels: found
            .parcels
            .iter()
            .map(|parcel| ParcelBody::of(parcel, lines(&parcel.units), &state.catalogue))
            .collect(),
        missing,
    }))
}

impl SourcingRequest {
    pub(super) fn lines(&self) -> &[BasketLine] {
        &self.lines
    }

    /// The question of a caller, once what it names is found and the position that it wants is reached.
    pub(super) async fn question(
        &self,
        state: &AppState,
        scope: &Scope,
    ) -> Result<SourcingQuestion, Problem> {
        let (near, parcels_max) = (self.near()?, self.parcels_max()?);
        reach(state, self.min_position).await?;
        state.catalogue.filled().await?;
        Ok(SourcingQuestion {
            wanted: demand(&self.lines, &state.catalogue).await?,
            strategy: self.strategy.into(),
            near,
            stores: self.stores(state, scope).await?,
            excluded: Vec::new(),
            parcels_max,
        })
    }

    fn near(&self) -> Result<Option<Location>, Problem> {
        if self.near.is_none() && matches!(self.strategy, Strategy::Nearest) {
            return Err(Problem::invalid("near", "say where the nearest store is to be near to"));
        }
        let place = |near: &Near| Location::parse(&near.latitude, &near.longitude);
        let near = self.near.as_ref().map(place).transpose();
        near.map_err(|error| Problem::invalid("near", error.to_string()))
    }

    fn parcels_max(&self) -> Result<usize, Problem> {
        let parcels = self.max_parcels.unwrap_or(PARCELS_DEFAULT);
        if !(1..=PARCELS_MAX).contains(&parcels) {
            let detail = format!("give 1 to {PARCELS_MAX} parcels");
            return Err(Problem::invalid("maxParcels", detail));
        }
        Ok(parcels)
    }

    /// The stores that may serve.
    async fn stores(
        &self,
        state: &AppState,
        scope: &Scope,
    ) -> Result<Option<Vec<StoreId>>, Problem> {
        if self.stores.is_none() && matches!(self.strategy, Strategy::InOrder) {
            return Err(Problem::invalid("stores", "list the stores in order"));
        }
        stores_asked(state, scope, self.stores.as_deref()).await
    }
}

/// The units of each product that a basket asks about, each product once.
pub(super) async fn demand(
    lines: &[BasketLine],
    catalogue: &Catalogue,
) -> Result<Vec<(ProductId, PositiveQuantity)>, Problem> {
    if lines.len() > LINES_MAX {
        let detail = format!("at most {LINES_MAX} lines are asked about together; ask in parts");
        return Err(Problem::invalid("lines", detail));
    }
    let lines = BasketLine::parse_all(lines)?;
    let lines = catalogue.lines(&lines).await?;
    sum_demand(&lines).map_err(|error| Problem::invalid("lines", error.to_string()))
}

/// The stores that a basket is asked of, without names those of the caller; `None` where that is all of them.
pub(super) async fn stores_asked(
    state: &AppState,
    scope: &Scope,
    listed: Option<&[String]>,
) -> Result<Option<Vec<StoreId>>, Problem> {
    if listed.is_some_and(|listed| !(1..=STORES_MAX).contains(&listed.len())) {
        return Err(Problem::invalid("stores", format!("name 1 to {STORES_MAX} stores")));
    }
    stores_listed(state, scope, listed).await
}

impl ParcelBody {
    fn of(parcel: &Parcel, lines: Vec<SourcedLine>, catalogue: &Catalogue) -> Self {
        let named = catalogue.of_store(parcel.store);
        Self {
            store_id: parcel.store.as_uuid(),
            store_code: named.as_ref().map(|store| Arc::clone(&store.code)),
            store_name: named.map(|store| store.name),
            distance_metres: parcel.metres,
            lines,
        }
    }
}

/// The lines that have units.
fn sourced(
    wanted: &[(ProductId, PositiveQuantity)],
    units: &[u32],
    catalogue: &Catalogue,
) -> Vec<SourcedLine> {
    let lines = wanted.iter().zip(units).filter(|(_, units)| **units > 0);
    let lines = lines.map(|((product, _), quantity)| SourcedLine {
        product_id: product.as_uuid(),
        product_sku: catalogue.of_product(*product).map(|product| product.code),
        quantity: *quantity,
    });
    lines.collect()
}

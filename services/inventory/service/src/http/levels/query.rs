//! Reading many stock levels in one request: pairs, stores by products, or what has changed since a position.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::{Position, Scope};
use kit_http::{Json, Problem, Problems, RequestContext};
use kit_service::ReadError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::freshness::Consistency;
use super::response::StockLevelBody;
use super::{nothing_recorded, reach, stores_listed};
use crate::http::AppState;
use crate::http::names::{product_in_path, product_ref, store_in_path, store_ref};
use crate::http::reservations::line::each;
use crate::use_cases::{ChangedLevels, LevelRef, StockLevel, UnknownName};

/// Most stock levels of one question and of one answer.
pub(crate) const LEVELS_MAX: usize = 1_000;

/// One product in one store.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"storeCode": "SP-PINHEIROS", "productSku": "PROD123456"}))]
pub(crate) struct LevelName {
    /// The store, by id; this or `storeCode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_id: Option<Uuid>,
    /// The store, by its code in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    store_code: Option<String>,
    /// The product, by id; this, `productSku` or `productGtin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// The product, by its SKU in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    product_sku: Option<String>,
    /// The product, by its barcode: 8, 12, 13 or 14 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 8, max_length = 14)]
    product_gtin: Option<String>,
}

/// Which stock levels: `levels`, or `stores` with `products`, or `changedAfter`.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"stores": ["SP-PAULISTA"], "products": ["PROD123456", "PROD123460"]}))]
pub(crate) struct LevelsQuery {
    /// These stock levels, 1 to 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 1000)]
    levels: Option<Vec<LevelName>>,
    /// Stores by id or code: with `products` each of them in each store; with `changedAfter` only what changed in them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 1000)]
    stores: Option<Vec<String>>,
    /// Products by id, SKU or GTIN. Stores times products are 1,000 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 1000)]
    products: Option<Vec<String>>,
    /// Everything that changed after this position: `position` of an earlier answer, or 0 for all there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_after: Option<u64>,
    /// Most levels in an answer to `changedAfter`; 1,000 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// `strong` asks each stock level itself, behind every earlier change; for levels that are named.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    consistency: Option<Consistency>,
    /// Wait (at most 2 s) until the answer includes this position.
    #[serde(skip_serializing_if = "Option::is_none")]
    min_position: Option<u64>,
}

/// A stock level, or why it is not told: one of the two.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LevelItem {
    /// The stock level.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<StockLevelBody>,
    /// What is wrong with this one; the others are told all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// Many stock levels.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LevelsAnswer {
    /// One for each level that was named, in that order, store by store; or those that have changed, the latest change last.
    items: Vec<LevelItem>,
    /// Everything up to here is in the answer: the next question goes on with it as `changedAfter`.
    position: u64,
    /// Whether more has changed than this answer has room for: ask again at once.
    has_more: bool,
}

/// What is asked for, checked.
enum Wanted {
    Named(Vec<LevelRef>),
    Changed { after: Position, stores: Option<Vec<String>>, limit: usize },
}

/// Many stock levels.
///
/// A level that is not known has a `problem` in its place; the others are told. With `changedAfter` a copy elsewhere keeps in
/// step: ask with the `position` of the last answer, again at once while `hasMore` is true. A level that changed several times is
/// told once, as it is now.
#[utoipa::path(
    post, path = "/api/v1/inventory/levels/query", tag = "Stock", operation_id = "queryStockLevels",
    request_body = LevelsQuery,
    responses((status = 200, description = "Looked up", body = LevelsAnswer), Problems)
)]
pub(crate) async fn query_levels(
    State(state): State<Arc<AppState>>,
    context: RequestContext,
    Json(query): Json<LevelsQuery>,
) -> Result<Json<LevelsAnswer>, Problem> {
    let (wanted, strong) = (query.wanted()?, query.strong()?);
    reach(&state, query.min_position).await?;
    let answer = match wanted {
        Wanted::Named(named) => named_levels(&state, &context.scope, &named, strong).await,
        Wanted::Changed { after, stores, limit } => {
            let stores = stores_listed(&state, &context.scope, stores.as_deref()).await?;
            changed_levels(&state, ChangedLevels { after, stores, limit }).await
        }
    };
    answer.map(Json)
}

async fn named_levels(
    state: &AppState,
    scope: &Scope,
    named: &[LevelRef],
    strong: bool,
) -> Result<LevelsAnswer, Problem> {
    let keys = state.catalogue.levels(named, scope).await;
    if keys.contains(&Err(UnknownName::Filling)) {
        return Err(UnknownName::Filling.into());
    }
    let known: Vec<_> = keys.iter().flatten().copied().collect();
    let found = state.queries.levels(&known, strong).await?;
    let mut levels = found.levels.into_iter();
    let items = keys.into_iter().map(|key| match key {
        Ok(key) => LevelItem::of(state, key, levels.next().unwrap_or(Ok(None))),
        Err(unknown) => LevelItem::problem(unknown.into()),
    });
    Ok(LevelsAnswer { items: items.collect(), position: found.position.get(), has_more: false })
}

async fn changed_levels(state: &AppState, wanted: ChangedLevels) -> Result<LevelsAnswer, Problem> {
    let found = state.queries.changed_levels(wanted).await;
    let found = found.map_err(|error| match error {
        ReadError::BeyondEnd { .. } => {
            let detail = format!("{error}; a log that was put back is behind: begin again with 0");
            Problem::invalid("changedAfter", detail)
        }
        other => other.into(),
    })?;
    let changed = found.levels.into_iter().map(|level| LevelItem::level(state, level));
    let passed_over = found.passed_over.into_iter();
    let passed_over = passed_over.map(|(key, level)| LevelItem::of(state, key, level));
    Ok(LevelsAnswer {
        items: changed.chain(passed_over).collect(),
        position: found.position.get(),
        has_more: found.has_more,
    })
}

impl LevelsQuery {
    fn wanted(&self) -> Result<Wanted, Problem> {
        if self.limit.is_some() && self.changed_after.is_none() {
            return Err(Problem::invalid("limit", "it goes with changedAfter only"));
        }
        match (&self.levels, &self.stores, &self.products, self.changed_after) {
            (Some(levels), None, None, None) => {
                within("levels", levels.len())?;
                each("levels", levels, LevelName::parse).map(Wanted::Named)
            }
            (None, Some(stores), Some(products), None) => {
                within("stores", stores.len())?;
                within("products", products.len())?;
                within("products", stores.len() * products.len())?;
                Ok(Wanted::Named(each_in_each(stores, products)?))
            }
            (None, stores, None, Some(after)) => {
                if let Some(stores) = stores {
                    within("stores", stores.len())?;
                }
                let limit = self.limit.unwrap_or(LEVELS_MAX);
                within("limit", limit)?;
                let (after, stores) = (Position::new(after), stores.clone());
                Ok(Wanted::Changed { after, stores, limit })
            }
            _ => Err(Problem::invalid(
                "levels",
                "give levels, or stores and products, or changedAfter and perhaps stores",
            )),
        }
    }

    fn strong(&self) -> Result<bool, Problem> {
        let strong = self.consistency == Some(Consistency::Strong);
        if strong && (self.min_position.is_some() || self.changed_after.is_some()) {
            let detail = "strong goes with levels that are named, and without minPosition";
            return Err(Problem::invalid("consistency", detail));
        }
        Ok(strong)
    }
}

impl LevelName {
    fn parse(&self) -> Result<LevelRef, Problem> {
        let (sku, gtin) = (self.product_sku.as_deref(), self.product_gtin.as_deref());
        let store = store_ref(self.store_id, self.store_code.as_deref())?;
        Ok(LevelRef { store, product: product_ref(self.product_id, sku, gtin)? })
    }
}

impl LevelItem {
    fn of(
        state: &AppState,
        (store, product): (StoreId, ProductId),
        found: Result<Option<StockLevel>, ReadError>,
    ) -> Self {
        match found {
            Ok(Some(level)) => Self::level(state, level),
            Ok(None) => Self::problem(nothing_recorded(store, product)),
            Err(error) => Self::problem(error.into()),
        }
    }

    fn level(state: &AppState, level: StockLevel) -> Self {
        Self { level: Some(StockLevelBody::listed(level, &state.catalogue)), problem: None }
    }

    const fn problem(problem: Problem) -> Self {
        Self { level: None, problem: Some(problem) }
    }
}

/// Each product in each store, store by store.
fn each_in_each(stores: &[String], products: &[String]) -> Result<Vec<LevelRef>, Problem> {
    let products: Vec<_> =
        products.iter().map(|product| product_in_path(product)).collect::<Result<_, _>>()?;
    let mut levels = Vec::with_capacity(stores.len() * products.len());
    for store in stores {
        let store = store_in_path(store)?;
        let of_store = products.iter().cloned();
        levels.extend(of_store.map(|product| LevelRef { store: store.clone(), product }));
    }
    Ok(levels)
}

fn within(field: &str, count: usize) -> Result<(), Problem> {
    if (1..=LEVELS_MAX).contains(&count) {
        return Ok(());
    }
    let detail =
        format!("one question is about 1 to {LEVELS_MAX} stock levels, not {count}; ask in parts");
    Err(Problem::invalid(field, detail))
}

//! Many stores and products in one request, for services that keep a copy of the catalogue.

use axum::extract::State;
use gondola_store_domain::{Product, Store};
use kit_http::{Json, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::product_body::ProductBody;
use super::store_body::StoreBody;
use super::{Context, Resource};
use crate::use_cases::{CatalogueLookUps, Named};

const NAMES_MAX: usize = CatalogueLookUps::NAMES_MAX;

/// Which stores and products are wanted, at most 1000 in all.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct LookUp {
    /// Ids or codes of stores.
    #[schema(example = json!(["SP-014"]))]
    stores: Vec<String>,
    /// Ids or SKUs of products.
    #[schema(example = json!(["PROD123456"]))]
    products: Vec<String>,
}

/// Those that are registered; the others are left out.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FoundNames {
    /// Which log of the catalogue they are from; versions of one say nothing about another. A greater one is later.
    log: Uuid,
    /// The stores.
    stores: Vec<StoreBody>,
    /// The products.
    products: Vec<ProductBody>,
}

/// Looks up many stores and products at once, each as it is now.
///
/// It changes nothing, so it may be repeated. What is named twice is found twice.
#[utoipa::path(
    post, path = "/api/v1/catalogue/look-up", tag = "Stores", operation_id = "lookUpCatalogue", request_body = LookUp,
    responses((status = 200, description = "Those that are registered", body = FoundNames), Problems)
)]
pub(super) async fn look_up(
    State(context): State<Context>,
    Json(wanted): Json<LookUp>,
) -> Result<Json<FoundNames>, Problem> {
    if wanted.stores.len() + wanted.products.len() > NAMES_MAX {
        let detail = format!("at most {NAMES_MAX} names are looked up together; ask in parts");
        return Err(Problem::invalid("stores", detail));
    }
    let (stores, products) = (named::<Store>(&wanted.stores), named::<Product>(&wanted.products));
    let found = context.look_ups.look_up(&stores, &products).await?;
    Ok(Json(FoundNames {
        log: found.log.as_uuid(),
        stores: found.stores.iter().map(|store| Store::body(store, None)).collect(),
        products: found.products.iter().map(|product| Product::body(product, None)).collect(),
    }))
}

/// What can be the name of an entry; nothing else is registered.
fn named<A: Resource>(texts: &[String]) -> Vec<Named<A>> {
    texts.iter().filter_map(|text| Named::parse(text)).collect()
}

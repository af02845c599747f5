//! Many stores and products, and what suppliers offer, in one request, for services that keep a copy of the catalogue.

use axum::extract::State;
use gondola_store_domain::{LeadTime, Product, Store};
use kit_http::{Json, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::product_body::ProductBody;
use super::store_body::StoreBody;
use super::{Context, Resource};
use crate::use_cases::{CatalogueLookUps, Named, OfferOfSupplier};

const NAMES_MAX: usize = CatalogueLookUps::NAMES_MAX;

/// Which stores, products and offers are wanted, at most 1000 names in all.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct LookUp {
    /// Ids or codes of stores.
    #[schema(example = json!(["SP-PAULISTA"]))]
    stores: Vec<String>,
    /// Ids, SKUs or GTINs of products; one that is the SKU of one product and the GTIN of another finds both.
    #[schema(example = json!(["PROD123456"]))]
    products: Vec<String>,
    /// Ids, SKUs or GTINs of products whose offers are wanted.
    #[schema(example = json!(["PROD123456"]))]
    offers_of: Vec<String>,
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
    /// The offers that hold, of suppliers from which the chain orders.
    offers: Vec<FoundOffer>,
}

/// On what terms a supplier delivers a product.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FoundOffer {
    /// The product.
    product_id: Uuid,
    /// The supplier, by its code.
    supplier_code: String,
    /// Its name for people.
    supplier_name: String,
    /// What it calls the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    supplier_sku: Option<String>,
    /// Whole days from an order to its delivery: those of the supplier where the offer says none.
    #[serde(skip_serializing_if = "Option::is_none")]
    lead_time_days: Option<u16>,
    /// The least that it delivers at once, in units.
    minimum_order_quantity: u32,
    /// Orders are whole multiples of it.
    order_multiple: u32,
    /// Whether the product is ordered there first.
    preferred: bool,
}

impl FoundOffer {
    fn of(found: &OfferOfSupplier) -> Self {
        let OfferOfSupplier { offer, supplier } = found;
        Self {
            product_id: offer.code.product_id.as_uuid(),
            supplier_code: supplier.code.to_string(),
            supplier_name: supplier.name.to_string(),
            supplier_sku: offer.supplier_sku.as_ref().map(ToString::to_string),
            lead_time_days: found.lead_time().map(LeadTime::as_days),
            minimum_order_quantity: offer.minimum_order.get(),
            order_multiple: offer.order_multiple.get(),
            preferred: offer.preferred,
        }
    }
}

/// Looks up many stores and products at once, each as it is now, and what suppliers offer.
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
    let names = wanted.stores.len() + wanted.products.len() + wanted.offers_of.len();
    if names > NAMES_MAX {
        let detail = format!("at most {NAMES_MAX} names are looked up together; ask in parts");
        return Err(Problem::invalid("stores", detail));
    }
    let (stores, products) = (named::<Store>(&wanted.stores), named::<Product>(&wanted.products));
    let mut offered = Vec::new();
    for product in named::<Product>(&wanted.offers_of) {
        offered.extend(context.products.resolve(&product).await?);
    }
    let offers = context.look_ups.offers(&offered).await?;
    let found = context.look_ups.look_up(&stores, &products).await?;
    Ok(Json(FoundNames {
        log: found.log.as_uuid(),
        stores: found.stores.iter().map(|store| Store::body(store, None)).collect(),
        products: found.products.iter().map(|product| Product::body(product, None)).collect(),
        offers: offers.iter().map(FoundOffer::of).collect(),
    }))
}

/// What can be the name of an entry; nothing else is registered.
fn named<A: Resource>(texts: &[String]) -> Vec<Named<A>> {
    texts.iter().filter_map(|text| Named::parse(text)).collect()
}

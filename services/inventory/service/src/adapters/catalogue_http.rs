//! The catalogue in other processes, asked by HTTP.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gondola_contracts::Location;
use gondola_inventory_domain::{OrderTerms, ProductId, StoreId, UnitCost};
use kit_core::Version;
use kit_http_client::ServiceClient;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::use_cases::{
    CatalogueLookUp, FoundEntries, FoundEntry, FoundOffer, LookUpFailed, Named, ProductRef,
    StoreRef, SupplierOffers, WantedEntries,
};

/// The route of the store service that looks up many entries.
const PATH: &str = "/api/v1/catalogue/look-up";

/// The status of an entry that is open, or still sold.
const ACTIVE: &str = "active";

/// The store service, as this context asks it.
pub struct HttpCatalogue(ServiceClient);

impl HttpCatalogue {
    /// Asks by a client of the store service.
    #[must_use]
    pub fn new(client: ServiceClient) -> Arc<Self> {
        Arc::new(Self(client))
    }
}

#[derive(Serialize)]
struct Question {
    stores: Vec<String>,
    products: Vec<String>,
}

#[derive(Deserialize)]
struct Answer {
    log: Uuid,
    stores: Vec<Store>,
    products: Vec<Product>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OffersQuestion {
    offers_of: Vec<String>,
}

#[derive(Deserialize)]
struct OffersAnswer {
    offers: Vec<Offer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    product_id: Uuid,
    supplier_code: String,
    supplier_name: String,
    supplier_sku: Option<String>,
    lead_time_days: Option<u16>,
    minimum_order_quantity: u32,
    order_multiple: u32,
    preferred: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Store {
    #[serde(rename = "storeId")]
    id: Uuid,
    code: String,
    name: String,
    status: String,
    longest_hold_seconds: Option<u32>,
    location: Option<Location>,
    version: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Product {
    #[serde(rename = "productId")]
    id: Uuid,
    sku: String,
    name: String,
    gtin: Option<String>,
    status: String,
    unit_cost: Option<Cost>,
    version: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cost {
    minor_units: u64,
    currency: String,
}

impl Product {
    fn cost(self) -> Option<(ProductId, UnitCost)> {
        let Cost { minor_units, currency } = self.unit_cost?;
        let cost = UnitCost { minor_units, currency: currency.into() };
        Some((ProductId::from_uuid(self.id), cost))
    }
}

impl From<&WantedEntries> for Question {
    fn from(wanted: &WantedEntries) -> Self {
        let store = |store: &StoreRef| match store {
            StoreRef::Id(id) => id.to_string(),
            StoreRef::Code(code) => code.clone(),
        };
        let product = |product: &ProductRef| match product {
            ProductRef::Id(id) => id.to_string(),
            ProductRef::Sku(name) | ProductRef::SkuOrGtin(name) => name.clone(),
            ProductRef::Gtin(gtin) => gtin.to_string(),
        };
        Self {
            stores: wanted.stores.iter().map(store).collect(),
            products: wanted.products.iter().map(product).collect(),
        }
    }
}

impl From<Store> for FoundEntry<StoreId> {
    fn from(store: Store) -> Self {
        let (active, longest_hold) = (store.status == ACTIVE, store.longest_hold_seconds);
        let named = Named::store(&store.code, &store.name, active, longest_hold);
        let named = named.at(store.location.as_ref());
        let (id, version) = (StoreId::from_uuid(store.id), Version::new(store.version));
        Self { id, named, version }
    }
}

impl From<Product> for FoundEntry<ProductId> {
    fn from(product: Product) -> Self {
        let named = Named::product(&product.sku, &product.name, product.status == ACTIVE);
        let named = named.with_gtin(product.gtin.as_deref());
        let (id, version) = (ProductId::from_uuid(product.id), Version::new(product.version));
        Self { id, named, version }
    }
}

impl From<Offer> for FoundOffer {
    fn from(offer: Offer) -> Self {
        Self {
            product: ProductId::from_uuid(offer.product_id),
            terms: OrderTerms {
                supplier: offer.supplier_code,
                preferred: offer.preferred,
                lead_time_days: offer.lead_time_days,
                minimum_order: offer.minimum_order_quantity,
                order_multiple: offer.order_multiple,
            },
            supplier_name: offer.supplier_name.into(),
            supplier_sku: offer.supplier_sku.map(Into::into),
        }
    }
}

#[async_trait]
impl SupplierOffers for HttpCatalogue {
    async fn offers(
        &self,
        products: &[ProductId],
        at_most: Duration,
    ) -> Result<Vec<FoundOffer>, LookUpFailed> {
        let offers_of = products.iter().map(ToString::to_string).collect();
        let answer = self.0.ask::<OffersAnswer>(PATH, &OffersQuestion { offers_of }, at_most).await;
        let answer = answer.map_err(|error| LookUpFailed(error.to_string()))?;
        Ok(answer.offers.into_iter().map(FoundOffer::from).collect())
    }
}

#[async_trait]
impl CatalogueLookUp for HttpCatalogue {
    async fn look_up(
        &self,
        wanted: &WantedEntries,
        at_most: Duration,
    ) -> Result<FoundEntries, LookUpFailed> {
        let answer = self.0.ask::<Answer>(PATH, &Question::from(wanted), at_most).await;
        let Answer { log, stores, products } =
            answer.map_err(|error| LookUpFailed(error.to_string()))?;
        Ok(FoundEntries {
            log,
            stores: stores.into_iter().map(FoundEntry::from).collect(),
            products: products.into_iter().map(FoundEntry::from).collect(),
        })
    }

    async fn unit_costs(
        &self,
        products: &[ProductId],
        at_most: Duration,
    ) -> Result<Vec<(ProductId, UnitCost)>, LookUpFailed> {
        let products = products.iter().map(ToString::to_string).collect();
        let question = Question { stores: Vec::new(), products };
        let answer = self.0.ask::<Answer>(PATH, &question, at_most).await;
        let answer = answer.map_err(|error| LookUpFailed(error.to_string()))?;
        Ok(answer.products.into_iter().filter_map(Product::cost).collect())
    }
}

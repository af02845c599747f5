//! Looking up many stores, products and offers at once, for contexts that keep a copy of the catalogue.

use std::collections::HashMap;
use std::sync::Arc;

use gondola_store_domain::{
    LeadTime, OfferStatus, Product, ProductId, Store, Supplier, SupplierCode, SupplierOffer,
    SupplierStatus,
};
use kit_event_store::Incarnation;
use kit_service::ReadError;

use super::decider::Entry;
use super::entries::CatalogueService;
use super::listing::{CatalogueReadModel, ListQuery};
use super::named::Named;

/// Offers of one product that are looked at, at most.
const OFFERS_MAX: usize = 100;

/// Stores and products by name or id.
#[derive(Clone)]
pub struct CatalogueLookUps {
    stores: Arc<CatalogueService<Store>>,
    products: Arc<CatalogueService<Product>>,
    suppliers: Arc<CatalogueService<Supplier>>,
    listings: Arc<dyn CatalogueReadModel>,
    log: Incarnation,
}

/// An offer that holds, and its supplier.
#[derive(Clone, Debug)]
pub struct OfferOfSupplier {
    /// The terms.
    pub offer: SupplierOffer,
    /// Whose they are; the chain orders from it.
    pub supplier: Supplier,
}

impl OfferOfSupplier {
    /// How long a delivery takes: what the offer says, else what the supplier says.
    #[must_use]
    pub fn lead_time(&self) -> Option<LeadTime> {
        self.offer.lead_time.or(self.supplier.lead_time)
    }
}

/// What was found of the stores and products that were named.
#[derive(Clone, Debug)]
pub struct FoundEntries {
    /// Which log they are from: versions of one say nothing about another.
    pub log: Incarnation,
    /// The stores that are registered.
    pub stores: Vec<Entry<Store>>,
    /// The products that are registered.
    pub products: Vec<Entry<Product>>,
}

impl CatalogueLookUps {
    /// Most stores and products that are looked up together.
    pub const NAMES_MAX: usize = 1_000;

    /// Look-ups in the log with this identity.
    #[must_use]
    pub fn new(
        stores: Arc<CatalogueService<Store>>,
        products: Arc<CatalogueService<Product>>,
        suppliers: Arc<CatalogueService<Supplier>>,
        listings: Arc<dyn CatalogueReadModel>,
        log: Incarnation,
    ) -> Self {
        Self { stores, products, suppliers, listings, log }
    }

    /// Looks up stores and products as they are now; those that are not registered are not among the answers.
    pub async fn look_up(
        &self,
        stores: &[Named<Store>],
        products: &[Named<Product>],
    ) -> Result<FoundEntries, ReadError> {
        Ok(FoundEntries {
            log: self.log,
            stores: self.stores.find_all(stores).await?,
            products: self.products.find_all(products).await?,
        })
    }

    /// The offers of products that hold, of suppliers from which the chain orders, as the lists know them.
    pub async fn offers(&self, products: &[ProductId]) -> Result<Vec<OfferOfSupplier>, ReadError> {
        let mut suppliers: HashMap<SupplierCode, Option<Supplier>> = HashMap::new();
        let mut found = Vec::new();
        for product in products {
            let query = ListQuery {
                group: Some(product.to_string()),
                status: Some(OfferStatus::Active.as_str()),
                limit: OFFERS_MAX,
                ..ListQuery::default()
            };
            for offer in self.listings.supplier_offers(query).await?.items {
                let (offer, code) = (offer.state.clone(), offer.state.code.supplier);
                if !suppliers.contains_key(&code) {
                    let entry = self.suppliers.find(&Named::Code(code.clone())).await?;
                    suppliers.insert(code.clone(), entry.map(|entry| entry.state));
                }
                let supplier = suppliers.get(&code).cloned().flatten();
                let active = supplier.filter(|one| one.status == SupplierStatus::Active);
                found.extend(active.map(|supplier| OfferOfSupplier { offer, supplier }));
            }
        }
        Ok(found)
    }
}

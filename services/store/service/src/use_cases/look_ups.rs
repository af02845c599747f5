//! Looking up many stores and products at once, for contexts that keep a copy of the catalogue.

use std::sync::Arc;

use gondola_store_domain::{Product, Store};
use kit_event_store::Incarnation;
use kit_service::ReadError;

use super::decider::Entry;
use super::entries::CatalogueService;
use super::named::Named;

/// Stores and products by name or id.
#[derive(Clone)]
pub struct CatalogueLookUps {
    stores: Arc<CatalogueService<Store>>,
    products: Arc<CatalogueService<Product>>,
    log: Incarnation,
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
        log: Incarnation,
    ) -> Self {
        Self { stores, products, log }
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
}

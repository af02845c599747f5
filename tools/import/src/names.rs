//! The catalogue's codes and their ids, all of them in memory: a file names its stores and products millions of times.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use foldhash::fast::RandomState;
use gondola_inventory_domain::{ProductId, StoreId};
use gondola_store::use_cases::{CatalogueReadModel, ListQuery};
use gondola_store_domain::{Sku, StoreCode};
use kit_core::Scope;

use super::reject::Reject;
use super::services::Services;

/// Codes or SKUs by the id that they name.
type ById<Id> = HashMap<Id, Box<str>, RandomState>;

/// Entries of the catalogue per read.
const PAGE: usize = 5_000;

type Codes<Id> = HashMap<Box<str>, Id, RandomState>;

/// What the catalogue calls its stores and products.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The stores whose stock may be changed.
    scope: Scope,
    stores: Codes<StoreId>,
    products: Codes<ProductId>,
}

impl Names {
    /// Reads the whole catalogue; takes about 100 bytes an entry.
    pub async fn load(listings: &Arc<dyn CatalogueReadModel>) -> anyhow::Result<Self> {
        let mut names = Self::default();
        let mut query = ListQuery { limit: PAGE, ..ListQuery::default() };
        loop {
            let page = listings.stores(query.clone()).await.context("cannot list the stores")?;
            for entry in page.items {
                names.add_store(entry.state.code.as_str(), entry.state.store_id);
            }
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        loop {
            let page =
                listings.products(query.clone()).await.context("cannot list the products")?;
            for entry in page.items {
                names.add_product(entry.state.sku.as_str(), entry.state.product_id);
            }
            query.after = page.next;
            if query.after.is_none() {
                return Ok(names);
            }
        }
    }

    /// The same for one who sees some of the stores: nothing happens in the others.
    pub(super) async fn seen_by(services: &Services) -> anyhow::Result<Self> {
        services.see_catalogue().await?;
        let names = Self::load(&services.listings).await?;
        Ok(Self { scope: services.author.scope.clone(), ..names })
    }

    /// Adds a store that was registered since.
    pub(super) fn add_store(&mut self, code: &str, id: gondola_store_domain::StoreId) {
        self.stores.insert(code.into(), StoreId::from_uuid(id.as_uuid()));
    }

    /// Adds a product that was registered since.
    pub(super) fn add_product(&mut self, sku: &str, id: gondola_store_domain::ProductId) {
        self.products.insert(sku.into(), ProductId::from_uuid(id.as_uuid()));
    }

    /// The store with a code.
    pub(super) fn store(&self, code: &str) -> Option<StoreId> {
        self.stores.get(code).copied()
    }

    /// The product with a SKU.
    pub(super) fn product(&self, sku: &str) -> Option<ProductId> {
        self.products.get(sku).copied()
    }

    /// The stock level that a line is about, or why there is none.
    pub(super) fn level(&self, code: &str, sku: &str) -> Result<(StoreId, ProductId), Reject> {
        Ok((self.own_store(code)?, self.only_product(sku)?))
    }

    /// The store whose stock a line changes, or why it cannot: one that is not the author's does not exist for it.
    pub(super) fn own_store(&self, code: &str) -> Result<StoreId, Reject> {
        let store = self.only_store(code)?;
        if self.scope.allows(store.as_uuid()) { Ok(store) } else { Err(no_store(code)) }
    }

    /// The store that a line is about, or why there is none.
    pub(super) fn only_store(&self, code: &str) -> Result<StoreId, Reject> {
        self.store(code).ok_or_else(|| match StoreCode::new(code) {
            Err(error) => Reject::invalid(&error),
            Ok(_) => no_store(code),
        })
    }

    /// The product that a line is about, or why there is none.
    pub(super) fn only_product(&self, sku: &str) -> Result<ProductId, Reject> {
        self.product(sku).ok_or_else(|| match Sku::new(sku) {
            Err(error) => Reject::invalid(&error),
            Ok(_) => Reject::new(
                "unknown-product",
                format!("the catalogue has no product {sku:?}; import the products first"),
            ),
        })
    }

    /// The code of each store and the SKU of each product, by id.
    pub fn by_id(self) -> (ById<StoreId>, ById<ProductId>) {
        let stores = self.stores.into_iter().map(|(code, id)| (id, code)).collect();
        let products = self.products.into_iter().map(|(sku, id)| (id, sku)).collect();
        (stores, products)
    }
}

fn no_store(code: &str) -> Reject {
    let reason = format!("the catalogue has no store {code:?}; import the stores first");
    Reject::new("unknown-store", reason)
}

//! This context's own copy of the catalogue: which product a SKU names, and which store a code names.
//!
//! Fed by the catalogue's integration events and kept in memory: at every start the store context replays its log to
//! the bus, so there is nothing to persist. Stock needs no entry here; names are a convenience.

use std::hash::Hash;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use gondola_inventory_domain::{ProductId, StoreId, TimeToLive};
use kit_core::Version;
use tokio::sync::watch;

use super::conditions::NotReservable;
use super::names::{Named, Names};

/// Longest wait for unknown names: they may have been registered just before.
const ARRIVAL_WAIT: Duration = Duration::from_millis(150);

/// How a caller names a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductRef {
    /// By id; needs no catalogue entry.
    Id(ProductId),
    /// By SKU.
    Sku(String),
}

/// How a caller names a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreRef {
    /// By id; needs no catalogue entry.
    Id(StoreId),
    /// By code.
    Code(String),
}

/// How a caller names a stock level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelRef {
    /// The store.
    pub store: StoreRef,
    /// The product.
    pub product: ProductRef,
}

/// A name that the catalogue does not have; the message says how to correct it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownName {
    /// No store has this code.
    #[error("no store has the code {0:?}; register it with POST /api/v1/stores or use storeId")]
    Store(String),
    /// No product has this SKU.
    #[error(
        "no product has the SKU {0:?}; register it with POST /api/v1/products or use productId"
    )]
    Product(String),
}

/// The names that a group of requests needs; ids are known without looking.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    stores: Vec<&'a str>,
    products: Vec<&'a str>,
}

impl<'a> Wanted<'a> {
    pub(super) fn store(&mut self, store: &'a StoreRef) {
        if let StoreRef::Code(code) = store {
            self.stores.push(code);
        }
    }

    pub(super) fn product(&mut self, product: &'a ProductRef) {
        if let ProductRef::Sku(sku) = product {
            self.products.push(sku);
        }
    }

    pub(super) fn lines<Q>(&mut self, lines: &'a [(ProductRef, Q)]) {
        for (product, _) in lines {
            self.product(product);
        }
    }

    pub(super) fn level(&mut self, level: &'a LevelRef) {
        self.store(&level.store);
        self.product(&level.product);
    }
}

/// Replica of the catalogue: names, codes and ids of stores and products.
#[derive(Debug)]
pub struct Catalogue {
    products: RwLock<Names<ProductId>>,
    stores: RwLock<Names<StoreId>>,
    changes: watch::Sender<u64>,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self {
            products: RwLock::default(),
            stores: RwLock::default(),
            changes: watch::Sender::new(0),
        }
    }
}

impl Catalogue {
    /// Notes a product of the catalogue; an older version than the known one changes nothing.
    pub fn note_product(&self, id: ProductId, product: Named, version: Version) {
        self.products.write().unwrap_or_else(PoisonError::into_inner).note(id, product, version);
        self.changes.send_modify(|count| *count += 1);
    }

    /// Notes a store of the catalogue; an older version than the known one changes nothing.
    pub fn note_store(&self, id: StoreId, store: Named, version: Version) {
        self.stores.write().unwrap_or_else(PoisonError::into_inner).note(id, store, version);
        self.changes.send_modify(|count| *count += 1);
    }

    /// Resolves the product that a caller names; waits for one that was registered just before.
    pub async fn product(&self, named: &ProductRef) -> Result<ProductId, UnknownName> {
        let mut wanted = Wanted::default();
        wanted.product(named);
        self.arrival(wanted).await;
        self.find_product(named)
    }

    /// Resolves the store that a caller names; waits for one that was registered just before.
    pub async fn store(&self, named: &StoreRef) -> Result<StoreId, UnknownName> {
        let mut wanted = Wanted::default();
        wanted.store(named);
        self.arrival(wanted).await;
        self.find_store(named)
    }

    /// Resolves the stock level that a caller names; waits for names that were registered just before.
    pub async fn level(&self, named: &LevelRef) -> Result<(StoreId, ProductId), UnknownName> {
        let mut wanted = Wanted::default();
        wanted.level(named);
        self.arrival(wanted).await;
        self.find_level(named)
    }

    /// The product that a caller means, as far as it is known now.
    pub(super) fn find_product(&self, named: &ProductRef) -> Result<ProductId, UnknownName> {
        match named {
            ProductRef::Id(id) => Ok(*id),
            ProductRef::Sku(sku) => {
                find(&self.products, sku).ok_or_else(|| UnknownName::Product(sku.clone()))
            }
        }
    }

    /// The store that a caller means, as far as it is known now.
    pub(super) fn find_store(&self, named: &StoreRef) -> Result<StoreId, UnknownName> {
        match named {
            StoreRef::Id(id) => Ok(*id),
            StoreRef::Code(code) => {
                find(&self.stores, code).ok_or_else(|| UnknownName::Store(code.clone()))
            }
        }
    }

    /// The stock level that a caller means, as far as its names are known now.
    pub(super) fn find_level(&self, named: &LevelRef) -> Result<(StoreId, ProductId), UnknownName> {
        Ok((self.find_store(&named.store)?, self.find_product(&named.product)?))
    }

    /// Gives names that were registered just now the time to arrive: all of them together, not each.
    pub(super) async fn arrival(&self, mut wanted: Wanted<'_>) {
        if self.has_all(&mut wanted) {
            return;
        }
        let mut changes = self.changes.subscribe();
        let all_arrive =
            async { while !self.has_all(&mut wanted) && changes.changed().await.is_ok() {} };
        // a name that has not arrived by then is unknown, and only its own request is refused
        drop(tokio::time::timeout(ARRIVAL_WAIT, all_arrive).await);
    }

    /// Whether all names are known; those that are do not count as wanted any more.
    fn has_all(&self, wanted: &mut Wanted<'_>) -> bool {
        let Wanted { stores, products } = wanted;
        stores.retain(|code| find(&self.stores, code).is_none());
        products.retain(|sku| find(&self.products, sku).is_none());
        stores.is_empty() && products.is_empty()
    }

    /// What the catalogue says of a product, if it has it.
    pub fn of_product(&self, id: ProductId) -> Option<Named> {
        self.products.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// What the catalogue says of a store, if it has it.
    pub fn of_store(&self, id: StoreId) -> Option<Named> {
        self.stores.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// Why a reservation cannot hold units of a store for a time from now on, if so. A store that says nothing, and one that
    /// the catalogue does not have, allow [`TimeToLive::LIMIT_DEFAULT`].
    pub(super) fn held_too_long(&self, store: StoreId, ttl: TimeToLive) -> Option<NotReservable> {
        let allowed = || self.of_store(store)?.longest_hold;
        let allowed = allowed().unwrap_or(TimeToLive::LIMIT_DEFAULT);
        let (asked, allowed) = (ttl.as_seconds(), allowed.as_seconds());
        (asked > allowed).then_some(NotReservable::HeldTooLong { asked, allowed })
    }

    /// Why nothing of these products can be reserved in a store, if so. What the catalogue does not have can be.
    pub(super) fn not_reservable(
        &self,
        store: StoreId,
        products: impl IntoIterator<Item = ProductId>,
    ) -> Option<NotReservable> {
        let closed = self.of_store(store).filter(|store| !store.active);
        let closed = closed.map(|store| NotReservable::StoreClosed(store.code));
        closed.or_else(|| {
            let known = products.into_iter().filter_map(|product| self.of_product(product));
            let mut discontinued = known.filter(|product| !product.active);
            discontinued.next().map(|product| NotReservable::ProductDiscontinued(product.code))
        })
    }
}

fn find<Id: Copy + Eq + Hash>(names: &RwLock<Names<Id>>, code: &str) -> Option<Id> {
    names.read().unwrap_or_else(PoisonError::into_inner).find(code)
}

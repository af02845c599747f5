//! This context's own copy of the catalogue: which product a SKU names, and which store a code names.
//!
//! Fed by the catalogue's integration events and kept in memory: at every start the store context replays its log to
//! the bus, so there is nothing to persist. Stock needs no entry here; names are a convenience.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::Version;
use tokio::sync::watch;

/// How long a name that is not known yet is waited for: it may have been registered a moment ago.
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

/// The replica.
#[derive(Debug)]
pub struct Catalogue {
    products: RwLock<Names<ProductId>>,
    stores: RwLock<Names<StoreId>>,
    changes: watch::Sender<u64>,
}

#[derive(Debug)]
struct Names<Id> {
    by_name: HashMap<Box<str>, Id>,
    by_id: HashMap<Id, (Box<str>, Version)>,
}

impl<Id: Copy + Eq + Hash> Names<Id> {
    fn note(&mut self, id: Id, name: &str, version: Version) {
        let older = self.by_id.get(&id).is_none_or(|(_, known)| *known < version);
        if older {
            self.by_name.insert(name.into(), id);
            self.by_id.insert(id, (name.into(), version));
        }
    }
}

impl<Id> Default for Names<Id> {
    fn default() -> Self {
        Self { by_name: HashMap::new(), by_id: HashMap::new() }
    }
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
    pub fn note_product(&self, id: ProductId, sku: &str, version: Version) {
        self.products.write().unwrap_or_else(PoisonError::into_inner).note(id, sku, version);
        self.changes.send_modify(|count| *count += 1);
    }

    /// Notes a store of the catalogue; an older version than the known one changes nothing.
    pub fn note_store(&self, id: StoreId, code: &str, version: Version) {
        self.stores.write().unwrap_or_else(PoisonError::into_inner).note(id, code, version);
        self.changes.send_modify(|count| *count += 1);
    }

    /// The product that a caller means; `None` when the catalogue has no such SKU.
    pub async fn product(&self, named: &ProductRef) -> Option<ProductId> {
        match named {
            ProductRef::Id(id) => Some(*id),
            ProductRef::Sku(sku) => self.arrival(&self.products, sku).await,
        }
    }

    /// The store that a caller means; `None` when the catalogue has no such code.
    pub async fn store(&self, named: &StoreRef) -> Option<StoreId> {
        match named {
            StoreRef::Id(id) => Some(*id),
            StoreRef::Code(code) => self.arrival(&self.stores, code).await,
        }
    }

    /// A product's SKU, if the catalogue has it.
    pub fn sku(&self, id: ProductId) -> Option<Box<str>> {
        let names = self.products.read().unwrap_or_else(PoisonError::into_inner);
        names.by_id.get(&id).map(|(name, _)| name.clone())
    }

    /// A store's code, if the catalogue has it.
    pub fn code(&self, id: StoreId) -> Option<Box<str>> {
        let names = self.stores.read().unwrap_or_else(PoisonError::into_inner);
        names.by_id.get(&id).map(|(name, _)| name.clone())
    }

    /// Looks a name up, giving one that was registered just now the time to arrive.
    async fn arrival<Id: Copy>(&self, names: &RwLock<Names<Id>>, name: &str) -> Option<Id> {
        let find = || {
            let names = names.read().unwrap_or_else(PoisonError::into_inner);
            names.by_name.get(name).copied()
        };
        let mut changes = self.changes.subscribe();
        let arrives = async {
            loop {
                if let Some(id) = find() {
                    return Some(id);
                }
                changes.changed().await.ok()?;
            }
        };
        match find() {
            Some(id) => Some(id),
            None => tokio::time::timeout(ARRIVAL_WAIT, arrives).await.ok().flatten(),
        }
    }
}

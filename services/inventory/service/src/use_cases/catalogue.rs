//! This context's own copy of the catalogue: which product a SKU names, and which store a code names.
//!
//! Fed by the catalogue's integration events and kept in memory: at every start the store context replays its log to
//! the bus, so there is nothing to persist. Until that is done, nobody is told that a name does not exist. Stock needs no
//! entry here; names are a convenience.

mod asking;
mod reservable;
mod wanted;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use gondola_contracts::{Origin, SourceLog};
use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::{Gtin, GtinNumber, Location, Scope, Version};
use parking_lot::Mutex;
use tokio::sync::watch;
use uuid::Uuid;

use super::arrival_wait::ArrivalWait;
use super::look_up::CatalogueLookUp;
use super::names::{Named, Names};
use asking::Asking;

pub(super) use wanted::Wanted;
pub use wanted::{LevelRef, ProductRef, StoreRef};

/// Longest wait for names while the catalogue is read at a start.
const FILLING_WAIT: Duration = Duration::from_secs(2);

/// A name that the catalogue does not have, or not yet; the message says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownName {
    /// No store has this code.
    #[error("no store has the code {0:?}; register it with POST /api/v1/stores or use storeId")]
    Store(String),
    /// No store that the caller may see has this id.
    #[error("no store has the id {0}; name one that the caller works in")]
    StoreId(StoreId),
    /// No product has this SKU.
    #[error(
        "no product has the SKU {0:?}; register it with POST /api/v1/products or use productId"
    )]
    Product(String),
    /// No product has this barcode.
    #[error(
        "no product has the GTIN {0}; give it to one with PATCH /api/v1/products/{{product}}, or use productSku or productId"
    )]
    Gtin(GtinNumber),
    /// Whether there is such an entry is not known so soon after a start.
    #[error(
        "the catalogue's stores and products are still being read after the start; try again shortly"
    )]
    Filling,
}

/// Replica of the catalogue: names, codes and ids of stores and products.
pub struct Catalogue {
    products: RwLock<Names<ProductId>>,
    stores: RwLock<Names<StoreId>>,
    /// Whether it has all that the catalogue had at this start.
    is_filled: AtomicBool,
    changes: watch::Sender<u64>,
    /// Which log of the catalogue it is a copy of.
    source: Mutex<SourceLog>,
    /// The catalogue itself, where it can be asked.
    asking: Option<Asking>,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self {
            products: RwLock::default(),
            stores: RwLock::default(),
            is_filled: AtomicBool::new(true),
            changes: watch::Sender::new(0),
            source: Mutex::default(),
            asking: None,
        }
    }
}

impl Catalogue {
    /// An empty copy, which asks the catalogue itself for what it lacks, where that can be asked.
    #[must_use]
    pub fn new(catalogue: Option<Arc<dyn CatalogueLookUp>>) -> Self {
        Self { asking: catalogue.map(Asking::new), ..Self::default() }
    }

    /// Notes that it lacks what the catalogue has had before this start.
    pub fn note_filling(&self) {
        self.is_filled.store(false, Ordering::Release);
    }

    /// Notes that it has all that the catalogue had at this start.
    pub fn note_filled(&self) {
        self.is_filled.store(true, Ordering::Release);
        self.changes.send_modify(|count| *count += 1);
    }

    /// Whether a name that it does not have is not registered.
    pub fn is_filled(&self) -> bool {
        self.is_filled.load(Ordering::Acquire)
    }

    /// Notes what one of the catalogue's logs tells, unless that is an earlier log than the copy is of; of a later one it
    /// becomes the copy, and what it had is forgotten. Whether it is noted.
    pub fn note_from(&self, log: Option<Uuid>, note: impl FnOnce(&Self)) -> bool {
        // kept, so that nothing of an earlier log comes after it was forgotten
        let mut source = self.source.lock();
        match source.origin(log) {
            Origin::Present => {}
            Origin::New => {
                tracing::warn!(?log, "catalogue_is_read_from_another_log");
                self.clear();
            }
            Origin::Former => return false,
        }
        note(self);
        true
    }

    fn clear(&self) {
        *self.products.write().unwrap_or_else(PoisonError::into_inner) = Names::default();
        *self.stores.write().unwrap_or_else(PoisonError::into_inner) = Names::default();
    }

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
        self.arrival(wanted, &mut ArrivalWait::default()).await;
        self.find_product(named)
    }

    /// Resolves the store that a caller names; waits for one that was registered just before. Outside its scope there is none.
    pub async fn store(&self, named: &StoreRef, scope: &Scope) -> Result<StoreId, UnknownName> {
        let mut wanted = Wanted::default();
        wanted.store(named);
        self.arrival(wanted, &mut ArrivalWait::default()).await;
        self.find_store(named, scope)
    }

    /// Resolves the stock level that a caller names; waits for names that were registered just before. Outside its scope there
    /// is none.
    pub async fn level(
        &self,
        named: &LevelRef,
        scope: &Scope,
    ) -> Result<(StoreId, ProductId), UnknownName> {
        let mut wanted = Wanted::default();
        wanted.level(named);
        self.arrival(wanted, &mut ArrivalWait::default()).await;
        self.find_level(named, scope)
    }

    /// Resolves stock levels, each by itself and in their order; waits once for all names that were registered just before.
    /// Outside the caller's scope there is none.
    pub async fn levels(
        &self,
        named: &[LevelRef],
        scope: &Scope,
    ) -> Vec<Result<(StoreId, ProductId), UnknownName>> {
        let mut wanted = Wanted::default();
        for level in named {
            wanted.level(level);
        }
        self.arrival(wanted, &mut ArrivalWait::default()).await;
        named.iter().map(|level| self.find_level(level, scope)).collect()
    }

    /// Resolves the products of lines; waits once for all that were registered just before.
    pub async fn lines<Q: Copy>(
        &self,
        lines: &[(ProductRef, Q)],
    ) -> Result<Vec<(ProductId, Q)>, UnknownName> {
        let mut wanted = Wanted::default();
        wanted.lines(lines);
        self.arrival(wanted, &mut ArrivalWait::default()).await;
        let found =
            |(product, of_line): &(ProductRef, Q)| Ok((self.find_product(product)?, *of_line));
        lines.iter().map(found).collect()
    }

    /// Resolves products, each by itself and in their order; waits once for all that were registered just before.
    pub async fn products(&self, named: &[ProductRef]) -> Vec<Result<ProductId, UnknownName>> {
        let mut wanted = Wanted::default();
        for product in named {
            wanted.product(product);
        }
        self.arrival(wanted, &mut ArrivalWait::default()).await;
        named.iter().map(|product| self.find_product(product)).collect()
    }

    /// Resolves stores, in their order; waits once for all that were registered just before. Outside the caller's scope there
    /// is none.
    pub async fn stores(
        &self,
        named: &[StoreRef],
        scope: &Scope,
    ) -> Result<Vec<StoreId>, UnknownName> {
        let mut wanted = Wanted::default();
        for store in named {
            wanted.store(store);
        }
        self.arrival(wanted, &mut ArrivalWait::default()).await;
        named.iter().map(|store| self.find_store(store, scope)).collect()
    }

    /// The product that a caller means, as far as it is known now.
    pub(crate) fn find_product(&self, named: &ProductRef) -> Result<ProductId, UnknownName> {
        if let ProductRef::Id(id) = named {
            return Ok(*id);
        }
        // asked before looking, so that what arrives in between does not count as unregistered
        let is_filled = self.is_filled();
        self.known_product(named).ok_or_else(|| match named {
            _ if !is_filled => UnknownName::Filling,
            ProductRef::Id(id) => UnknownName::Product(id.to_string()),
            ProductRef::Gtin(gtin) => UnknownName::Gtin(gtin.clone()),
            ProductRef::Sku(sku) | ProductRef::SkuOrGtin(sku) => UnknownName::Product(sku.clone()),
        })
    }

    /// The product that a name means, if the copy has it.
    fn known_product(&self, named: &ProductRef) -> Option<ProductId> {
        let products = self.products.read().unwrap_or_else(PoisonError::into_inner);
        match named {
            ProductRef::Id(id) => products.get(*id).map(|_| *id),
            ProductRef::Sku(sku) => products.find(sku),
            ProductRef::Gtin(gtin) => products.with_gtin(gtin),
            ProductRef::SkuOrGtin(text) => products.find(text).or_else(|| {
                let gtin = Gtin::new(text).ok()?;
                products.with_gtin(&gtin.number())
            }),
        }
    }

    /// The store that a caller means, as far as it is known now; one outside its scope is as unknown as one that is not there.
    pub(super) fn find_store(
        &self,
        named: &StoreRef,
        scope: &Scope,
    ) -> Result<StoreId, UnknownName> {
        let (id, unknown) = match named {
            StoreRef::Id(id) => (*id, UnknownName::StoreId(*id)),
            StoreRef::Code(code) => (self.store_with(code)?, UnknownName::Store(code.clone())),
        };
        if scope.allows(id.as_uuid()) { Ok(id) } else { Err(unknown) }
    }

    /// The stock level that a caller means, as far as its names are known now.
    pub(super) fn find_level(
        &self,
        named: &LevelRef,
        scope: &Scope,
    ) -> Result<(StoreId, ProductId), UnknownName> {
        Ok((self.find_store(&named.store, scope)?, self.find_product(&named.product)?))
    }

    fn store_with(&self, code: &str) -> Result<StoreId, UnknownName> {
        // asked before looking, so that what arrives in between does not count as unregistered
        let is_filled = self.is_filled();
        let unknown = || {
            if is_filled { UnknownName::Store(code.to_owned()) } else { UnknownName::Filling }
        };
        self.known_store(code).ok_or_else(unknown)
    }

    /// The store that a code means, if the copy has it.
    fn known_store(&self, code: &str) -> Option<StoreId> {
        self.stores.read().unwrap_or_else(PoisonError::into_inner).find(code)
    }

    /// Gives names that were registered just now the time to arrive, and asks the catalogue for them where that is possible:
    /// all of them together, not each. While the catalogue is read at a start, it is waited for longer.
    pub(super) async fn arrival(&self, mut wanted: Wanted<'_>, wait: &mut ArrivalWait) {
        if self.suffices(&mut wanted) {
            return;
        }
        let mut changes = self.changes.subscribe();
        let is_filled = self.is_filled();
        let asked = self.asked(wanted.entry_refs(!is_filled));
        let told =
            async { while !self.suffices(&mut wanted) && changes.changed().await.is_ok() {} };
        let all_arrive = async {
            tokio::select! {
                () = told => {}
                () = asked => {}
            }
        };
        // a name that has not arrived by then is unknown, and only its own request is refused
        if is_filled {
            wait.wait_for(all_arrive).await;
        } else {
            drop(tokio::time::timeout(FILLING_WAIT, all_arrive).await);
        }
    }

    /// Waits until the catalogue has been read after a start, at most 2 seconds.
    pub async fn filled(&self) -> Result<(), UnknownName> {
        let wanted = Wanted { entries: true, ..Wanted::default() };
        self.arrival(wanted, &mut ArrivalWait::default()).await;
        if self.is_filled() { Ok(()) } else { Err(UnknownName::Filling) }
    }

    /// Whether all is known that is wanted.
    fn suffices(&self, wanted: &mut Wanted<'_>) -> bool {
        self.has_all(wanted) && (!wanted.entries || self.is_filled())
    }

    /// Whether all names are known; those that are do not count as wanted any more.
    fn has_all(&self, wanted: &mut Wanted<'_>) -> bool {
        let Wanted { stores, products, .. } = wanted;
        stores.retain(|code| self.known_store(code).is_none());
        products.retain(|product| self.known_product(product).is_none());
        stores.is_empty() && products.is_empty()
    }

    /// What the catalogue says of a product, if it has it.
    pub fn of_product(&self, id: ProductId) -> Option<Named> {
        self.products.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// What people call a product: its SKU, or its id if the catalogue does not know it.
    pub(super) fn called(&self, id: ProductId) -> Arc<str> {
        self.of_product(id).map_or_else(|| id.to_string().into(), |product| product.code)
    }

    /// Where a store is, if the catalogue knows it.
    pub(super) fn location_of(&self, store: StoreId) -> Option<Location> {
        self.stores.read().unwrap_or_else(PoisonError::into_inner).get(store)?.location
    }

    /// How far a store is from a place, if the catalogue knows where the store is.
    pub(super) fn metres_to(&self, store: StoreId, place: Location) -> Option<u32> {
        let stores = self.stores.read().unwrap_or_else(PoisonError::into_inner);
        Some(stores.get(store)?.location?.metres_to(place))
    }

    /// What the catalogue says of a store, if it has it.
    pub fn of_store(&self, id: StoreId) -> Option<Named> {
        self.stores.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}

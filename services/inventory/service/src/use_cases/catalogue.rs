//! This context's own copy of the catalogue: which product a SKU names, and which store a code names.
//!
//! Fed by the catalogue's integration events and kept in memory: at every start the store context replays its log to
//! the bus, so there is nothing to persist. Until that is done, nobody is told that a name does not exist. Stock needs no
//! entry here; names are a convenience.

use std::hash::Hash;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use gondola_inventory_domain::{ProductId, StoreId, TimeToLive};
use kit_core::Version;
use tokio::sync::watch;

use super::arrival_wait::ArrivalWait;
use super::conditions::NotReservable;
use super::names::{Named, Names};

/// Longest wait for names while the catalogue is read at a start.
const FILLING_WAIT: Duration = Duration::from_secs(2);

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

/// A name that the catalogue does not have, or not yet; the message says what to do.
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
    /// Whether there is such an entry is not known so soon after a start.
    #[error(
        "the catalogue's stores and products are still being read after the start; try again shortly"
    )]
    Filling,
}

/// The names that a group of requests needs; ids are known without looking.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    stores: Vec<&'a str>,
    products: Vec<&'a str>,
    /// Whether what the catalogue says of an id matters as well.
    entries: bool,
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

    pub(super) const fn entries(&mut self) {
        self.entries = true;
    }
}

/// Replica of the catalogue: names, codes and ids of stores and products.
#[derive(Debug)]
pub struct Catalogue {
    products: RwLock<Names<ProductId>>,
    stores: RwLock<Names<StoreId>>,
    /// Whether it has all that the catalogue had at this start.
    is_filled: AtomicBool,
    changes: watch::Sender<u64>,
}

impl Default for Catalogue {
    fn default() -> Self {
        Self {
            products: RwLock::default(),
            stores: RwLock::default(),
            is_filled: AtomicBool::new(true),
            changes: watch::Sender::new(0),
        }
    }
}

impl Catalogue {
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

    /// Forgets everything: it was the copy of another log.
    pub fn clear(&self) {
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

    /// Resolves the store that a caller names; waits for one that was registered just before.
    pub async fn store(&self, named: &StoreRef) -> Result<StoreId, UnknownName> {
        let mut wanted = Wanted::default();
        wanted.store(named);
        self.arrival(wanted, &mut ArrivalWait::default()).await;
        self.find_store(named)
    }

    /// Resolves the stock level that a caller names; waits for names that were registered just before.
    pub async fn level(&self, named: &LevelRef) -> Result<(StoreId, ProductId), UnknownName> {
        let mut wanted = Wanted::default();
        wanted.level(named);
        self.arrival(wanted, &mut ArrivalWait::default()).await;
        self.find_level(named)
    }

    /// The product that a caller means, as far as it is known now.
    pub(super) fn find_product(&self, named: &ProductRef) -> Result<ProductId, UnknownName> {
        match named {
            ProductRef::Id(id) => Ok(*id),
            ProductRef::Sku(sku) => self.look_up(&self.products, sku, UnknownName::Product),
        }
    }

    /// The store that a caller means, as far as it is known now.
    pub(super) fn find_store(&self, named: &StoreRef) -> Result<StoreId, UnknownName> {
        match named {
            StoreRef::Id(id) => Ok(*id),
            StoreRef::Code(code) => self.look_up(&self.stores, code, UnknownName::Store),
        }
    }

    /// The stock level that a caller means, as far as its names are known now.
    pub(super) fn find_level(&self, named: &LevelRef) -> Result<(StoreId, ProductId), UnknownName> {
        Ok((self.find_store(&named.store)?, self.find_product(&named.product)?))
    }

    fn look_up<Id: Copy + Eq + Hash>(
        &self,
        names: &RwLock<Names<Id>>,
        code: &str,
        unknown: fn(String) -> UnknownName,
    ) -> Result<Id, UnknownName> {
        // asked before looking, so that what arrives in between does not count as unregistered
        let is_filled = self.is_filled();
        let unknown = || if is_filled { unknown(code.to_owned()) } else { UnknownName::Filling };
        find(names, code).ok_or_else(unknown)
    }

    /// Gives names that were registered just now the time to arrive: all of them together, not each. While the catalogue
    /// is read at a start, it is waited for longer.
    pub(super) async fn arrival(&self, mut wanted: Wanted<'_>, wait: &mut ArrivalWait) {
        if self.suffices(&mut wanted) {
            return;
        }
        let mut changes = self.changes.subscribe();
        let all_arrive =
            async { while !self.suffices(&mut wanted) && changes.changed().await.is_ok() {} };
        // a name that has not arrived by then is unknown, and only its own request is refused
        if self.is_filled() {
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
    ) -> Result<Option<NotReservable>, UnknownName> {
        let is_filled = self.is_filled();
        let in_time = |entry: Option<Named>| match entry {
            None if !is_filled => Err(UnknownName::Filling),
            entry => Ok(entry),
        };
        if let Some(closed) = in_time(self.of_store(store))?.filter(|store| !store.active) {
            return Ok(Some(NotReservable::StoreClosed(closed.code)));
        }
        for product in products {
            let product = in_time(self.of_product(product))?;
            if let Some(discontinued) = product.filter(|product| !product.active) {
                return Ok(Some(NotReservable::ProductDiscontinued(discontinued.code)));
            }
        }
        Ok(None)
    }
}

fn find<Id: Copy + Eq + Hash>(names: &RwLock<Names<Id>>, code: &str) -> Option<Id> {
    names.read().unwrap_or_else(PoisonError::into_inner).find(code)
}

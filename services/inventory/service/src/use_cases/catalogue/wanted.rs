//! How callers name stores and products, and which of them a group of requests needs.

use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::GtinNumber;

/// How a caller names a product.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProductRef {
    /// By id; needs no catalogue entry.
    Id(ProductId),
    /// By SKU.
    Sku(String),
    /// By the number of its barcode.
    Gtin(GtinNumber),
    /// By SKU, or where no product has that SKU by its barcode; as paths name a product.
    SkuOrGtin(String),
}

/// How a caller names a store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// An entry of the catalogue, by id or by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum EntryRef {
    Store(StoreRef),
    Product(ProductRef),
}

/// The names that a group of requests needs; ids are known without looking.
#[derive(Debug, Default)]
pub(in crate::use_cases) struct Wanted<'a> {
    pub(super) stores: Vec<&'a str>,
    pub(super) products: Vec<&'a ProductRef>,
    /// Whether what the catalogue says of an id matters as well.
    pub(super) entries: bool,
    /// The ids of which it matters.
    pub(super) ids: Vec<EntryRef>,
}

impl<'a> Wanted<'a> {
    pub(in crate::use_cases) fn store(&mut self, store: &'a StoreRef) {
        match store {
            StoreRef::Code(code) => self.stores.push(code),
            StoreRef::Id(_) if self.entries => self.ids.push(EntryRef::Store(store.clone())),
            StoreRef::Id(_) => {}
        }
    }

    pub(in crate::use_cases) fn product(&mut self, product: &'a ProductRef) {
        match product {
            ProductRef::Id(_) if self.entries => {
                self.ids.push(EntryRef::Product(product.clone()));
            }
            ProductRef::Id(_) => {}
            _ => self.products.push(product),
        }
    }

    pub(in crate::use_cases) fn lines<Q>(&mut self, lines: &'a [(ProductRef, Q)]) {
        for (product, _) in lines {
            self.product(product);
        }
    }

    pub(in crate::use_cases) fn level(&mut self, level: &'a LevelRef) {
        self.store(&level.store);
        self.product(&level.product);
    }

    pub(in crate::use_cases) const fn entries(&mut self) {
        self.entries = true;
    }

    /// The names that are wanted still, and the ids if those matter.
    pub(super) fn entry_refs(&self, with_ids: bool) -> Vec<EntryRef> {
        let code = |code: &&str| EntryRef::Store(StoreRef::Code((*code).to_owned()));
        let product = |product: &&ProductRef| EntryRef::Product((*product).clone());
        let names = self.stores.iter().map(code).chain(self.products.iter().map(product));
        let ids = with_ids.then_some(&self.ids).into_iter().flatten().cloned();
        names.chain(ids).collect()
    }
}

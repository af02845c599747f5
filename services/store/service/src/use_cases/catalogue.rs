//! Filling the catalogue from inside the process: registrations that may be repeated.

use std::sync::Arc;

use gondola_store_domain::{
    Aggregate, Category, Product, ProductId, Refusal, Store, StoreId, Supplier, SupplierOffer,
};
use kit_core::Caller;
use kit_executor::CommandReceipt;

use super::decider::Entry;
use super::entries::{CatalogueService, Written};
use super::errors::WriteError;
use super::stored::Stored;

/// Most entries registered in one append.
const BULK_MAX: usize = 500;

/// What became of a registration that may have been made before.
#[derive(Clone, Debug, PartialEq)]
pub enum Registration<A: Aggregate> {
    /// It is new.
    Registered(CommandReceipt<Entry<A>>),
    /// Its code is registered already, under this id; nothing was changed, whatever else differs.
    AlreadyRegistered(A::Id),
}

impl<A: Aggregate> Registration<A> {
    /// The id under which the code is registered now.
    pub fn id(&self) -> A::Id {
        match self {
            Self::Registered(done) => done.answer.state.id(),
            Self::AlreadyRegistered(id) => *id,
        }
    }
}

/// Registrations for imports and demonstrations: idempotent by the codes of entries.
#[derive(Clone)]
pub struct CatalogueWrites {
    stores: Arc<CatalogueService<Store>>,
    products: Arc<CatalogueService<Product>>,
    categories: Arc<CatalogueService<Category>>,
    suppliers: Arc<CatalogueService<Supplier>>,
    offers: Arc<CatalogueService<SupplierOffer>>,
}

impl CatalogueWrites {
    /// Puts the registrations together.
    #[must_use]
    pub fn new(
        stores: Arc<CatalogueService<Store>>,
        products: Arc<CatalogueService<Product>>,
        categories: Arc<CatalogueService<Category>>,
        suppliers: Arc<CatalogueService<Supplier>>,
        offers: Arc<CatalogueService<SupplierOffer>>,
    ) -> Self {
        Self { stores, products, categories, suppliers, offers }
    }

    /// The stores.
    pub fn stores(&self) -> &CatalogueService<Store> {
        &self.stores
    }

    /// The products.
    pub fn products(&self) -> &CatalogueService<Product> {
        &self.products
    }

    /// The categories.
    pub fn categories(&self) -> &CatalogueService<Category> {
        &self.categories
    }

    /// The suppliers.
    pub fn suppliers(&self) -> &CatalogueService<Supplier> {
        &self.suppliers
    }

    /// What suppliers offer.
    pub fn offers(&self) -> &CatalogueService<SupplierOffer> {
        &self.offers
    }

    /// A new store id.
    pub fn new_store_id(&self) -> StoreId {
        self.stores.new_id()
    }

    /// A new product id.
    pub fn new_product_id(&self) -> ProductId {
        self.products.new_id()
    }

    /// Registers a store unless its code is registered.
    pub async fn register_store(
        &self,
        store: Store,
        caller: Caller,
    ) -> Result<Registration<Store>, WriteError<Store>> {
        let code = store.code.clone();
        once(&code, self.stores.register(store, caller).await)
    }

    /// Registers a product unless its SKU is registered.
    pub async fn register_product(
        &self,
        product: Product,
        caller: Caller,
    ) -> Result<Registration<Product>, WriteError<Product>> {
        let sku = product.sku.clone();
        once(&sku, self.products.register(product, caller).await)
    }

    /// Registers the stores whose codes are not registered, in order; each has a result of its own.
    ///
    /// An idempotency key of `caller` is not used: the codes make a repetition harmless.
    pub async fn register_stores(
        &self,
        stores: Vec<Store>,
        caller: &Caller,
    ) -> Vec<Result<Registration<Store>, WriteError<Store>>> {
        register_all(&self.stores, stores, caller).await
    }

    /// Registers the products whose SKUs are not registered, in order; each has a result of its own.
    ///
    /// An idempotency key of `caller` is not used: the SKUs make a repetition harmless.
    pub async fn register_products(
        &self,
        products: Vec<Product>,
        caller: &Caller,
    ) -> Vec<Result<Registration<Product>, WriteError<Product>>> {
        register_all(&self.products, products, caller).await
    }

    /// Registers the categories whose codes are not registered, in order, so that one may stand below one before it.
    ///
    /// An idempotency key of `caller` is not used: the codes make a repetition harmless.
    pub async fn register_categories(
        &self,
        categories: Vec<Category>,
        caller: &Caller,
    ) -> Vec<Result<Registration<Category>, WriteError<Category>>> {
        register_all(&self.categories, categories, caller).await
    }

    /// Registers the suppliers whose codes are not registered, in order; each has a result of its own.
    ///
    /// An idempotency key of `caller` is not used: the codes make a repetition harmless.
    pub async fn register_suppliers(
        &self,
        suppliers: Vec<Supplier>,
        caller: &Caller,
    ) -> Vec<Result<Registration<Supplier>, WriteError<Supplier>>> {
        register_all(&self.suppliers, suppliers, caller).await
    }

    /// Makes the offers that are not made, in order; each has a result of its own. Products are taken as they are given, and
    /// one offer that holds needs a supplier that is registered and not removed.
    ///
    /// An idempotency key of `caller` is not used: product and supplier make a repetition harmless.
    pub async fn register_offers(
        &self,
        offers: Vec<SupplierOffer>,
        caller: &Caller,
    ) -> Vec<Result<Registration<SupplierOffer>, WriteError<SupplierOffer>>> {
        let mut results = Vec::with_capacity(offers.len());
        let (mut places, mut usable) = (Vec::new(), Vec::new());
        for (at, mut offer) in offers.into_iter().enumerate() {
            let refused = match self.suppliers.available(&offer.code.supplier).await {
                Ok(Ok(code)) => {
                    offer.code.supplier = code;
                    None
                }
                Ok(Err(_)) if offer.is_removed() => None,
                Ok(Err(refusal)) => Some(WriteError::Refused(refusal)),
                Err(error) => Some(error.into()),
            };
            results.push(refused.map(Err));
            if results[at].is_none() {
                places.push(at);
                usable.push(offer);
            }
        }
        let made = register_all(&self.offers, usable, caller).await;
        for (at, one) in places.into_iter().zip(made) {
            results[at] = Some(one);
        }
        results.into_iter().flatten().collect()
    }
}

async fn register_all<A: Stored>(
    entries: &CatalogueService<A>,
    all: Vec<A>,
    caller: &Caller,
) -> Vec<Result<Registration<A>, WriteError<A>>> {
    let caller = Caller { idempotency: None, ..caller.clone() };
    let mut results = Vec::with_capacity(all.len());
    for some in all.chunks(BULK_MAX) {
        let written = entries.register_many(some.to_vec(), &caller).await;
        let codes = some.iter().map(A::code);
        results.extend(codes.zip(written).map(|(code, written)| once(code, written)));
    }
    results
}

/// That the wanted code is registered, in whatever case, is success; that the id has another code is not.
fn once<A: Stored>(
    wanted: &A::Code,
    written: Written<A>,
) -> Result<Registration<A>, WriteError<A>> {
    match written {
        Ok(done) => Ok(Registration::Registered(done)),
        Err(WriteError::Refused(Refusal::AlreadyRegistered { id, code }))
            if A::folded_key(&code) == A::folded_key(wanted) =>
        {
            Ok(Registration::AlreadyRegistered(id))
        }
        Err(error) => Err(error),
    }
}

//! Whom the inventory asks for names that have not come over the bus, and whom messages to people ask for all of theirs: the
//! catalogue in the same process, or in others.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use gondola_inventory::HttpCatalogue;
use gondola_inventory::use_cases::{
    CatalogueLookUp, FoundEntries, FoundEntry, FoundOffer, LookUpFailed, Named as Entry,
    ProductRef, StoreRef, SupplierOffers, WantedEntries,
};
use gondola_inventory_domain::{OrderTerms, ProductId, StoreId, UnitCost};
use gondola_store::use_cases::{self as store, CatalogueLookUps, Named};
use gondola_store_domain::{
    Gtin, LeadTime, LongestHold, Product, ProductStatus, Store, StoreStatus,
};
use kit_http_client::{Credential, ServiceClient, ServiceUrl};
use tokio::time::timeout;

use crate::roles::Roles;

/// The catalogue in the same process, once it has started: the inventory starts before it, to miss none of its news.
#[derive(Default)]
pub(crate) struct Here(OnceLock<CatalogueLookUps>);

/// Whom an inventory and messages ask.
#[derive(Clone)]
pub(crate) enum Names {
    Here(Arc<Here>),
    Elsewhere(Arc<HttpCatalogue>),
    /// Nobody: it waits for the bus.
    Nobody,
}

impl Names {
    /// The store context where this process has one, else the processes that are told.
    pub(crate) fn of(
        roles: Roles,
        processes: &[ServiceUrl],
        credential: Option<Credential>,
    ) -> Self {
        if !roles.inventory && !roles.notification {
            Self::Nobody
        } else if roles.store {
            Self::here()
        } else if processes.is_empty() {
            Self::Nobody
        } else {
            Self::Elsewhere(HttpCatalogue::new(client("store", processes.to_vec(), credential)))
        }
    }

    /// The store context in the same process.
    pub(crate) fn here() -> Self {
        Self::Here(Arc::default())
    }

    /// What both are given.
    pub(crate) fn catalogue(&self) -> Option<Arc<dyn CatalogueLookUp>> {
        match self {
            Self::Here(here) => Some(Arc::clone(here) as _),
            Self::Elsewhere(http) => Some(Arc::clone(http) as _),
            Self::Nobody => None,
        }
    }

    /// Whom the inventory asks for what suppliers offer.
    pub(crate) fn offers(&self) -> Option<Arc<dyn SupplierOffers>> {
        match self {
            Self::Here(here) => Some(Arc::clone(here) as _),
            Self::Elsewhere(http) => Some(Arc::clone(http) as _),
            Self::Nobody => None,
        }
    }

    /// The store context of this process has started.
    pub(crate) fn started(&self, look_ups: CatalogueLookUps) {
        if let Self::Here(here) = self {
            // it starts once
            drop(here.0.set(look_ups));
        }
    }
}

/// A service in other processes, which may ask who asks them.
pub(super) fn client(
    service: &'static str,
    processes: Vec<ServiceUrl>,
    credential: Option<Credential>,
) -> ServiceClient {
    let client = ServiceClient::new(service, processes);
    match credential {
        Some(credential) => client.showing(credential),
        None => client,
    }
}

#[async_trait]
impl CatalogueLookUp for Here {
    async fn look_up(
        &self,
        wanted: &WantedEntries,
        at_most: Duration,
    ) -> Result<FoundEntries, LookUpFailed> {
        let look_ups = self.0.get();
        let look_ups =
            look_ups.ok_or_else(|| LookUpFailed("the catalogue is being started".to_owned()))?;
        let stores: Vec<_> = wanted.stores.iter().filter_map(named_store).collect();
        let products: Vec<_> = wanted.products.iter().filter_map(named_product).collect();
        let found = timeout(at_most, look_ups.look_up(&stores, &products)).await;
        let late = |_| LookUpFailed(format!("no answer within {at_most:?}"));
        let found = found.map_err(late)?.map_err(|error| LookUpFailed(error.to_string()))?;
        Ok(FoundEntries {
            log: found.log.as_uuid(),
            stores: found.stores.iter().map(found_store).collect(),
            products: found.products.iter().map(found_product).collect(),
        })
    }

    async fn unit_costs(
        &self,
        products: &[ProductId],
        at_most: Duration,
    ) -> Result<Vec<(ProductId, UnitCost)>, LookUpFailed> {
        let look_ups = self.0.get();
        let look_ups =
            look_ups.ok_or_else(|| LookUpFailed("the catalogue is being started".to_owned()))?;
        let named = |id: &ProductId| named_product(&ProductRef::Id(*id));
        let products: Vec<_> = products.iter().filter_map(named).collect();
        let found = timeout(at_most, look_ups.look_up(&[], &products)).await;
        let late = |_| LookUpFailed(format!("no answer within {at_most:?}"));
        let found = found.map_err(late)?.map_err(|error| LookUpFailed(error.to_string()))?;
        Ok(found.products.iter().filter_map(unit_cost).collect())
    }
}

fn unit_cost(store::Entry { state, .. }: &store::Entry<Product>) -> Option<(ProductId, UnitCost)> {
    let cost = state.unit_cost?;
    let (minor_units, currency) = (cost.minor_units(), cost.currency().as_str().into());
    let id = ProductId::from_uuid(state.product_id.as_uuid());
    Some((id, UnitCost { minor_units, currency }))
}

#[async_trait]
impl SupplierOffers for Here {
    async fn offers(
        &self,
        products: &[ProductId],
        at_most: Duration,
    ) -> Result<Vec<FoundOffer>, LookUpFailed> {
        let look_ups = self.0.get();
        let look_ups =
            look_ups.ok_or_else(|| LookUpFailed("the catalogue is being started".to_owned()))?;
        let ids = products.iter().map(|id| id.as_uuid().into());
        let products: Vec<gondola_store_domain::ProductId> = ids.collect();
        let found = timeout(at_most, look_ups.offers(&products)).await;
        let late = |_| LookUpFailed(format!("no answer within {at_most:?}"));
        let found = found.map_err(late)?.map_err(|error| LookUpFailed(error.to_string()))?;
        Ok(found.iter().map(found_offer).collect())
    }
}

fn found_offer(offered: &store::OfferOfSupplier) -> FoundOffer {
    let store::OfferOfSupplier { offer, supplier } = offered;
    FoundOffer {
        product: ProductId::from_uuid(offer.code.product_id.as_uuid()),
        terms: OrderTerms {
            supplier: supplier.code.to_string(),
            preferred: offer.preferred,
            lead_time_days: offered.lead_time().map(LeadTime::as_days),
            minimum_order: offer.minimum_order.get(),
            order_multiple: offer.order_multiple.get(),
        },
        supplier_name: supplier.name.as_str().into(),
        supplier_sku: offer.supplier_sku.as_ref().map(|sku| sku.as_str().into()),
    }
}

/// `None` for what cannot be the name of a store, so that none has it.
fn named_store(store: &StoreRef) -> Option<Named<Store>> {
    match store {
        StoreRef::Id(id) => Some(Named::Id(id.as_uuid().into())),
        StoreRef::Code(code) => Named::parse(code),
    }
}

fn named_product(product: &ProductRef) -> Option<Named<Product>> {
    match product {
        ProductRef::Id(id) => Some(Named::Id(id.as_uuid().into())),
        ProductRef::Sku(name) | ProductRef::SkuOrGtin(name) => Named::parse(name),
        ProductRef::Gtin(gtin) => Named::parse(gtin.as_str()),
    }
}

fn found_store(store::Entry { state, version }: &store::Entry<Store>) -> FoundEntry<StoreId> {
    let longest_hold = state.longest_hold.map(LongestHold::as_seconds);
    let (code, name) = (state.code.to_string(), state.name.to_string());
    let named = Entry::store(&code, &name, state.status == StoreStatus::Active, longest_hold);
    FoundEntry { id: StoreId::from_uuid(state.store_id.as_uuid()), named, version: *version }
}

fn found_product(store::Entry { state, version }: &store::Entry<Product>) -> FoundEntry<ProductId> {
    let (sku, name) = (state.sku.to_string(), state.name.to_string());
    let named = Entry::product(&sku, &name, state.status == ProductStatus::Active);
    let named = named.with_gtin(state.gtin.as_ref().map(Gtin::as_str));
    FoundEntry { id: ProductId::from_uuid(state.product_id.as_uuid()), named, version: *version }
}

#[cfg(test)]
mod tests;

//! The query for what stores should order: stock at its reorder point, what comes, who delivers, and who could spare some.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::RandomState;
use gondola_inventory_domain::{
    Donor, OrderTerms, ProductId, StockPosition, StoreId, choose_donors, choose_supplier,
};
use kit_core::Scope;
use kit_service::{ReadError, Slice};

use super::catalogue::Catalogue;
use super::inbound::{Inbound, InboundStock};
use super::queries::Queries;
use super::read_models::LowStock;
use super::stock_level::StockLevel;
use super::supplier_offers::{FoundOffer, SupplierOffers};

/// Other stores that are named for one product of one store, at most.
const DONORS_MAX: usize = 3;

/// How long the catalogue is asked for offers; without an answer the list has none.
const OFFERS_WAIT: Duration = Duration::from_millis(500);

/// Query: what should stores order?
#[derive(Clone, Debug, Default)]
pub struct ReplenishmentQuestion {
    /// Only this store.
    pub store: Option<StoreId>,
    /// Only stores within this scope, also as those that could spare some.
    pub scope: Scope,
    /// Begin after this stock level.
    pub after: Option<(StoreId, ProductId)>,
    /// Stock levels of a page, at most.
    pub limit: usize,
}

/// A product at or below its reorder point in a store.
#[derive(Clone, Debug)]
pub struct ReplenishmentLine {
    /// The stock level.
    pub level: StockLevel,
    /// What transfers bring.
    pub inbound: Inbound,
    /// What it has and gets, against its reorder point.
    pub position: StockPosition,
    /// What to order of a supplier; `None` where nothing is short, or nobody offers it.
    pub order: Option<ProposedOrder>,
    /// Which stores could send some, and how many units each of them.
    pub transfers: Vec<(Donor, u64)>,
}

/// What to order of whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedOrder {
    /// Whose offer it is.
    pub offer: FoundOffer,
    /// Units to order: whole packs, and no less than the least that is delivered.
    pub quantity: u64,
}

/// A page of what stores should order.
#[derive(Debug)]
pub struct Replenishment {
    /// The lines, by store id and product id.
    pub lines: Slice<ReplenishmentLine, (StoreId, ProductId)>,
    /// Whether the catalogue said who offers what; without, no line has an order.
    pub offers_known: bool,
}

/// Answers what stores should order.
pub struct ReplenishmentPlanner {
    pub(crate) queries: Arc<Queries>,
    pub(crate) inbound: Arc<dyn InboundStock>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) offers: Option<Arc<dyn SupplierOffers>>,
}

impl ReplenishmentPlanner {
    /// A page of the products that are at or below their reorder point. Nothing is ordered or held for it: two stores may be
    /// told of the same units of a third one.
    pub async fn plan(&self, question: &ReplenishmentQuestion) -> Result<Replenishment, ReadError> {
        let ReplenishmentQuestion { store, scope, after, limit } = question.clone();
        let stores = match store {
            Some(store) => Some(vec![store]),
            None => scope.owners().map(|own| own.iter().copied().map(StoreId::from_uuid).collect()),
        };
        let low = self.queries.low_stock(LowStock { stores, after, limit }).await?;
        let levels = low.items.iter().map(|level| (level.store, level.product)).collect();
        let inbound = self.inbound.inbound(levels).await?;
        let position = |level: &StockLevel| {
            let inbound = inbound.get(&(level.store, level.product)).copied().unwrap_or_default();
            (inbound, position(level, inbound))
        };
        let short = |level: &&StockLevel| position(level).1.shortage() > 0;
        let products: BTreeSet<ProductId> =
            low.items.iter().filter(short).map(|level| level.product).collect();
        let offers = self.offers(&products).await;
        let spare = self.spare(&products, &scope).await?;
        let line = |level: StockLevel| {
            let (inbound, position) = position(&level);
            let short = position.shortage();
            let offers = offers.as_ref().and_then(|offers| offers.get(&level.product));
            let order = offers.filter(|_| short > 0).and_then(|offers| proposed(offers, short));
            let donors = spare.get(&level.product).map_or(&[][..], Vec::as_slice);
            let transfers = choose_donors(short, &self.seen_from(level.store, donors), DONORS_MAX);
            ReplenishmentLine { level, inbound, position, order, transfers }
        };
        let lines = low.items.into_iter().map(line).collect();
        let lines = Slice { items: lines, next: low.next };
        Ok(Replenishment { lines, offers_known: offers.is_some() })
    }

    /// Offers by product; `None` where the catalogue cannot be asked.
    async fn offers(
        &self,
        products: &BTreeSet<ProductId>,
    ) -> Option<HashMap<ProductId, Vec<FoundOffer>, RandomState>> {
        let catalogue = self.offers.as_ref()?;
        let mut by_product: HashMap<_, Vec<FoundOffer>, RandomState> = HashMap::default();
        if products.is_empty() {
            return Some(by_product);
        }
        let products: Vec<ProductId> = products.iter().copied().collect();
        match catalogue.offers(&products, OFFERS_WAIT).await {
            Ok(offers) => {
                for offer in offers {
                    by_product.entry(offer.product).or_default().push(offer);
                }
                Some(by_product)
            }
            Err(error) => {
                tracing::warn!(%error, "supplier_offers_unknown");
                None
            }
        }
    }

    /// What stores of a scope can spare of each product; a store that is not open spares nothing.
    async fn spare(
        &self,
        products: &BTreeSet<ProductId>,
        scope: &Scope,
    ) -> Result<HashMap<ProductId, Vec<Donor>, RandomState>, ReadError> {
        let stores: Option<Vec<StoreId>> =
            scope.owners().map(|own| own.iter().copied().map(StoreId::from_uuid).collect());
        let mut spare = HashMap::default();
        for product in products {
            let levels =
                self.queries.offering(*product, stores.as_deref(), &self.catalogue).await?;
            let donor = |level: &StockLevel| {
                let spare = position(level, Inbound::default()).spare();
                (spare > 0).then_some(Donor { store: level.store, spare, metres: None })
            };
            spare.insert(*product, levels.iter().filter_map(donor).collect());
        }
        Ok(spare)
    }

    /// The other stores, with how far each is from this one.
    fn seen_from(&self, store: StoreId, donors: &[Donor]) -> Vec<Donor> {
        let place = self.catalogue.location_of(store);
        let others = donors.iter().filter(|donor| donor.store != store);
        let metres =
            |other: StoreId| place.and_then(|place| self.catalogue.metres_to(other, place));
        others.map(|donor| Donor { metres: metres(donor.store), ..*donor }).collect()
    }
}

fn position(level: &StockLevel, inbound: Inbound) -> StockPosition {
    StockPosition {
        available: level.available(),
        in_transit: inbound.in_transit,
        on_order: inbound.on_order,
        safety_stock: level.safety_stock,
        reorder_point: level.reorder_point,
    }
}

/// What to order where so many units are short.
fn proposed(offers: &[FoundOffer], shortage: u64) -> Option<ProposedOrder> {
    let terms: Vec<OrderTerms> = offers.iter().map(|offer| offer.terms.clone()).collect();
    let chosen = choose_supplier(&terms)?;
    let offer = offers.iter().find(|offer| offer.terms == *chosen)?.clone();
    Some(ProposedOrder { quantity: chosen.quantity(shortage), offer })
}

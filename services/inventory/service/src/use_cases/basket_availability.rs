//! The query for stores that can reserve a whole basket.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use gondola_inventory_domain::{PositiveQuantity, ProductId, StoreId};

use super::catalogue::Catalogue;
use super::queries::Queries;
use super::read_error::ReadError;

/// Levels that are looked up one by one, in one question; where a basket has more in the stores asked, it is asked of all stores
/// product by product.
const LEVELS_NAMED_MAX: usize = 1_000;

/// Query: which stores can reserve this basket?
#[derive(Clone, Debug)]
pub struct BasketQuestion {
    /// The units of each product that are wanted, each product once.
    pub wanted: Vec<(ProductId, PositiveQuantity)>,
    /// Only these stores, each of which is told of; all that offer some when absent.
    pub stores: Option<Vec<StoreId>>,
    /// Stores in the answer, at most.
    pub limit: usize,
}

/// What stores offer of a basket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BasketAvailability {
    /// Units of each line that all stores asked offer together.
    pub total_offered: Vec<u64>,
    /// The stores, those first that lack least of it.
    pub stores: Vec<BasketOffer>,
}

/// What one store offers of a basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasketOffer {
    /// The store.
    pub store: StoreId,
    /// Units of each line that it offers, which may be more than are wanted.
    pub offered: Vec<u32>,
    /// Units of all lines together that it lacks; with none it can reserve the basket.
    pub missing: u64,
}

impl Queries {
    /// What stores offer of a basket: available less safety stock, where the store is open and the product is sold. Nothing is
    /// held for it. Of few stores it shows every change that this process has answered.
    pub async fn basket_availability(
        &self,
        question: &BasketQuestion,
        catalogue: &Catalogue,
    ) -> Result<BasketAvailability, ReadError> {
        let products: Vec<_> = question.wanted.iter().map(|(product, _)| *product).collect();
        let stores = question.stores.as_deref();
        let offered = self.offered_lines(&products, stores, catalogue).await?;
        Ok(BasketAvailability::of(offered, question))
    }

    /// Units of each product that stores offer, of those that offer some.
    pub(super) async fn offered_lines(
        &self,
        products: &[ProductId],
        stores: Option<&[StoreId]>,
        catalogue: &Catalogue,
    ) -> Result<BTreeMap<StoreId, Vec<u32>>, ReadError> {
        let mut offered: BTreeMap<StoreId, Vec<u32>> = BTreeMap::new();
        let mut offer = |store, line: usize, units| {
            offered.entry(store).or_insert_with(|| vec![0; products.len()])[line] = units;
        };
        match stores {
            Some(stores) if stores.len() * products.len() <= LEVELS_NAMED_MAX => {
                let named: Vec<_> = stores
                    .iter()
                    .flat_map(|store| products.iter().map(|product| (*store, *product)))
                    .collect();
                let levels = self.levels(&named, false).await?.levels;
                for (at, level) in levels.into_iter().enumerate() {
                    if let Some(level) = level?.filter(|level| catalogue.offers(level)) {
                        offer(level.store, at % products.len(), level.offered());
                    }
                }
            }
            _ => {
                for (line, product) in products.iter().enumerate() {
                    for level in self.offering(*product, stores, catalogue).await? {
                        offer(level.store, line, level.offered());
                    }
                }
            }
        }
        Ok(offered)
    }
}

impl BasketAvailability {
    fn of(offered: BTreeMap<StoreId, Vec<u32>>, question: &BasketQuestion) -> Self {
        let lines = question.wanted.len();
        let mut total_offered = vec![0_u64; lines];
        for units in offered.values() {
            for (total, units) in total_offered.iter_mut().zip(units) {
                *total += u64::from(*units);
            }
        }
        let offer = |store, offered: Vec<u32>| {
            let wanted = question.wanted.iter().map(|(_, units)| units.get());
            let lacks = wanted.zip(&offered).map(|(wanted, has)| wanted.saturating_sub(*has));
            let missing = lacks.map(u64::from).sum();
            BasketOffer { store, offered, missing }
        };
        let mut stores: Vec<BasketOffer> = match &question.stores {
            Some(asked) => {
                let of =
                    |store: &StoreId| offered.get(store).cloned().unwrap_or_else(|| vec![0; lines]);
                asked
                    .iter()
                    .map(|store| (*store, of(store)))
                    .map(|(it, of)| offer(it, of))
                    .collect()
            }
            None => offered.into_iter().map(|(store, units)| offer(store, units)).collect(),
        };
        // of equals those that are named first, else those that offer most
        match &question.stores {
            Some(_) => stores.sort_by_key(|offer| offer.missing),
            None => stores.sort_by_key(|offer| {
                let units: u64 = offer.offered.iter().copied().map(u64::from).sum();
                (offer.missing, Reverse(units))
            }),
        }
        stores.truncate(question.limit);
        Self { total_offered, stores }
    }
}

//! The query for stores that can reserve a quantity of a product.

use std::cmp::Reverse;
use std::collections::HashSet;

use foldhash::fast::RandomState;
use gondola_inventory_domain::{ProductId, StoreId};
use kit_service::ReadError;

use super::catalogue::Catalogue;
use super::queries::Queries;
use super::stock_level::StockLevel;

/// Most stores that one query covers.
const STORES_MAX: usize = 5_000;

/// Query: which stores can reserve this many units?
#[derive(Clone, Debug)]
pub struct AvailabilityQuestion {
    /// The product.
    pub product: ProductId,
    /// Units wanted of one store.
    pub quantity: u32,
    /// Only these stores; all when absent.
    pub stores: Option<Vec<StoreId>>,
    /// Stores in the answer, at most.
    pub limit: usize,
}

/// Stores that can reserve the quantity, those that have a part of it, and the units of all.
#[derive(Clone, Debug, Default)]
pub struct Availability {
    /// Units offered by all stores that were asked.
    pub total_offered: u64,
    /// Units that all of them together lack.
    pub shortfall: u64,
    /// Stores that can reserve all of them, most offered units first.
    pub stores: Vec<StockLevel>,
    /// Stores that offer some, but not all of them, most offered units first.
    pub partial: Vec<StockLevel>,
}

impl Queries {
    /// Returns the stores that can reserve a quantity of a product. A closed store offers nothing, and of a discontinued
    /// product nothing is offered; nor is it where the catalogue has not been read so far.
    pub async fn availability(
        &self,
        question: &AvailabilityQuestion,
        catalogue: &Catalogue,
    ) -> Result<Availability, ReadError> {
        let levels = self.offering(question.product, question.stores.as_deref(), catalogue).await?;
        Ok(Availability::of(levels, question))
    }

    /// The levels of a product that offer something, in these stores or in all.
    pub(super) async fn offering(
        &self,
        product: ProductId,
        stores: Option<&[StoreId]>,
        catalogue: &Catalogue,
    ) -> Result<Vec<StockLevel>, ReadError> {
        let mut levels = self.read_model.product_stock(product, None, STORES_MAX).await?;
        if let Some(stores) = stores {
            let stores: HashSet<_, RandomState> = stores.iter().copied().collect();
            levels.retain(|level| stores.contains(&level.store));
        }
        levels.retain(|level| catalogue.offers(level));
        Ok(levels)
    }
}

impl Availability {
    fn of(mut levels: Vec<StockLevel>, question: &AvailabilityQuestion) -> Self {
        let total_offered = levels.iter().map(|level| u64::from(level.offered())).sum();
        let shortfall = u64::from(question.quantity).saturating_sub(total_offered);
        levels.sort_by_key(|level| (Reverse(level.offered()), level.store));
        let full = levels.partition_point(|level| level.offered() >= question.quantity);
        let mut partial = levels.split_off(full);
        partial.truncate(question.limit);
        levels.truncate(question.limit);
        Self { total_offered, shortfall, stores: levels, partial }
    }
}

//! The query for stores that can reserve a quantity of a product.

use std::cmp::Reverse;

use gondola_inventory_domain::{ProductId, StoreId};
use kit_service::ReadError;

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

/// Stores that can reserve the quantity, and the units of all stores asked.
#[derive(Clone, Debug)]
pub struct Availability {
    /// Units offered by all stores that were asked.
    pub total_offered: u64,
    /// Stores that can reserve all of them, most offered units first.
    pub stores: Vec<StockLevel>,
}

impl Queries {
    /// Returns the stores that can reserve a quantity of a product.
    pub async fn availability(
        &self,
        question: &AvailabilityQuestion,
    ) -> Result<Availability, ReadError> {
        let mut levels = self.read_model.product_stock(question.product, None, STORES_MAX).await?;
        if let Some(stores) = &question.stores {
            levels.retain(|level| stores.contains(&level.store));
        }
        let total_offered = levels.iter().map(|level| u64::from(level.offered())).sum();
        levels.retain(|level| level.offered() >= question.quantity);
        levels.sort_by_key(|level| (Reverse(level.offered()), level.store));
        levels.truncate(question.limit);
        Ok(Availability { total_offered, stores: levels })
    }
}

//! The query for stores that can serve a basket together.

use gondola_inventory_domain::{
    PositiveQuantity, ProductId, Source, Sourcing, SourcingStrategy, StoreId, source_basket,
};
use kit_core::Location;

use super::catalogue::Catalogue;
use super::queries::Queries;
use super::read_error::ReadError;

/// Query: which stores can serve this basket?
#[derive(Clone, Debug)]
pub struct SourcingQuestion {
    /// The units of each product that are wanted, each product once.
    pub wanted: Vec<(ProductId, PositiveQuantity)>,
    /// What is preferred.
    pub strategy: SourcingStrategy,
    /// Where the basket is to go.
    pub near: Option<Location>,
    /// Only these stores, in this order; all when absent.
    pub stores: Option<Vec<StoreId>>,
    /// None of these stores.
    pub excluded: Vec<StoreId>,
    /// Most stores that may serve.
    pub parcels_max: usize,
}

impl Queries {
    /// Splits a basket over stores by what they offer now: available less safety stock, of stores that are open and products
    /// that are sold. Nothing is held for it.
    pub async fn sourcing(
        &self,
        question: &SourcingQuestion,
        catalogue: &Catalogue,
    ) -> Result<Sourcing, ReadError> {
        let products: Vec<_> = question.wanted.iter().map(|(product, _)| *product).collect();
        let stores = question.stores.as_deref();
        let mut offered = self.offered_lines(&products, stores, catalogue).await?;
        offered.retain(|store, _| !question.excluded.contains(store));
        let source = |(store, offered)| Source {
            store,
            metres: question.near.and_then(|near| catalogue.metres_to(store, near)),
            offered,
        };
        let sources: Vec<_> = match &question.stores {
            None => offered.into_iter().map(source).collect(),
            Some(order) => {
                let known = order.iter().filter_map(|store| offered.remove_entry(store));
                known.map(source).collect()
            }
        };
        let wanted: Vec<_> = question.wanted.iter().map(|(_, units)| units.get()).collect();
        Ok(source_basket(&wanted, &sources, question.strategy, question.parcels_max))
    }
}

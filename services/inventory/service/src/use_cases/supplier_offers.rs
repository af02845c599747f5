//! The port to what suppliers offer, which only the catalogue knows.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gondola_inventory_domain::{OrderTerms, ProductId};

use super::look_up::LookUpFailed;

/// On what terms an active supplier delivers a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundOffer {
    /// The product.
    pub product: ProductId,
    /// The terms; the lead time is the supplier's where its offer says none.
    pub terms: OrderTerms,
    /// The name of the supplier, for people.
    pub supplier_name: Arc<str>,
    /// What the supplier calls the product.
    pub supplier_sku: Option<Arc<str>>,
}

/// The catalogue's offers of suppliers, in this process or in others.
#[async_trait]
pub trait SupplierOffers: Send + Sync {
    /// The offers that hold, of these products and of suppliers from which the chain orders: of at most
    /// [`WantedEntries::NAMES_MAX`](super::WantedEntries::NAMES_MAX) products, and in so long at most.
    async fn offers(
        &self,
        products: &[ProductId],
        at_most: Duration,
    ) -> Result<Vec<FoundOffer>, LookUpFailed>;
}

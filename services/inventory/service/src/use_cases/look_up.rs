//! The port to the catalogue itself, which is asked for stores and products that the copy of it does not have.

use std::time::Duration;

use async_trait::async_trait;
use gondola_inventory_domain::{ProductId, StoreId, UnitCost};
use kit_core::Version;
use uuid::Uuid;

use super::catalogue::{ProductRef, StoreRef};
use super::names::Named;

/// Stores and products to look up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WantedEntries {
    /// The stores.
    pub stores: Vec<StoreRef>,
    /// The products.
    pub products: Vec<ProductRef>,
}

impl WantedEntries {
    /// Most stores and products that are looked up together.
    pub const NAMES_MAX: usize = 1_000;
}

/// What the catalogue has of them, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundEntries {
    /// Which log of the catalogue they are from.
    pub log: Uuid,
    /// The stores that are registered.
    pub stores: Vec<FoundEntry<StoreId>>,
    /// The products that are registered.
    pub products: Vec<FoundEntry<ProductId>>,
}

/// A store or product of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundEntry<Id> {
    /// Which it is.
    pub id: Id,
    /// What the catalogue says of it.
    pub named: Named,
    /// Of two states the one with the higher version is newer; the same as in the catalogue's news.
    pub version: Version,
}

/// The catalogue did not answer; stock goes on without.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct LookUpFailed(pub String);

/// The catalogue, in this process or in others.
#[async_trait]
pub trait CatalogueLookUp: Send + Sync {
    /// Looks up [`WantedEntries::NAMES_MAX`] stores and products at most, and takes so long at most. Those that are not
    /// registered are not among the answers. An answer MUST show every registration and change that was answered before the question.
    async fn look_up(
        &self,
        wanted: &WantedEntries,
        at_most: Duration,
    ) -> Result<FoundEntries, LookUpFailed>;

    /// What one unit of products costs, of [`WantedEntries::NAMES_MAX`] at most and in so long at most; without those of which
    /// the catalogue does not say it.
    async fn unit_costs(
        &self,
        products: &[ProductId],
        at_most: Duration,
    ) -> Result<Vec<(ProductId, UnitCost)>, LookUpFailed>;
}

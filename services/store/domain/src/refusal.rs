//! The refusals of commands about a store or product.

use crate::{ProductId, Sku, StoreCode, StoreId};

/// The command breaks a rule; nothing happened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The store exists.
    #[error("store {store_id} is already registered with code {code}; update it instead")]
    StoreAlreadyRegistered {
        /// The store.
        store_id: StoreId,
        /// The code it has.
        code: StoreCode,
    },
    /// The store does not exist.
    #[error("store {store_id} is not registered; register it first")]
    StoreNotFound {
        /// The store.
        store_id: StoreId,
    },
    /// The product exists.
    #[error("product {product_id} is already registered with sku {sku}; update it instead")]
    ProductAlreadyRegistered {
        /// The product.
        product_id: ProductId,
        /// The SKU it has.
        sku: Sku,
    },
    /// The product does not exist.
    #[error("product {product_id} is not registered; register it first")]
    ProductNotFound {
        /// The product.
        product_id: ProductId,
    },
}

impl Refusal {
    /// The stable name of the rule, for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::StoreAlreadyRegistered { .. } => "store-already-registered",
            Self::StoreNotFound { .. } => "store-not-found",
            Self::ProductAlreadyRegistered { .. } => "product-already-registered",
            Self::ProductNotFound { .. } => "product-not-found",
        }
    }
}

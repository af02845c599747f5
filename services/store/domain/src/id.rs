//! Which store and which product.

kit_core::uuid_ids! {
    /// One store for ever, whatever its name becomes.
    StoreId;
    /// One product for ever, whatever its name becomes.
    ProductId;
}

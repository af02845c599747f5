//! Which store, which product and which category.

kit_core::uuid_ids! {
    /// One store for ever, whatever its name becomes.
    StoreId;
    /// One product for ever, whatever its name becomes.
    ProductId;
    /// One category for ever, whatever its name becomes.
    CategoryId;
}

//! Which store, product, category, supplier and offer.

kit_core::uuid_ids! {
    /// One store for ever, whatever its name becomes.
    StoreId;
    /// One product for ever, whatever its name becomes.
    ProductId;
    /// One category for ever, whatever its name becomes.
    CategoryId;
    /// One supplier for ever, whatever its name becomes.
    SupplierId;
    /// What one supplier offers of one product, for ever.
    SupplierOfferId;
}

//! Which store and which product, and the streams of their events.

use kit_core::StreamId;

kit_core::uuid_ids! {
    /// One store for ever, whatever its name becomes.
    StoreId;
    /// One product for ever, whatever its name becomes.
    ProductId;
}

impl StoreId {
    /// The stream of the store's events, `store-{id}`.
    #[must_use]
    pub fn stream(self) -> StreamId {
        stream(&format!("store-{self}"))
    }
}

impl ProductId {
    /// The stream of the product's events, `product-{id}`.
    #[must_use]
    pub fn stream(self) -> StreamId {
        stream(&format!("product-{self}"))
    }
}

fn stream(name: &str) -> StreamId {
    StreamId::new(name).expect("a word, a hyphen and a UUID make a valid stream name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_named_after_the_kind_and_the_id() {
        let id = "018f3c2a-7b1e-7000-8000-000000000001";
        let store: StoreId = id.parse().unwrap();
        let product: ProductId = id.parse().unwrap();
        assert_eq!(store.stream().as_str(), format!("store-{id}"));
        assert_eq!(product.stream().as_str(), format!("product-{id}"));
    }
}

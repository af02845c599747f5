//! How requests name stores and products.

use gondola_inventory_domain::{ProductId, StoreId};
use kit_http::Problem;
use uuid::Uuid;

use crate::use_cases::{LevelRef, ProductRef, StoreRef};

/// Longest code or SKU that is looked up, in bytes.
const NAME_BYTES_MAX: usize = 64;

/// The store that a body names: exactly one of `storeId` and `storeCode`.
pub(super) fn store_ref(id: Option<Uuid>, code: Option<&str>) -> Result<StoreRef, Problem> {
    match (id, code) {
        (Some(id), None) => Ok(StoreRef::Id(StoreId::from_uuid(id))),
        (None, Some(code)) => Ok(StoreRef::Code(name("storeCode", code)?)),
        _ => Err(Problem::invalid(
            "storeId",
            "name the store by exactly one of storeId and storeCode",
        )),
    }
}

/// The product that a body names: exactly one of `productId` and `productSku`.
pub(super) fn product_ref(id: Option<Uuid>, sku: Option<&str>) -> Result<ProductRef, Problem> {
    match (id, sku) {
        (Some(id), None) => Ok(ProductRef::Id(ProductId::from_uuid(id))),
        (None, Some(sku)) => Ok(ProductRef::Sku(name("productSku", sku)?)),
        _ => Err(Problem::invalid(
            "productId",
            "name the product by exactly one of productId and productSku",
        )),
    }
}

/// The store that a path segment names: a UUID is an id, anything else a code.
pub(super) fn store_in_path(segment: &str) -> Result<StoreRef, Problem> {
    match Uuid::try_parse(segment) {
        Ok(id) => Ok(StoreRef::Id(StoreId::from_uuid(id))),
        Err(_) => name("store", segment).map(StoreRef::Code),
    }
}

/// The product that a path segment names: a UUID is an id, anything else a SKU.
pub(super) fn product_in_path(segment: &str) -> Result<ProductRef, Problem> {
    match Uuid::try_parse(segment) {
        Ok(id) => Ok(ProductRef::Id(ProductId::from_uuid(id))),
        Err(_) => name("product", segment).map(ProductRef::Sku),
    }
}

fn name(field: &str, text: &str) -> Result<String, Problem> {
    if text.is_empty() || text.len() > NAME_BYTES_MAX || text.chars().any(char::is_control) {
        let detail = format!("a code or SKU has 1 to {NAME_BYTES_MAX} printable characters");
        return Err(Problem::invalid(field, detail));
    }
    Ok(text.to_owned())
}

/// The stock level that two path segments name.
pub(super) fn level_in_path(store: &str, product: &str) -> Result<LevelRef, Problem> {
    Ok(LevelRef { store: store_in_path(store)?, product: product_in_path(product)? })
}

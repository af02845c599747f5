//! How requests name stores and products.

use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::Gtin;
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

/// What a body must say of a product.
pub(super) const ONE_NAME: &str =
    "name the product by exactly one of productId, productSku and productGtin";

/// The product that a body names: exactly one of `productId`, `productSku` and `productGtin`.
pub(super) fn product_ref(
    id: Option<Uuid>,
    sku: Option<&str>,
    gtin: Option<&str>,
) -> Result<ProductRef, Problem> {
    match (id, sku, gtin) {
        (Some(id), None, None) => Ok(ProductRef::Id(ProductId::from_uuid(id))),
        (None, Some(sku), None) => Ok(ProductRef::Sku(name("productSku", sku)?)),
        (None, None, Some(gtin)) => {
            let gtin = Gtin::new(gtin);
            let gtin = gtin.map_err(|error| Problem::invalid("productGtin", error.to_string()))?;
            Ok(ProductRef::Gtin(gtin.number()))
        }
        _ => Err(Problem::invalid("productId", ONE_NAME)),
    }
}

/// The store that a path segment names: a UUID is an id, anything else a code.
pub(super) fn store_in_path(segment: &str) -> Result<StoreRef, Problem> {
    match Uuid::try_parse(segment) {
        Ok(id) => Ok(StoreRef::Id(StoreId::from_uuid(id))),
        Err(_) => name("store", segment).map(StoreRef::Code),
    }
}

/// The product that a path segment names: a UUID is an id, anything else a SKU, or where no product has that SKU a GTIN.
pub(super) fn product_in_path(segment: &str) -> Result<ProductRef, Problem> {
    match Uuid::try_parse(segment) {
        Ok(id) => Ok(ProductRef::Id(ProductId::from_uuid(id))),
        Err(_) => name("product", segment).map(ProductRef::SkuOrGtin),
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

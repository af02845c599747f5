//! The surrogate keys of answers that caches in front of the servers keep: what an answer shows, and what a change expires.
//!
//! A published form, for the rules of a cache and for people who purge by hand:
//!
//! | key | expired by |
//! | --- | --- |
//! | `product-{id}` | any change of the product in the catalogue |
//! | `store-{id}` | any change of the store in the catalogue |
//! | `category-{id}` | any change of the category in the catalogue |
//! | `products`, `stores`, `categories` | any change of any product, store or category, and new ones |
//! | `stock-{store id}-{product id}` | any change of the stock level |
//! | `product-stock-{id}`, `store-stock-{id}` | any change of any stock level of the product, of the store |
//! | `gondola` | nothing but what cannot be told more exactly; all answers have it |
//!
//! Ids are in lower case with hyphens. An answer has at most four keys and 250 bytes of them, a list too: it names what could
//! change it, not each of its items.

use uuid::Uuid;

/// The key of every answer.
pub const EVERYTHING: &str = "gondola";

/// Of a store as the catalogue has it, as they stand in the header of an answer; so do the next ones.
pub fn of_store(store: Uuid) -> String {
    header(&[one_store(store)])
}

/// Of a product as the catalogue has it.
pub fn of_product(product: Uuid) -> String {
    header(&[one_product(product)])
}

/// Of a list of stores.
pub fn of_stores() -> String {
    header(&[STORES.to_owned()])
}

/// Of a category as the catalogue has it.
pub fn of_category(category: Uuid) -> String {
    header(&[one_category(category)])
}

/// Of a list of categories.
pub fn of_categories() -> String {
    header(&[CATEGORIES.to_owned()])
}

/// Of a list of products, which may be those of a part of the tree of categories.
pub fn of_products_in_tree() -> String {
    header(&[PRODUCTS.to_owned(), CATEGORIES.to_owned()])
}

/// What a change of a category in the catalogue expires.
pub fn category_changed(category: Uuid) -> Vec<String> {
    vec![one_category(category), CATEGORIES.to_owned()]
}

/// Of a list of products.
pub fn of_products() -> String {
    header(&[PRODUCTS.to_owned()])
}

/// Of a stock level, with the names of its store and product.
pub fn of_stock_level(store: Uuid, product: Uuid) -> String {
    header(&[stock_level(store, product), one_store(store), one_product(product)])
}

/// Of a product's stock in any stores, with their names.
pub fn of_product_stock(product: Uuid) -> String {
    header(&[product_stock(product), one_product(product), STORES.to_owned()])
}

/// Of a store's stock of any products, with their names.
pub fn of_store_stock(store: Uuid) -> String {
    header(&[store_stock(store), one_store(store), PRODUCTS.to_owned()])
}

/// What a change of a store in the catalogue expires.
pub fn store_changed(store: Uuid) -> Vec<String> {
    vec![one_store(store), STORES.to_owned()]
}

/// What a change of a product in the catalogue expires.
pub fn product_changed(product: Uuid) -> Vec<String> {
    vec![one_product(product), PRODUCTS.to_owned()]
}

/// What a change of a stock level expires.
pub fn stock_level_changed(store: Uuid, product: Uuid) -> Vec<String> {
    vec![stock_level(store, product), product_stock(product), store_stock(store)]
}

const STORES: &str = "stores";
const PRODUCTS: &str = "products";
const CATEGORIES: &str = "categories";

fn header(keys: &[String]) -> String {
    format!("{EVERYTHING} {}", keys.join(" "))
}

fn one_store(store: Uuid) -> String {
    format!("store-{store}")
}

fn one_product(product: Uuid) -> String {
    format!("product-{product}")
}

fn one_category(category: Uuid) -> String {
    format!("category-{category}")
}

fn stock_level(store: Uuid, product: Uuid) -> String {
    format!("stock-{store}-{product}")
}

fn product_stock(product: Uuid) -> String {
    format!("product-stock-{product}")
}

fn store_stock(store: Uuid) -> String {
    format!("store-stock-{store}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: Uuid = Uuid::from_u128(0xA);
    const OTHER: Uuid = Uuid::from_u128(0xB);
    const PRODUCT: Uuid = Uuid::from_u128(0xC);

    /// All kinds of answers about a store and a product.
    fn answers() -> [(&'static str, String); 7] {
        [
            ("store", of_store(STORE)),
            ("product", of_product(PRODUCT)),
            ("stores", of_stores()),
            ("products", of_products()),
            ("level", of_stock_level(STORE, PRODUCT)),
            ("product stock", of_product_stock(PRODUCT)),
            ("store stock", of_store_stock(STORE)),
        ]
    }

    fn expired_by(changed: &[String]) -> Vec<&'static str> {
        let hit =
            |keys: &str| keys.split(' ').any(|key| changed.iter().any(|changed| key == changed));
        answers().into_iter().filter(|(_, keys)| hit(keys)).map(|(name, _)| name).collect()
    }

    #[test]
    fn a_change_expires_every_answer_that_shows_it_and_no_other() {
        let of_level = ["level", "product stock", "store stock"];
        assert_eq!(expired_by(&stock_level_changed(STORE, PRODUCT)), of_level);
        // the level of another store: only the product's stock in all stores
        assert_eq!(expired_by(&stock_level_changed(OTHER, PRODUCT)), ["product stock"]);
        let of_store = ["store", "stores", "level", "product stock", "store stock"];
        assert_eq!(expired_by(&store_changed(STORE)), of_store);
        assert_eq!(expired_by(&store_changed(OTHER)), ["stores", "product stock"]);
        let of_product = ["product", "products", "level", "product stock", "store stock"];
        assert_eq!(expired_by(&product_changed(PRODUCT)), of_product);
    }

    #[test]
    fn the_form_of_the_keys_is_published_and_short() {
        let told = of_stock_level(STORE, PRODUCT);
        let (store, product) =
            ("00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000c");
        assert_eq!(
            told,
            format!("gondola stock-{store}-{product} store-{store} product-{product}")
        );
        for (name, keys) in answers() {
            assert!(keys.split(' ').count() <= 4 && keys.len() <= 250, "{name}: {keys}");
        }
    }
}

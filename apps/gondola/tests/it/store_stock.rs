//! The stock of a store as the catalogue shows it, by where the process knows it from.

use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::roles::{Server, send};

const STORE: &str = "11111111-1111-4111-8111-111111111111";
const PRODUCT: &str = "22222222-2222-4222-8222-222222222222";

/// A page of which the server says that it has all changes; a view may be moments behind.
fn complete(server: &Server, path: &str) -> String {
    let look = |_| {
        thread::sleep(Duration::from_millis(10));
        Some(server.get(path)).filter(|page| page.contains(r#""ageMs":0"#))
    };
    (0..3_000).find_map(look).unwrap_or_else(|| panic!("never complete: {}", server.get(path)))
}

#[test]
fn in_one_process_stock_is_shown_as_the_inventory_has_it() {
    let folder = TempDir::new().unwrap();
    let all = Server::start_with(&folder, "all", &[]);
    let body = format!(r#"{{"storeId":"{STORE}","productId":"{PRODUCT}","quantity":5}}"#);
    for path in ["/api/v1/inventory/stock", "/api/v1/inventory/reserve"] {
        let answer = send(&all.address, "POST", path, &body);
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    }
    let level = format!(
        r#"{{"productId":"{PRODUCT}","onHand":5,"reserved":5,"available":0,"version":2,"position":2}}"#
    );
    let of_product = format!("/api/v1/stores/{STORE}/stock?product={PRODUCT}");
    for path in [format!("/api/v1/stores/{STORE}/stock"), of_product] {
        let page = complete(&all, &path);
        assert!(page.contains(&format!(r#"{{"items":[{level}],"asOfPosition":2"#)), "{page}");
    }
}

#[test]
fn a_catalogue_that_nobody_tells_of_stock_says_so() {
    let folder = TempDir::new().unwrap();
    let store = Server::start_with(&folder, "store", &[]);
    let answer = store.get(&format!("/api/v1/stores/{STORE}/stock"));
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("--event-bus kafka://HOST:PORT"), "{answer}");
}

//! What caches in front may keep of answers, and under which keys.

use http::Method;
use kit_testkit::http::Answer;
use serde_json::json;

use crate::app::{STORE, about, on_each_store, product, reservation};

/// What all answers about stock say that are the same for all.
const SHARED: &str = "public, max-age=0, s-maxage=30";

#[track_caller]
fn is_shared(answer: &Answer, keys: &str) {
    assert!([200, 304].contains(&answer.status.as_u16()), "{}", answer.text);
    assert_eq!(answer.header("cache-control"), SHARED);
    assert_eq!(answer.header("surrogate-key"), keys);
}

#[track_caller]
fn is_not_shared(path: &str, answer: &Answer) {
    let told = answer.header("cache-control");
    assert!(["no-store", "no-cache"].contains(&told), "{path}: {told}");
    assert_eq!(answer.header("surrogate-key"), "", "{path}");
}

#[tokio::test]
async fn public_answers_are_kept_under_the_keys_of_what_they_show() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        let (level, thing) = (format!("/stores/{STORE}/products/{}", product(1)), product(1));
        let of_level = format!("gondola stock-{STORE}-{thing} store-{STORE} product-{thing}");
        let answer = app.get(&level).await;
        is_shared(&answer, &of_level);
        // and a 304 as the answer that it stands for
        let tag = [("if-none-match", answer.header("etag"))];
        let unchanged = app.send(Method::GET, &level, &tag, None).await;
        assert_eq!(unchanged.status, 304);
        is_shared(&unchanged, &of_level);
        let of_product = format!("gondola product-stock-{thing} product-{thing} stores");
        is_shared(&app.get(&format!("/availability?product={thing}")).await, &of_product);
        is_shared(&app.get(&format!("/products/{thing}?limit=1")).await, &of_product);
        let of_store = format!("gondola store-stock-{STORE} store-{STORE} products");
        is_shared(&app.get(&format!("/stores/{STORE}/products?lowStock=true")).await, &of_store);
    })
    .await;
}

/// A position is one caller's, a moment of the past is asked for once, and what is personal or no answer is nobody else's.
#[tokio::test]
async fn all_else_is_not_kept() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 1).await.expect(201);
        let (level, thing) = (format!("/stores/{STORE}/products/{}", product(1)), product(1));
        let now = app.now();
        app.clock.move_seconds(1);
        for path in [
            format!("{level}?minPosition=1"),
            format!("{level}?consistency=strong"),
            format!("{level}?asOf={now}"),
            format!("{level}?effectiveAt={now}"),
            format!("/availability?product={thing}&minPosition=1"),
            format!("/products/{thing}?minPosition=1"),
            format!("/stores/{STORE}/products?minPosition=0"),
            format!("{level}/history"),
            format!("/reservations/{}", reservation(1)),
            format!("/reservations?store={STORE}"),
            "/events?after=0".to_owned(),
            "/transfers".to_owned(),
            "/replenishment".to_owned(),
        ] {
            is_not_shared(&path, &app.get(&path).await.expect(200));
        }
        is_not_shared("sagas", &app.below("/api/v1/sagas").get("").await.expect(200));
        for (path, status) in [
            (format!("/stores/{STORE}/products/{}", product(2)), 404),
            (format!("/availability?product={thing}&quantity=0"), 422),
            (format!("{level}?minPosition=1000000"), 422),
            (format!("{level}?unknown=1"), 422),
        ] {
            let answer = app.send(Method::GET, &path, &[], None).await;
            assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
        let written = app.post("/stock", about(1, json!({"quantity": 1}))).await.expect(201);
        is_not_shared("a change", &written);
    })
    .await;
}

/// A new read must be thought of: is it the same for all?
#[test]
fn every_read_was_decided_about() {
    const SHARED: [&str; 4] = [
        "/api/v1/inventory/availability",
        "/api/v1/inventory/products/{product}",
        "/api/v1/inventory/stores/{store}/products",
        "/api/v1/inventory/stores/{store}/products/{product}",
    ];
    const NOT_SHARED: [&str; 18] = [
        "/api/v1/checkouts/{checkoutId}",
        "/api/v1/inventory/events",
        "/api/v1/inventory/pos-batches/{posBatchId}",
        "/api/v1/inventory/replenishment",
        "/api/v1/inventory/reservations",
        "/api/v1/inventory/reservations/{reservationId}",
        "/api/v1/inventory/stocktakes",
        "/api/v1/inventory/stocktakes/{stocktakeId}",
        "/api/v1/inventory/stores/{store}/products/{product}/history",
        "/api/v1/inventory/split-reservations",
        "/api/v1/inventory/split-reservations/{splitReservationId}",
        "/api/v1/inventory/stores/{store}/tills/{till}",
        "/api/v1/inventory/tills",
        "/api/v1/inventory/transfers",
        "/api/v1/inventory/transfers/{transferId}",
        "/api/v1/live",
        "/api/v1/sagas",
        "/api/v1/sagas/{sagaId}",
    ];
    let document = gondola_inventory::openapi();
    let reads = document.paths.paths.iter().filter(|(_, item)| item.get.is_some());
    let mut reads: Vec<&str> = reads.map(|(path, _)| path.as_str()).collect();
    let mut decided = [&SHARED[..], &NOT_SHARED].concat();
    reads.sort_unstable();
    decided.sort_unstable();
    assert_eq!(reads, decided);
}

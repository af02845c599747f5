//! What caches in front may keep of the catalogue, and under which keys.

use http::Method;
use serde_json::json;

use crate::app::{Answer, App};

const SHARED: &str = "public, max-age=0, s-maxage=30";

#[track_caller]
fn is_shared(answer: &Answer, keys: &str) {
    assert!([200, 304].contains(&answer.status.as_u16()), "{}", answer.text);
    assert_eq!((answer.header("cache-control"), answer.header("surrogate-key")), (SHARED, keys));
}

#[tokio::test]
async fn stores_products_and_their_lists_are_kept_under_their_keys() {
    let app = App::start().await;
    let store = json!({"code": "S-1", "name": "Hillstreet", "region": "IA"});
    let store = app.post("/api/v1/stores", store).await.expect(201);
    let product =
        app.post("/api/v1/products", json!({"sku": "P-1", "name": "Thing"})).await.expect(201);
    for change in [&store, &product] {
        assert_eq!(
            (change.header("cache-control"), change.header("surrogate-key")),
            ("no-cache", "")
        );
    }
    for (path, id, kind) in
        [("/api/v1/stores/S-1", &store, "store"), ("/api/v1/products/P-1", &product, "product")]
    {
        let id = id.body[format!("{kind}Id")].as_str().unwrap();
        let keys = format!("gondola {kind}-{id}");
        let answer = app.get(path).await;
        is_shared(&answer, &keys);
        let tag = [("if-none-match", answer.header("etag"))];
        let unchanged = app.send(Method::GET, path, &tag, None).await;
        assert_eq!(unchanged.status, 304);
        is_shared(&unchanged, &keys);
        let list = format!("/api/v1/{kind}s");
        is_shared(&app.get(&list).await, &format!("gondola {kind}s"));
        let own = app.get(&format!("{list}?minPosition=1")).await;
        assert_eq!((own.header("cache-control"), own.header("surrogate-key")), ("no-store", ""));
    }
    app.shut_down().await;
}

/// It says itself how old it is, and a cache would make that untrue; who is told of it is purged by another service's log.
#[tokio::test]
async fn the_copy_of_stock_and_errors_are_not_kept() {
    let app = App::start().await;
    let store = json!({"code": "S-1", "name": "Hillstreet", "region": "IA"});
    app.post("/api/v1/stores", store).await.expect(201);
    for path in ["/api/v1/stores/S-1/stock", "/api/v1/stores/S-2", "/api/v1/products?limit=0"] {
        let answer = app.send(Method::GET, path, &[], None).await;
        assert_eq!(
            (answer.header("cache-control"), answer.header("surrogate-key")),
            ("no-store", "")
        );
    }
    app.shut_down().await;
}

//! Split reservations whose sale is refused in one store: what is held is free at once, and what was sold is back.

use serde_json::{Value, json};

use crate::app::{App, on_each_store, product};
use crate::split_reservations::{add, get, parts, path, request, statuses, store, units, units_of};

/// A count takes the units of one part: the sale of the other is undone.
#[tokio::test]
async fn a_part_that_cannot_be_sold_undoes_the_sale() {
    let app = App::start("memory").await;
    add(&app, 1, 5).await;
    add(&app, 2, 5).await;
    let split = request(&app, parts(&[(1, 5), (2, 5)])).await;
    let count =
        json!({"storeId": store(2), "productId": product(1), "counted": 1, "onShortage": "revoke"});
    app.post("/count", count).await.expect(200);
    let sale = json!({"transactionId": "T-1"});
    let undone = app.post(&format!("{}/commit", path(&split)), sale).await.expect(409).body;
    assert_eq!(undone["code"], "split-reservation-revoked");
    assert_eq!(statuses(&get(&app, &split).await), ["returned", "revoked"]);
    assert_eq!([units(&app, 1).await, units(&app, 2).await], [[5, 0], [1, 0]]);
    app.shut_down().await;
}

/// A count takes the units of one product of one part. What that part holds of its other products is free at once, and what
/// another part had sold of them is back: before the release of what was left, it stayed held until its deadline.
#[tokio::test]
async fn a_part_that_cannot_be_sold_whole_holds_nothing_any_more() {
    on_each_store(async |app| {
        for (number, item) in [(1, 1), (2, 1), (2, 2), (2, 3)] {
            let body = json!({"storeId": store(number), "productId": product(item), "quantity": 5});
            app.post("/stock", body).await.expect(201);
        }
        let line = |item| json!({"productId": product(item), "quantity": 4});
        let split = json!({"parts": [
            {"storeId": store(1), "lines": [line(1)]},
            {"storeId": store(2), "lines": [line(1), line(2), line(3)]},
        ]});
        let split = request(app, split).await;
        let item = product(1);
        let count =
            json!({"storeId": store(2), "productId": item, "counted": 1, "onShortage": "revoke"});
        app.post("/count", count).await.expect(200);
        assert_eq!(units_of(app, 2, 2).await, [5, 4], "only what is missing ends by the count");
        let sale = json!({"transactionId": "T-1"});
        let undone = app.post(&format!("{}/commit", path(&split)), sale).await.expect(409).body;
        assert_eq!(undone["code"], "split-reservation-revoked");
        let found =
            [units_of(app, 2, 1).await, units_of(app, 2, 2).await, units_of(app, 2, 3).await];
        assert_eq!(found, [[1, 0], [5, 0], [5, 0]]);
        assert_eq!(units(app, 1).await, [5, 0]);
        let after = get(app, &split).await;
        assert_eq!(
            (&after["status"], statuses(&after)[1].as_str()),
            (&json!("revoked"), "revoked")
        );
        let history = after["history"].as_array().unwrap();
        let told = |name: &str| {
            let name = format!("SplitReservationPart{name}Event");
            let of_store =
                |entry: &&Value| entry["eventType"] == *name && entry["storeId"] == store(2);
            history.iter().find(of_store).cloned().unwrap_or_else(|| panic!("{after}"))
        };
        assert!(told("Revoked")["detail"].as_str().unwrap().contains(&item), "{after}");
        assert!(told("Released")["position"].as_u64() > told("Revoked")["position"].as_u64());
        // what was held is there for others
        let other = json!({"parts": [{"storeId": store(2), "lines": [
            {"productId": product(2), "quantity": 5}
        ]}]});
        request(app, other).await;
    })
    .await;
}

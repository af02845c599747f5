//! Transfers between stores through the API: nothing vanishes on the way, and what is given up comes back.

use std::time::Duration;

use gondola_inventory_domain::{SendTransfer, TransferCommand, TransferId};
use http::Request;
use serde_json::{Value, json};

use crate::app::{Answer, App, BASE, PATIENCE, STORE, about, on_each_store, product};

/// The store that receives.
const OTHER: &str = "11111111-1111-1111-1111-111111111112";

/// Asks for a transfer of units of products, from [`STORE`] to [`OTHER`].
async fn request(app: &App, lines: &[(u32, u32)]) -> Value {
    let line = |(number, quantity): &(u32, u32)| json!({"productId": product(*number), "quantity": quantity});
    let lines: Vec<_> = lines.iter().map(line).collect();
    let body = json!({"sourceStoreId": STORE, "destinationStoreId": OTHER, "lines": lines});
    app.post("/transfers", body).await.expect(201).body
}

/// Does something with a transfer and gives how it stands.
async fn act(app: &App, transfer: &Value, verb: &str, body: Value) -> Value {
    let id = transfer["transferId"].as_str().unwrap();
    app.post(&format!("/transfers/{id}/{verb}"), body).await.expect(200).body
}

async fn get(app: &App, transfer: &Value) -> Value {
    let id = transfer["transferId"].as_str().unwrap();
    app.get(&format!("/transfers/{id}")).await.expect(200).body
}

/// On hand and reserved of a product in a store, as a plain read shows them.
async fn units(app: &App, store: &str, number: u32) -> [u64; 2] {
    let path = format!("/stores/{store}/products/{}", product(number));
    let level = app.get(&path).await.expect(200).body;
    ["onHand", "reserved"].map(|field| level[field].as_u64().unwrap())
}

#[tokio::test]
async fn units_are_held_sent_and_received_in_parts_with_what_differs() {
    on_each_store(async |app| {
        app.add(1, 10).await;
        app.add(2, 5).await;
        let transfer = request(app, &[(1, 6), (2, 5)]).await;
        assert_eq!(transfer["status"], "held");
        assert_eq!(units(app, STORE, 1).await, [10, 6]);
        let sent = act(app, &transfer, "dispatch", json!({})).await;
        assert_eq!((&sent["status"], &sent["lines"][0]["inTransit"]), (&json!("inTransit"), &json!(6)));
        assert_eq!(units(app, STORE, 1).await, [4, 0]);
        let lines = json!([{"productId": product(1), "received": 3, "damaged": 1}]);
        let part = act(app, &transfer, "receive", json!({"lines": lines, "reason": "crushed"})).await;
        assert_eq!((&part["status"], &part["lines"][0]["inTransit"]), (&json!("inTransit"), &json!(2)));
        assert_eq!(units(app, OTHER, 1).await, [3, 0]);
        let lines = json!([
            {"productId": product(1), "received": 1, "short": 1},
            {"productId": product(2), "received": 5, "over": 2}
        ]);
        let closed = act(app, &transfer, "receive", json!({"lines": lines})).await;
        assert_eq!(closed["status"], "closed");
        let line = json!({
            "productId": product(1), "quantity": 6, "inTransit": 0, "received": 4, "over": 0, "damaged": 1,
            "short": 1, "returned": 0
        });
        assert_eq!(closed["lines"][0], line);
        assert_eq!((units(app, OTHER, 1).await, units(app, OTHER, 2).await), ([4, 0], [7, 0]));
        assert_eq!(get(app, &transfer).await["status"], "closed");
    })
    .await;
}

/// Asks for a transfer of one unit of product 1 under a reference; `quantity` units of it.
async fn referenced(app: &App, reference: &str, quantity: u32) -> Answer {
    let lines = json!([{"productId": product(1), "quantity": quantity}]);
    let body = json!({
        "sourceStoreId": STORE, "destinationStoreId": OTHER, "lines": lines, "reference": reference
    });
    app.post("/transfers", body).await
}

#[tokio::test]
async fn a_reference_is_that_of_one_transfer_however_often_and_at_once_it_is_asked_for() {
    on_each_store(async |app| {
        app.add(1, 10).await;
        let asked = (0..8).map(|_| referenced(app, "DN-1", 2));
        let answers = futures_util::future::join_all(asked).await;
        let begun: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
        let [begun] = begun[..] else { panic!("{answers:?}") };
        let id = &begun.body["transferId"];
        for refused in answers.iter().filter(|answer| answer.status != 201) {
            let told =
                (&refused.body["status"], &refused.body["code"], &refused.body["transferId"]);
            assert_eq!(told, (&json!(409), &json!("transfer-reference-taken"), id));
        }
        assert_eq!(units(app, STORE, 1).await, [10, 2], "held once");
        referenced(app, "DN-2", 1).await.expect(201);
        let position = begun.body["position"].as_u64().unwrap();
        let path = format!("/transfers?reference=DN-1&minPosition={position}");
        let listed = app.get(&path).await.expect(200).body;
        let items = listed["items"].as_array().unwrap();
        assert_eq!(items.iter().map(|item| &item["transferId"]).collect::<Vec<_>>(), [id]);
        assert_eq!(items[0]["reference"], "DN-1");
    })
    .await;
}

/// Nothing came of the first try, so that the same paper may ask once more.
#[tokio::test]
async fn the_reference_of_a_refused_transfer_is_free_and_that_of_a_cancelled_one_is_not() {
    on_each_store(async |app| {
        app.add(1, 1).await;
        let refused = referenced(app, "DN-1", 2).await.expect(201).body;
        assert_eq!(refused["status"], "refused");
        app.add(1, 9).await;
        let held = referenced(app, "DN-1", 2).await.expect(201).body;
        assert_eq!(held["status"], "held");
        act(app, &held, "cancel", json!({})).await;
        let taken = referenced(app, "DN-1", 2).await.expect(409).body;
        assert_eq!(taken["transferId"], held["transferId"]);
        referenced(app, " ", 2).await.expect(422);
    })
    .await;
}

#[tokio::test]
async fn a_source_that_is_short_refuses_and_nothing_is_held() {
    let app = App::start("memory").await;
    app.add(1, 10).await;
    app.add(2, 1).await;
    let transfer = request(&app, &[(1, 6), (2, 2)]).await;
    assert_eq!(transfer["status"], "refused");
    assert!(transfer["detail"].as_str().unwrap().contains("2 requested"), "{transfer}");
    assert_eq!(units(&app, STORE, 1).await, [10, 0]);
    let id = transfer["transferId"].as_str().unwrap();
    let sent = app.post(&format!("/transfers/{id}/dispatch"), json!({})).await;
    assert_eq!(sent.expect(409).body["code"], "transfer-state");
    app.shut_down().await;
}

#[tokio::test]
async fn what_is_cancelled_is_released_and_what_was_sent_is_returned() {
    let app = App::start("memory").await;
    app.add(1, 10).await;
    let cancelled = request(&app, &[(1, 6)]).await;
    let cancelled = act(&app, &cancelled, "cancel", json!({"reason": "not needed"})).await;
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(
        (&cancelled["cancelledBecause"], &cancelled["detail"]),
        (&json!("requested"), &json!("not needed"))
    );
    assert_eq!(units(&app, STORE, 1).await, [10, 0]);
    let sent = request(&app, &[(1, 6)]).await;
    act(&app, &sent, "dispatch", json!({})).await;
    let lines = json!([{"productId": product(1), "received": 2}]);
    act(&app, &sent, "receive", json!({"lines": lines})).await;
    let returned = act(&app, &sent, "return", json!({})).await;
    assert_eq!(
        (&returned["status"], &returned["lines"][0]["returned"]),
        (&json!("returned"), &json!(4))
    );
    assert_eq!((units(&app, STORE, 1).await, units(&app, OTHER, 1).await), ([8, 0], [2, 0]));
    app.shut_down().await;
}

/// A count takes the units of one line: nothing of the transfer leaves, and the other line is released.
#[tokio::test]
async fn a_dispatch_that_the_source_refuses_is_compensated() {
    let app = App::start("memory").await;
    app.add(1, 6).await;
    app.add(2, 5).await;
    let transfer = request(&app, &[(1, 6), (2, 5)]).await;
    let count = about(1, json!({"counted": 2, "onShortage": "revoke"}));
    app.post("/count", count).await.expect(200);
    let cancelled = act(&app, &transfer, "dispatch", json!({})).await;
    assert_eq!(
        (&cancelled["status"], &cancelled["cancelledBecause"]),
        (&json!("cancelled"), &json!("refused"))
    );
    assert!(cancelled["detail"].as_str().unwrap().contains("not active"), "{cancelled}");
    assert_eq!((units(&app, STORE, 1).await, units(&app, STORE, 2).await), ([2, 0], [5, 0]));
    app.shut_down().await;
}

#[tokio::test]
async fn a_hold_that_runs_out_cancels_the_transfer() {
    let app = App::start("memory").await;
    app.add(1, 6).await;
    let transfer = request(&app, &[(1, 6)]).await;
    app.clock.move_seconds(86_400);
    let cancelled = async {
        while get(&app, &transfer).await["status"] != "cancelled" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, cancelled).await.unwrap();
    assert_eq!(get(&app, &transfer).await["cancelledBecause"], "expired");
    app.hold(1, 1, 6).await.expect(201);
    app.shut_down().await;
}

/// The process that has ordered a step may end before it is done.
#[tokio::test]
async fn what_was_ordered_and_left_is_done() {
    let app = App::start("memory").await;
    app.add(1, 6).await;
    let transfer = request(&app, &[(1, 6)]).await;
    let id: TransferId = transfer["transferId"].as_str().unwrap().parse().unwrap();
    let ordered = TransferCommand::SendTransfer(SendTransfer { occurred_at: None });
    app.context.transfers.order(id, ordered, kit_testkit::caller::caller(None)).await.unwrap();
    assert_eq!(units(&app, STORE, 1).await, [6, 6]);
    let sent = async {
        while get(&app, &transfer).await["status"] != "inTransit" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, sent).await.unwrap();
    assert_eq!(units(&app, STORE, 1).await, [0, 0]);
    app.shut_down().await;
}

#[tokio::test]
async fn a_repeated_request_is_one_transfer() {
    let app = App::start("memory").await;
    app.add(1, 10).await;
    let body = json!({
        "sourceStoreId": STORE, "destinationStoreId": OTHER,
        "lines": [{"productId": product(1), "quantity": 4}]
    });
    let send = async || {
        let request = Request::post(format!("{BASE}/transfers"));
        let request = request.header("content-type", "application/json");
        let request = request.header("idempotency-key", "t-1");
        app.call(request.body(body.to_string().into()).unwrap()).await.expect(201)
    };
    let (first, again) = (send().await, send().await);
    assert_eq!(first.body["transferId"], again.body["transferId"]);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(units(&app, STORE, 1).await, [10, 4]);
    app.shut_down().await;
}

#[tokio::test]
async fn transfers_are_listed_newest_first_by_store_and_state() {
    let app = App::start("memory").await;
    app.add(1, 10).await;
    let first = request(&app, &[(1, 1)]).await;
    app.clock.move_seconds(1);
    let second = request(&app, &[(1, 2)]).await;
    let third = act(&app, &second, "dispatch", json!({})).await;
    let position = third["position"].as_u64().unwrap();
    let list = async |query: &str| {
        let path = format!("/transfers?minPosition={position}&{query}");
        let page = app.get(&path).await.expect(200).body;
        let ids = page["items"].as_array().unwrap().iter().map(|item| item["transferId"].clone());
        (ids.collect::<Vec<_>>(), page["nextCursor"].clone())
    };
    let [first, second] = [&first, &second].map(|transfer| transfer["transferId"].clone());
    assert_eq!(list("").await.0, [second.clone(), first.clone()]);
    assert_eq!(list("status=held").await.0, std::slice::from_ref(&first));
    assert_eq!(
        list(&format!("store={OTHER}&status=inTransit")).await.0,
        std::slice::from_ref(&second)
    );
    assert!(list(&format!("store={}", product(1))).await.0.is_empty());
    assert!(list("delayed=true").await.0.is_empty());
    let (page, next) = list("limit=1").await;
    assert_eq!(page, [second]);
    let cursor = next.as_str().unwrap();
    assert_eq!(list(&format!("limit=1&cursor={cursor}")).await, (vec![first], Value::Null));
    app.shut_down().await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_the_reason() {
    let app = App::start("memory").await;
    app.add(1, 10).await;
    let transfer = request(&app, &[(1, 4)]).await;
    let id = transfer["transferId"].as_str().unwrap();
    let receive = async |line: Value| {
        app.post(&format!("/transfers/{id}/receive"), json!({"lines": [line]})).await
    };
    let line = json!({"productId": product(1), "received": 4});
    let early = receive(line).await.expect(409);
    assert_eq!(
        (&early.body["code"], &early.body["transferStatus"]),
        (&json!("transfer-state"), &json!("held"))
    );
    act(&app, &transfer, "dispatch", json!({})).await;
    let more = receive(json!({"productId": product(1), "received": 5})).await.expect(422);
    assert_eq!(more.body["code"], "invalid-transfer");
    let within = json!({"sourceStoreId": STORE, "destinationStoreId": STORE, "lines": [{"productId": product(1), "quantity": 1}]});
    assert_eq!(app.post("/transfers", within).await.expect(422).body["code"], "invalid-transfer");
    let unknown = json!({"sourceStoreId": STORE, "destinationStoreCode": "nowhere", "lines": [{"productId": product(1), "quantity": 1}]});
    assert_eq!(app.post("/transfers", unknown).await.expect(404).body["code"], "store-not-found");
    app.post(&format!("/transfers/{}/dispatch", product(1)), json!({})).await.expect(404);
    app.get(&format!("/transfers/{}", product(1))).await.expect(404);
    app.shut_down().await;
}

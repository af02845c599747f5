//! Split reservations through the API: a basket in several stores is held, sold and given back as one, or not at all.

use std::time::Duration;

use futures_util::future::join_all;
use gondola_inventory::process_managers::split_reservations::{
    SplitReservationError, SplitReservationOrder, WantedParts,
};
use gondola_inventory::use_cases::{Named, ProductRef, StoreRef};
use gondola_inventory_domain::{
    CommitSplitReservation, PositiveQuantity, ReleaseSplitReservation, SplitReservationCommand,
    SplitReservationId, TimeToLive, TransactionRef,
};
use http::Request;
use kit_core::{Caller, Scope, Version};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::app::{App, BASE, PATIENCE, midnight, on_each_store, open, product};

/// A store by a small number.
pub(crate) fn store(number: u32) -> String {
    format!("51000000-0000-0000-0000-{number:012}")
}

/// Four of them, in order.
fn stores() -> Value {
    json!([1, 2, 3, 4].map(store))
}

pub(crate) async fn add(app: &App, number: u32, quantity: u32) {
    let body = json!({"storeId": store(number), "productId": product(1), "quantity": quantity});
    app.post("/stock", body).await.expect(201);
}

/// Parts of some stores: units of product 1 from each.
pub(crate) fn parts(wanted: &[(u32, u32)]) -> Value {
    let part = |(number, quantity): &(u32, u32)| {
        let lines = json!([{"productId": product(1), "quantity": quantity}]);
        json!({"storeId": store(*number), "lines": lines})
    };
    json!({"parts": wanted.iter().map(part).collect::<Vec<_>>()})
}

/// A basket of product 1 for which stores are found, by the newest view.
fn basket(app: &App, quantity: u32, mut fields: Value) -> Value {
    fields["lines"] = json!([{"productId": product(1), "quantity": quantity}]);
    fields["minPosition"] = json!(app.context.queries.head().get());
    json!({"basket": fields})
}

pub(crate) async fn request(app: &App, body: Value) -> Value {
    app.post("/split-reservations", body).await.expect(201).body
}

pub(crate) fn path(split: &Value) -> String {
    format!("/split-reservations/{}", split["splitReservationId"].as_str().unwrap())
}

pub(crate) async fn get(app: &App, split: &Value) -> Value {
    app.get(&path(split)).await.expect(200).body
}

/// Waits until a split reservation stands like this.
async fn until(app: &App, split: &Value, status: &str) -> Value {
    let found = async {
        loop {
            let found = get(app, split).await;
            if found["status"] == status {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, found).await.unwrap()
}

pub(crate) fn statuses(split: &Value) -> Vec<String> {
    let parts = split["parts"].as_array().unwrap().iter();
    parts.map(|part| part["status"].as_str().unwrap().to_owned()).collect()
}

/// On hand and reserved of product 1 in a store, as its shard has them.
pub(crate) async fn units(app: &App, number: u32) -> [u64; 2] {
    units_of(app, number, 1).await
}

pub(crate) async fn units_of(app: &App, number: u32, item: u32) -> [u64; 2] {
    let path = format!("/stores/{}/products/{}?consistency=strong", store(number), product(item));
    let level = app.get(&path).await.expect(200).body;
    ["onHand", "reserved"].map(|field| level[field].as_u64().unwrap())
}

async fn all_units<const N: usize>(app: &App, stores: [u32; N]) -> [[u64; 2]; N] {
    let found = join_all(stores.map(|number| units(app, number))).await;
    found.try_into().unwrap()
}

#[tokio::test]
async fn a_basket_is_held_in_three_stores_and_sold_as_one() {
    on_each_store(async |app| {
        for number in 1..=3 {
            add(app, number, 5).await;
        }
        let mut body = parts(&[(2, 2), (1, 1), (3, 5)]);
        (body["orderId"], body["customerId"]) = (json!("O-7"), json!("CUST-7"));
        let split = request(app, body).await;
        assert_eq!((&split["status"], &split["orderId"]), (&json!("active"), &json!("O-7")));
        assert_eq!(statuses(&split), ["active"; 3]);
        assert_eq!(all_units(app, [1, 2, 3]).await, [[5, 1], [5, 2], [5, 5]]);
        // each part is a reservation that can be read
        let part = split["parts"][0]["reservationId"].as_str().unwrap();
        let position = split["position"].as_u64().unwrap();
        let part = format!("/reservations/{part}?minPosition={position}");
        assert_eq!(app.get(&part).await.expect(200).body["status"], "active");
        let sale = json!({"transactionId": "T-1"});
        let commit = async || app.post(&format!("{}/commit", path(&split)), sale.clone()).await;
        let sold = commit().await.expect(200).body;
        assert_eq!((&sold["status"], &sold["transactionId"]), (&json!("committed"), &json!("T-1")));
        assert_eq!(statuses(&sold), ["committed"; 3]);
        assert_eq!(commit().await.expect(200).body["version"], sold["version"]);
        assert_eq!(all_units(app, [1, 2, 3]).await, [[4, 0], [3, 0], [0, 0]]);
        let history = get(app, &split).await["history"].clone();
        let told = history.as_array().unwrap().iter().map(|entry| entry["eventType"].as_str());
        let told: Vec<_> = told.map(Option::unwrap).collect();
        let expected = ["Requested", "PartHeld", "PartHeld", "PartHeld", "CommitOrdered"];
        let expected = expected.into_iter().chain(["PartCommitted"; 3]);
        let expected: Vec<_> =
            expected.map(|name| format!("SplitReservation{name}Event")).collect();
        assert_eq!(told, expected);
        assert_eq!(history[1]["storeId"], store(1), "held in the order of the stores");
        assert!(!history.to_string().contains("CUST-7"));
    })
    .await;
}

#[tokio::test]
async fn one_store_that_refuses_leaves_nothing_held() {
    on_each_store(async |app| {
        for number in 1..=3 {
            add(app, number, 5).await;
        }
        app.name_product(1, "SKU-1");
        let refused = app.post("/split-reservations", parts(&[(1, 5), (2, 6), (3, 5)])).await;
        let refused = refused.expect(409).body;
        assert_eq!(refused["code"], "split-reservation-refused");
        let detail = refused["detail"].as_str().unwrap();
        assert!(detail.contains("product SKU-1: 6 requested"), "{refused}");
        assert_eq!(all_units(app, [1, 2, 3]).await, [[5, 0], [5, 0], [5, 0]]);
        let split = get(app, &refused).await;
        assert_eq!(
            (&split["status"], statuses(&split)[0].as_str()),
            (&json!("refused"), "released")
        );
        assert_eq!(statuses(&split)[1..], ["refused", "skipped"]);
    })
    .await;
}

/// The catalogue closes a store, or does not let it hold for so long.
#[tokio::test]
async fn a_store_may_refuse_for_other_reasons_than_stock() {
    let app = App::start("memory").await;
    add(&app, 1, 5).await;
    add(&app, 2, 5).await;
    let closed = Named::store("S2", "Closed", false, None);
    let id = store(2).parse().unwrap();
    app.context.catalogue.note_store(id, closed, Version::new(1));
    let refused = app.post("/split-reservations", parts(&[(1, 1), (2, 1)])).await.expect(409).body;
    assert!(refused["detail"].as_str().unwrap().contains("S2 is closed"), "{refused}");
    assert_eq!(all_units(&app, [1, 2]).await, [[5, 0], [5, 0]]);
    let mut long = parts(&[(1, 1)]);
    long["ttlSeconds"] = json!(86_401);
    let long = app.post("/split-reservations", long).await.expect(422).body;
    assert_eq!(long["code"], "invalid-split-reservation");
    app.shut_down().await;
}

#[tokio::test]
async fn stores_are_found_for_a_basket() {
    let app = App::start("memory").await;
    for (number, quantity) in [(1, 4), (2, 3), (3, 2)] {
        add(&app, number, quantity).await;
    }
    let found = request(&app, basket(&app, 6, json!({"strategy": "mostStock"}))).await;
    assert_eq!((&found["status"], &found["plan"]), (&json!("active"), &json!(1)));
    assert_eq!(all_units(&app, [1, 2, 3]).await, [[4, 4], [3, 2], [2, 0]]);
    app.post(&format!("{}/release", path(&found)), json!({})).await.expect(200);
    let missing = app.post("/split-reservations", basket(&app, 10, json!({}))).await.expect(409);
    assert!(missing.body["detail"].as_str().unwrap().contains("10 wanted"), "{}", missing.text);
    app.shut_down().await;
}

/// Lets a store hold for a minute at most, which it refuses what lasts longer by; what it offers is found all the same.
fn hold_briefly(app: &App, number: u32) {
    let longest_hold = Some(TimeToLive::from_seconds(60).unwrap());
    let named = Named { longest_hold, ..Named::store(&format!("S{number}"), "Brief", true, None) };
    app.context.catalogue.note_store(store(number).parse().unwrap(), named, Version::new(1));
}

#[tokio::test]
async fn stores_are_looked_for_again_without_one_that_refuses() {
    on_each_store(async |app| {
        for number in 1..=4 {
            add(app, number, 3).await;
        }
        hold_briefly(app, 2);
        let order = json!({"strategy": "inOrder", "stores": stores()});
        let split = request(app, basket(app, 6, order)).await;
        assert_eq!((&split["status"], &split["plan"]), (&json!("active"), &json!(2)));
        assert_eq!(all_units(app, [1, 2, 3, 4]).await, [[3, 3], [3, 0], [3, 3], [3, 0]]);
        let history = get(app, &split).await["history"].to_string();
        assert!(
            history.contains("PartRefused") && history.contains("longestHoldSeconds"),
            "{history}"
        );
        let sale = json!({"transactionId": "T-1"});
        app.post(&format!("{}/commit", path(&split)), sale).await.expect(200);
        assert_eq!(all_units(app, [1, 2, 3, 4]).await, [[0, 0], [3, 0], [0, 0], [3, 0]]);
    })
    .await;
}

/// Four stores could serve, and each of the first three refuses: the fourth is not asked any more.
#[tokio::test]
async fn stores_are_looked_for_three_times() {
    let app = App::start("memory").await;
    for number in 1..=4 {
        add(&app, number, 3).await;
    }
    (1..=3).for_each(|number| hold_briefly(&app, number));
    let order = json!({"strategy": "inOrder", "stores": stores()});
    let refused = app.post("/split-reservations", basket(&app, 3, order)).await.expect(409).body;
    let split = get(&app, &refused).await;
    assert_eq!((&split["status"], &split["plan"]), (&json!("refused"), &json!(3)));
    assert_eq!(all_units(&app, [1, 2, 3, 4]).await, [[3, 0]; 4]);
    app.shut_down().await;
}

/// More steps than one drive has.
#[tokio::test]
async fn twenty_stores_hold_a_basket() {
    let app = App::start("memory").await;
    for number in 1..=20 {
        add(&app, number, 1).await;
    }
    let split = request(&app, parts(&(1..=20).map(|number| (number, 1)).collect::<Vec<_>>())).await;
    assert_eq!((&split["status"], statuses(&split).len()), (&json!("active"), 20));
    app.post(&format!("{}/release", path(&split)), json!({})).await.expect(200);
    assert_eq!(units(&app, 20).await, [1, 0]);
    app.shut_down().await;
}

/// A caller of some stores, who sees and changes what is in those only.
#[tokio::test]
async fn a_caller_must_have_all_stores() {
    let app = App::start("memory").await;
    add(&app, 1, 5).await;
    add(&app, 2, 5).await;
    let scope = |numbers: &[u32]| {
        let own = numbers.iter().map(|number| store(*number).parse::<Uuid>().unwrap());
        Scope::only(own)
    };
    let split = request(&app, parts(&[(1, 1), (2, 1)])).await;
    let id: SplitReservationId = split["splitReservationId"].as_str().unwrap().parse().unwrap();
    let door = &app.context.split_reservations;
    assert!(door.find(id, &scope(&[1, 2, 3])).await.unwrap().is_some());
    assert!(door.find(id, &scope(&[1])).await.unwrap().is_none());
    let release = ReleaseSplitReservation { reason: None };
    let release = SplitReservationCommand::ReleaseSplitReservation(release);
    let one = Caller { scope: scope(&[1]), ..kit_testkit::caller::caller(None) };
    let refused = door.perform(id, release, one.clone()).await.unwrap_err();
    assert!(refused.to_string().contains("check the id"), "{refused}");
    assert_eq!(all_units(&app, [1, 2]).await, [[5, 1], [5, 1]]);
    let units =
        vec![(ProductRef::Id(product(1).parse().unwrap()), PositiveQuantity::new(1).unwrap())];
    let part = |number| (StoreRef::Id(store(number).parse().unwrap()), units.clone());
    let order = SplitReservationOrder {
        wanted: WantedParts::Named(vec![part(1), part(2)]),
        ttl: TimeToLive::default(),
        reason: None,
        order: None,
        customer: None,
    };
    let refused = door.request(order, one).await.unwrap_err();
    assert!(matches!(refused, SplitReservationError::UnknownName(_)), "{refused}");
    assert_eq!(all_units(&app, [1, 2]).await, [[5, 1], [5, 1]]);
    app.shut_down().await;
}

#[tokio::test]
async fn a_release_gives_all_parts_back() {
    let app = App::start("memory").await;
    add(&app, 1, 5).await;
    add(&app, 2, 5).await;
    let split = request(&app, parts(&[(1, 5), (2, 5)])).await;
    let release = async || app.post(&format!("{}/release", path(&split)), json!({})).await;
    assert_eq!(release().await.expect(200).body["status"], "released");
    assert_eq!(release().await.expect(200).body["status"], "released");
    assert_eq!(all_units(&app, [1, 2]).await, [[5, 0], [5, 0]]);
    let sale = json!({"transactionId": "T-1"});
    let late = app.post(&format!("{}/commit", path(&split)), sale).await.expect(409).body;
    assert_eq!(
        (&late["code"], &late["splitReservationStatus"]),
        (&json!("split-reservation-state"), &json!("released"))
    );
    app.shut_down().await;
}

#[tokio::test]
async fn the_deadline_releases_all_parts() {
    let app = App::start("memory").await;
    add(&app, 1, 5).await;
    add(&app, 2, 5).await;
    let split = request(&app, parts(&[(1, 5), (2, 5)])).await;
    app.clock.move_seconds(300);
    let sale = json!({"transactionId": "T-1"});
    let late = app.post(&format!("{}/commit", path(&split)), sale).await.expect(410).body;
    assert_eq!(late["code"], "reservation-expired");
    until(&app, &split, "expired").await;
    assert_eq!(all_units(&app, [1, 2]).await, [[5, 0], [5, 0]]);
    app.shut_down().await;
}

/// A commit that was ordered in time is finished after the deadline: the stores hold their parts longer.
#[tokio::test]
async fn what_was_left_in_the_middle_is_finished_by_the_next_start() {
    for kind in ["sqlite", "jsonl"] {
        let (folder, clock) = (TempDir::new().unwrap(), midnight());
        let start = async || {
            let log = open(kind, folder.path(), &clock);
            App::start_on(log, &folder.path().join("views"), clock.clone(), false).await
        };
        let app = start().await;
        add(&app, 1, 5).await;
        add(&app, 2, 5).await;
        let split = request(&app, parts(&[(1, 2), (2, 3)])).await;
        let id: SplitReservationId = split["splitReservationId"].as_str().unwrap().parse().unwrap();
        clock.move_seconds(299);
        let transaction = TransactionRef::new("T-1").unwrap();
        let ordered = CommitSplitReservation { transaction, customer: None };
        let ordered = SplitReservationCommand::CommitSplitReservation(ordered);
        let caller = kit_testkit::caller::caller(None);
        app.context.split_reservations.order(id, ordered, caller).await.unwrap();
        app.shut_down().await;
        clock.move_seconds(60);
        let app = start().await;
        let sold = until(&app, &split, "committed").await;
        assert_eq!(statuses(&sold), ["committed"; 2]);
        assert_eq!(all_units(&app, [1, 2]).await, [[3, 0], [2, 0]]);
        app.shut_down().await;
    }
}

#[tokio::test]
async fn a_repeated_request_is_one_split_reservation() {
    let app = App::start("memory").await;
    add(&app, 1, 10).await;
    let send = async || {
        let request = Request::post(format!("{BASE}/split-reservations"));
        let request = request.header("content-type", "application/json");
        let request = request.header("idempotency-key", "s-1");
        app.call(request.body(parts(&[(1, 4)]).to_string().into()).unwrap()).await.expect(201)
    };
    let (first, again) = (send().await, send().await);
    assert_eq!(first.body["splitReservationId"], again.body["splitReservationId"]);
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.headers["location"], format!("{BASE}{}", path(&first.body)).as_str());
    assert_eq!(units(&app, 1).await, [10, 4]);
    app.shut_down().await;
}

/// Buyers of the last units of four stores, in all orders, named and found: as many win as can, and nothing stays held.
#[tokio::test]
async fn buyers_of_the_last_units_never_oversell_and_leave_nothing_held() {
    let app = App::start("sqlite").await;
    for number in 1..=4 {
        add(&app, number, 3).await;
    }
    let buyer = |number: u32| {
        let app = &app;
        async move {
            let (first, second) = (number % 4 + 1, (number + 1) % 4 + 1);
            let body = match number % 3 {
                0 => basket(app, 2, json!({"maxParcels": 2})),
                1 => parts(&[(first, 1), (second, 1)]),
                _ => parts(&[(second, 1), (first, 1)]),
            };
            let answer = app.post("/split-reservations", body).await;
            match answer.status.as_u16() {
                201 => {}
                409 => return 0,
                other => panic!("{other}: {}", answer.text),
            }
            let path = path(&answer.body);
            if number.is_multiple_of(5) {
                app.post(&format!("{path}/release"), json!({})).await.expect(200);
                return 0;
            }
            let sale = json!({"transactionId": format!("T-{number}")});
            app.post(&format!("{path}/commit"), sale).await.expect(200);
            2
        }
    };
    let sold: u64 = join_all((0..40).map(buyer)).await.into_iter().sum();
    let left = all_units(&app, [1, 2, 3, 4]).await;
    assert_eq!(left.map(|[_, reserved]| reserved), [0; 4], "nothing is held: {left:?}");
    assert_eq!(left.iter().map(|[on_hand, _]| on_hand).sum::<u64>(), 12 - sold);
    assert!(sold >= 2, "all were refused");
    app.shut_down().await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_the_reason() {
    let app = App::start("memory").await;
    add(&app, 1, 10).await;
    let post = async |body: Value| app.post("/split-reservations", body).await;
    app.name_product(1, "SKU-1");
    let nowhere = post(basket(&app, 20, json!({}))).await.expect(409).body;
    let detail = nowhere["detail"].as_str().unwrap();
    assert!(detail.contains("product SKU-1: 20 wanted, 10 of them in no store"), "{nowhere}");
    let twice = post(parts(&[(1, 1), (1, 1)])).await.expect(422).body;
    assert_eq!(twice["code"], "invalid-split-reservation");
    let mut both = parts(&[(1, 1)]);
    both["basket"] = basket(&app, 1, json!({}))["basket"].clone();
    post(both).await.expect(422);
    post(json!({})).await.expect(422);
    let unknown = json!({"parts": [{"storeCode": "nowhere", "lines": [{"productId": product(1), "quantity": 1}]}]});
    assert_eq!(post(unknown).await.expect(404).body["code"], "store-not-found");
    app.get(&format!("/split-reservations/{}", product(1))).await.expect(404);
    let sale = json!({"transactionId": "T-1"});
    app.post(&format!("/split-reservations/{}/commit", product(1)), sale).await.expect(404);
    app.shut_down().await;
}

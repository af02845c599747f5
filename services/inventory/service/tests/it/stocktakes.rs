//! Stocktakes through the API: counted while sales go on, compared with the books of the moment, reviewed, and posted once.

use gondola_inventory_domain::StocktakeId;
use kit_core::Scope;
use kit_service::Slice;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, App, STORE, about, on_each_store, product};
use crate::facts::minutes_ago;

/// Opens a stocktake of [`STORE`].
pub(crate) async fn open(app: &App, mut more: Value) -> String {
    more["storeId"] = json!(STORE);
    let opened = app.post("/stocktakes", more).await.expect(201);
    opened.body["stocktakeId"].as_str().unwrap().to_owned()
}

/// A count of a product so many minutes ago.
pub(crate) fn counted(app: &App, number: u32, units: u32, minutes: i64) -> Value {
    let at = minutes_ago(&app.clock, minutes);
    json!({"productId": product(number), "counted": units, "occurredAt": at})
}

fn in_zone(mut count: Value, zone: &str) -> Value {
    count["zone"] = json!(zone);
    count
}

pub(crate) async fn act(app: &App, id: &str, verb: &str, body: Value) -> Answer {
    app.post(&format!("/stocktakes/{id}/{verb}"), body).await
}

pub(crate) async fn count(app: &App, id: &str, counts: &[Value]) -> Answer {
    act(app, id, "counts", json!({ "counts": counts })).await
}

async fn compare(app: &App, id: &str) -> Value {
    act(app, id, "compare", json!({})).await.expect(200).body
}

pub(crate) async fn read(app: &App, id: &str) -> Value {
    app.get(&format!("/stocktakes/{id}")).await.expect(200).body
}

/// Status, expected units and variance of a line.
fn line(stocktake: &Value, number: u32) -> (String, Option<u64>, Option<i64>) {
    let lines = stocktake["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["productId"] == product(number).as_str()).unwrap();
    let status = line["status"].as_str().unwrap().to_owned();
    (status, line["expected"].as_u64(), line["variance"].as_i64())
}

fn stands(status: &str, expected: u64, variance: i64) -> (String, Option<u64>, Option<i64>) {
    (status.to_owned(), Some(expected), Some(variance))
}

async fn receive(app: &App, number: u32, quantity: u32, minutes: i64) {
    let at = minutes_ago(&app.clock, minutes);
    app.post("/stock", about(number, json!({"quantity": quantity, "occurredAt": at})))
        .await
        .expect(201);
}

/// A sale at the till, told late or not.
async fn sold(app: &App, number: u32, units: i64, minutes: i64) {
    let at = minutes_ago(&app.clock, minutes);
    let sale = json!({"delta": -units, "reason": "Sold", "occurredAt": at, "alreadyLeft": true});
    app.post("/adjust", about(number, sale)).await.expect(200);
}

/// The counts of a level that refer to a stocktake: how many, and what the last one changed.
pub(crate) async fn posted(app: &App, number: u32, id: &str) -> (usize, Option<Value>) {
    let history = format!("/stores/{STORE}/products/{}/history", product(number));
    let movements = app.get(&history).await.expect(200).body;
    let reference = format!("stocktake-{id}");
    let items = movements["items"].as_array().unwrap();
    let of_it: Vec<_> =
        items.iter().filter(|item| item["reference"] == reference.as_str()).cloned().collect();
    (of_it.len(), of_it.first().cloned())
}

#[tokio::test]
async fn what_was_counted_while_sales_went_on_is_compared_with_the_books_of_its_moment() {
    on_each_store(async |app| {
        receive(app, 1, 100, 300).await;
        let id = open(app, json!({"zone": "Aisle 4", "reason": "Cycle count"})).await;
        sold(app, 1, 3, 10).await;
        // 98 lay there an hour ago; three were sold since
        let told = count(app, &id, &[counted(app, 1, 98, 60)]).await.expect(200).body;
        assert_eq!(line(&told, 1), ("counted".to_owned(), None, None));
        assert_eq!(told["lines"][0]["counts"][0]["zone"], "Aisle 4");
        let told = compare(app, &id).await;
        assert_eq!(told["status"], "review");
        assert_eq!(line(&told, 1), stands("review", 100, -2));
        assert_eq!(app.units(1).await, [97, 0, 97], "nothing is changed before the approval");

        // a till that was offline explains one of the two
        sold(app, 1, 1, 90).await;
        let changed = act(app, &id, "approve", json!({})).await.problem(409, "variance-changed");
        assert_eq!(changed["productIds"], json!([product(1)]));
        assert_eq!(line(&compare(app, &id).await, 1), stands("review", 99, -1));

        let why = json!({"reason": "Checked with the store"});
        let told = act(app, &id, "approve", why.clone()).await.expect(200).body;
        assert_eq!((&told["status"], line(&told, 1).0.as_str()), (&json!("closed"), "posted"));
        assert_eq!(app.units(1).await, [95, 0, 95]);
        let (times, movement) = posted(app, 1, &id).await;
        let movement = movement.unwrap();
        assert_eq!((times, &movement["onHandDelta"]), (1, &json!(-1)));
        assert_eq!(movement["reason"], "Checked with the store");

        // approved again, by all and by name, it changes nothing
        let twice = json!({"products": [{"productId": product(1)}]});
        for body in [why, twice] {
            act(app, &id, "approve", body).await.expect(200);
        }
        assert_eq!((posted(app, 1, &id).await.0, app.units(1).await), (1, [95, 0, 95]));
        let told = read(app, &id).await;
        let history = told["history"].as_array().unwrap().iter();
        let events: Vec<_> = history.map(|entry| entry["eventType"].as_str().unwrap()).collect();
        assert_eq!(
            events,
            [
                "StocktakeOpenedEvent",
                "StocktakeCountedEvent",
                "StocktakeComparedEvent",
                "StocktakeComparedEvent",
                "StocktakeApprovedEvent",
                "StocktakePostedEvent"
            ]
        );
        count(app, &id, &[counted(app, 1, 5, 1)]).await.problem(409, "stocktake-state");
    })
    .await;
}

#[tokio::test]
async fn small_differences_are_accepted_and_large_ones_are_counted_again() {
    on_each_store(async |app| {
        for number in 1..=4 {
            receive(app, number, 50, 300).await;
        }
        let sheet: Vec<_> = (1..=4).map(|number| json!({"productId": product(number)})).collect();
        let id = open(
            app,
            json!({"sheet": sheet, "tolerance": {"units": 2}, "recountAbove": {"units": 10}}),
        )
        .await;
        let counts = [counted(app, 1, 49, 60), counted(app, 2, 45, 60), counted(app, 3, 5, 60)];
        count(app, &id, &counts).await.expect(200);
        let told = compare(app, &id).await;
        let statuses = (1..=4).map(|number| line(&told, number).0).collect::<Vec<_>>();
        assert_eq!(statuses, ["posted", "review", "recount", "toCount"]);
        assert_eq!(app.units(1).await, [49, 0, 49]);
        act(app, &id, "approve", json!({"products": [{"productId": product(3)}]}))
            .await
            .problem(409, "stocktake-state");

        // what was sent before is no recount; what is counted anew is reviewed, however large
        count(app, &id, &counts).await.expect(200);
        assert_eq!(line(&read(app, &id).await, 3).0, "recount");
        count(app, &id, &[counted(app, 3, 35, 20)]).await.expect(200);
        let told = compare(app, &id).await;
        assert_eq!(line(&told, 3), stands("review", 50, -15));
        let told = act(app, &id, "approve", json!({})).await.expect(200).body;
        assert_eq!(told["status"], "counting", "one is still to be counted");
        assert_eq!(app.units(2).await[0] + app.units(3).await[0], 45 + 35);
        let skip = json!({"products": [{"productId": product(4)}], "reason": "Not in the aisle"});
        assert_eq!(act(app, &id, "reject", skip).await.expect(200).body["status"], "closed");
        assert_eq!((app.units(4).await[0], posted(app, 4, &id).await.0), (50, 0));
    })
    .await;
}

#[tokio::test]
async fn zones_are_added_up_unless_stock_moved_between_their_counts() {
    let app = App::start("memory").await;
    receive(&app, 1, 30, 300).await;
    receive(&app, 2, 30, 300).await;
    let id = open(&app, json!({})).await;
    sold(&app, 2, 1, 45).await;
    let counts: Vec<_> = [1, 2]
        .into_iter()
        .flat_map(|number| {
            let shelf = in_zone(counted(&app, number, 20, 60), "Shelf");
            [shelf, in_zone(counted(&app, number, 9, 30), "Back room")]
        })
        .collect();
    // two people send theirs, and one of them twice
    count(&app, &id, &counts[..2]).await.expect(200);
    count(&app, &id, &counts[1..]).await.expect(200);
    let told = compare(&app, &id).await;
    assert_eq!(line(&told, 1), stands("review", 30, -1));
    assert_eq!(line(&told, 2), stands("recount", 29, 0));
    assert_eq!(told["lines"][1]["recountBecause"], "moved");
    let told = act(&app, &id, "reject", json!({})).await.expect(200).body;
    assert_eq!(line(&told, 1).0, "rejected");
    let told = act(&app, &id, "cancel", json!({"reason": "Enough"})).await.expect(200).body;
    assert_eq!(told["status"], "cancelled");
    assert_eq!([app.units(1).await[0], app.units(2).await[0]], [30, 29]);
    compare_refused(&app, &id).await;
    app.shut_down().await;
}

async fn compare_refused(app: &App, id: &str) {
    let refused = act(app, id, "compare", json!({})).await.problem(409, "stocktake-state");
    assert_eq!(refused["stocktakeStatus"], "cancelled");
}

#[tokio::test]
async fn a_line_that_its_level_refuses_is_reviewed_again() {
    let app = App::start("memory").await;
    app.add(1, 6).await;
    app.hold(1, 1, 5).await.expect(201);
    app.clock.move_millis(1_000);
    let id = open(&app, json!({})).await;
    count(&app, &id, &[json!({"productId": product(1), "counted": 3})]).await.expect(200);
    compare(&app, &id).await;
    let told = act(&app, &id, "approve", json!({})).await.expect(200).body;
    assert_eq!((&told["status"], line(&told, 1)), (&json!("review"), stands("review", 6, -3)));
    let refusal = told["lines"][0]["refusal"].as_str().unwrap();
    assert!(refusal.contains("5 are reserved"), "{refusal}");
    assert_eq!(app.units(1).await, [6, 5, 1]);
    let told = act(&app, &id, "approve", json!({"onShortage": "revoke"})).await.expect(200).body;
    assert_eq!(told["status"], "closed");
    assert_eq!((app.units(1).await, app.status(1).await), ([3, 0, 3], json!("revoked")));
    app.shut_down().await;
}

#[tokio::test]
async fn a_store_sees_its_own_stocktakes_and_sets_no_tolerance() {
    let app = App::start("memory").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        app.clock.move_millis(1);
        ids.push(open(&app, json!({"blind": true})).await);
    }
    ids.reverse();
    let last = read(&app, &ids[0]).await;
    let page =
        app.get(&format!("/stocktakes?limit=2&minPosition={}", last["position"])).await.expect(200);
    let listed = |page: &Answer| -> Vec<String> {
        let items = page.body["items"].as_array().unwrap().iter();
        items.map(|item| item["stocktakeId"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(listed(&page), ids[..2]);
    assert!(page.body["items"][0].get("lines").is_none(), "{}", page.text);
    let next = page.body["nextCursor"].as_str().unwrap();
    let page = app.get(&format!("/stocktakes?limit=2&cursor={next}")).await.expect(200);
    assert_eq!(listed(&page), ids[2..]);
    let of_store = format!("/stocktakes?store={STORE}&status=counting");
    assert_eq!(listed(&app.get(&of_store).await.expect(200)), ids);
    let other = format!("/stocktakes?store={}", product(1));
    assert!(listed(&app.get(&other).await.expect(200)).is_empty());

    // operators see those that wait for people among what has not ended
    let sagas = || app.below("/api/v1/sagas");
    let waiting = sagas().get("?kind=stocktake").await.expect(200).body;
    let waiting = waiting["items"].as_array().unwrap();
    assert_eq!((waiting.len(), &waiting[0]["state"]), (3, &json!("waiting")));
    sagas().post(&format!("/{}/cancel", ids[2]), json!({})).await.expect(200);
    assert_eq!(read(&app, &ids[2]).await["status"], "cancelled");

    let door = &app.context.stocktakes;
    let (id, own) = (StocktakeId::from_uuid(ids[0].parse().unwrap()), scope(STORE));
    let elsewhere = scope(&product(1));
    assert!(door.find(id, &own).await.unwrap().is_some());
    assert!(door.find(id, &elsewhere).await.unwrap().is_none());
    let filter = gondola_inventory::process_managers::process_list::ProcessFilter {
        scope: elsewhere,
        limit: 10,
        ..Default::default()
    };
    let Slice { items, .. } = door.list(filter).await.unwrap();
    assert!(items.is_empty());
    app.shut_down().await;
}

fn scope(store: &str) -> Scope {
    Scope::only([store.parse::<Uuid>().unwrap()])
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let app = App::start("memory").await;
    let id = open(&app, json!({})).await;
    let ahead =
        json!({"productId": product(1), "counted": 1, "occurredAt": "2027-01-01T00:00:00Z"});
    count(&app, &id, &[ahead]).await.problem(422, "invalid-stocktake");
    count(&app, &id, &[]).await.problem(422, "invalid-stocktake");
    let less = json!({"productId": product(1), "counted": -1});
    assert_eq!(
        count(&app, &id, &[less]).await.problem(422, "invalid")["field"],
        "counts[0].counted"
    );
    act(&app, &id, "compare", json!({})).await.problem(409, "stocktake-state");
    let nobody = format!("/stocktakes/{}", product(9));
    app.get(&nobody).await.problem(404, "not-found");
    let twice = json!({"productId": product(1)});
    let twice = json!({"storeId": STORE, "sheet": [twice, twice]});
    app.post("/stocktakes", twice).await.problem(422, "invalid-stocktake");
    let much = json!({"storeId": STORE, "tolerance": {"percent": 101}});
    app.post("/stocktakes", much).await.problem(422, "invalid");
    app.shut_down().await;
}

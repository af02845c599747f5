//! Batches of tills through the API: merged once, told line by line, refused whole, and shown by till.

use serde_json::{Value, json};

use crate::app::{Answer, App, STORE, on_each_store, product};

/// A line that sells units of a product so many minutes before midnight.
pub(crate) fn sold(number: u32, quantity: i64, minutes_before: u32) -> Value {
    let at = format!("2026-11-26T23:{:02}:00Z", 60 - minutes_before);
    json!({"productId": product(number), "quantity": quantity, "occurredAt": at, "transactionId": "R-1"})
}

/// A batch of the till `T-1` of [`STORE`].
pub(crate) fn batch(sequence: u64, lines: &[Value]) -> Value {
    json!({"storeId": STORE, "tillId": "T-1", "sequence": sequence, "lines": lines})
}

pub(crate) async fn send(app: &App, body: Value) -> Answer {
    app.post("/pos-batches", body).await
}

/// On hand and shortfall of a product, as its shard has them; none where nothing is recorded.
pub(crate) async fn level(app: &App, number: u32) -> [u64; 2] {
    let path = format!("/stores/{STORE}/products/{}?consistency=strong", product(number));
    let answer = app.get(&path).await;
    if answer.status == 404 {
        return [0, 0];
    }
    let answer = answer.expect(200);
    ["onHand", "shortfall"].map(|field| answer.body[field].as_u64().unwrap_or(0))
}

/// The till after a position.
pub(crate) async fn till(app: &App, position: &Value) -> Value {
    let path = format!("/stores/{STORE}/tills/T-1?minPosition={position}");
    app.get(&path).await.expect(200).body
}

/// The pointers of all faults of a refused batch.
fn pointers(answer: &Answer) -> Vec<&str> {
    let errors = answer.body["errors"].as_array().unwrap();
    errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_batch_is_merged_at_the_times_of_its_lines_and_told_line_by_line() {
    on_each_store(async |app| {
        app.post("/stock", stock_at(1, 5, "2026-11-26T22:00:00Z")).await.expect(201);
        let mut back = sold(2, 1, 9);
        back["type"] = json!("return");
        let mut short = sold(1, 4, 8);
        short["lineId"] = json!("L-2");
        let answer = send(app, batch(1, &[sold(1, 3, 10), short, back, sold(2, -2, 7)])).await;
        let told = answer.expect(201).body;
        assert_eq!((&told["status"], &told["lineCount"]), (&json!("merged"), &json!(4)));
        let line = json!([{"line": 1, "lineId": "L-2", "productId": product(1), "missing": 2}]);
        assert_eq!((&told["shortfalls"], &told["refused"]), (&line, &json!([])));
        assert_eq!([level(app, 1).await, level(app, 2).await], [[0, 2], [3, 0]]);

        let history = format!("/stores/{STORE}/products/{}/history", product(1));
        let movements = app.get(&history).await.expect(200).body;
        let items = movements["items"].as_array().unwrap();
        let sales = items.iter().filter(|item| item["reason"] == "sale of till T-1");
        assert!(sales.clone().all(|sale| sale["reference"] == "R-1"), "{movements}");
        assert_eq!(sales.count(), 2, "{movements}");

        let read = app.get(&format!("/pos-batches/{}", told["posBatchId"].as_str().unwrap())).await;
        assert_eq!(read.expect(200).body, told);
    })
    .await;
}

fn stock_at(number: u32, quantity: u32, at: &str) -> Value {
    crate::app::about(number, json!({"quantity": quantity, "occurredAt": at}))
}

#[tokio::test]
async fn the_same_batch_again_changes_nothing_and_another_one_is_refused() {
    on_each_store(async |app| {
        app.post("/stock", stock_at(1, 9, "2026-11-26T22:00:00Z")).await.expect(201);
        let lines = [sold(1, 3, 10), sold(1, 1, 5)];
        let first = send(app, batch(1, &lines)).await.expect(201);
        // beyond the day for which an idempotency key is kept
        app.clock.move_seconds(86_400 * 30);
        let again = send(app, batch(1, &lines)).await.expect(200);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.body, first.body);
        assert_eq!(level(app, 1).await, [5, 0]);

        let refused = send(app, batch(1, &[sold(1, 3, 10), sold(1, 2, 4)])).await.expect(409);
        assert_eq!(refused.body["code"], "sequence-reused");
        let differences = json!([
            {"pointer": "/lines/1/quantity", "received": "1", "sent": "2"},
            {"pointer": "/lines/1/occurredAt", "received": "2026-11-26T23:55:00.000Z", "sent": "2026-11-26T23:56:00.000Z"},
        ]);
        assert_eq!(refused.body["differences"], differences);
        assert_eq!(level(app, 1).await, [5, 0]);
    })
    .await;
}

#[tokio::test]
async fn a_malformed_batch_is_refused_whole_with_every_fault_at_its_place() {
    let app = App::start("memory").await;
    app.add(1, 9).await;
    let mut unknown = sold(1, 1, 5);
    unknown.as_object_mut().unwrap().remove("productId");
    unknown["productSku"] = json!("NO-SUCH");
    let mut future = sold(1, 1, 5);
    future["occurredAt"] = json!("2026-11-27T00:05:01Z");
    let mut contradiction = sold(1, -1, 5);
    contradiction["type"] = json!("return");
    let mut nameless = sold(1, 1, 5);
    nameless["transactionId"] = json!(" ");
    let [mut one, mut two] = [sold(1, 1, 4), sold(1, 1, 3)];
    one["lineId"] = json!("same");
    two["lineId"] = json!("same");
    let lines = [sold(1, 0, 5), unknown, future, contradiction, nameless, one, two, sold(1, 1, 2)];
    let mut body = batch(0, &lines);
    body["tillId"] = json!("");
    let refused = send(&app, body).await.expect(422);
    assert_eq!(refused.body["code"], "invalid-pos-batch", "{}", refused.text);
    let faults = [
        "/tillId",
        "/sequence",
        "/lines/6/lineId",
        "/lines/0/quantity",
        "/lines/3/quantity",
        "/lines/4/transactionId",
        "/lines/1/productSku",
        "/lines/2/occurredAt",
    ];
    assert_eq!(pointers(&refused), faults, "{}", refused.text);
    assert_eq!(level(&app, 1).await, [9, 0]);
    let tills = app.get("/tills").await.expect(200);
    assert_eq!(tills.body["items"], json!([]), "nothing was received");
    app.shut_down().await;
}

#[tokio::test]
async fn a_clock_may_be_ahead_by_minutes_and_behind_by_a_year() {
    let app = App::start("memory").await;
    app.post("/stock", stock_at(1, 9, "2025-10-25T00:00:00Z")).await.expect(201);
    let at = |moment: &str| {
        let mut line = sold(1, 1, 5);
        line["occurredAt"] = json!(moment);
        line
    };
    send(&app, batch(1, &[at("2026-11-27T00:05:00Z"), at("2025-10-25T00:00:00Z")]))
        .await
        .expect(201);
    assert_eq!(level(&app, 1).await, [7, 0]);
    for (sequence, moment) in [(2, "2026-11-27T00:05:00.001Z"), (3, "2025-10-22T23:59:59Z")] {
        let refused = send(&app, batch(sequence, &[sold(1, 1, 5), at(moment)])).await.expect(422);
        assert_eq!(pointers(&refused), ["/lines/1/occurredAt"], "{moment}");
    }
    let mut opened = batch(4, &[sold(1, 1, 5)]);
    opened["openedAt"] = json!("2026-11-26T23:55:00.001Z");
    assert_eq!(pointers(&send(&app, opened).await.expect(422)), ["/lines/0/occurredAt"]);
    let none = send(&app, batch(5, &[])).await.expect(422);
    assert_eq!(pointers(&none), ["/lines"]);
    app.shut_down().await;
}

#[tokio::test]
async fn gaps_in_the_numbers_of_a_till_are_shown() {
    let app = App::start("sqlite").await;
    app.name_store(STORE, "SP-001");
    let mut position = json!(0);
    for sequence in [4, 1, 9, 3, 10, 6] {
        let answer = send(&app, batch(sequence, &[sold(1, 1, 5)])).await.expect(201);
        position = answer.body["position"].clone();
    }
    let shown = till(&app, &position).await;
    let missing =
        json!([{"first": 2, "last": 2}, {"first": 5, "last": 5}, {"first": 7, "last": 8}]);
    assert_eq!((&shown["missing"], &shown["missingCount"]), (&missing, &json!(4)), "{shown}");
    assert_eq!((&shown["lastSequence"], &shown["batches"]), (&json!(10), &json!(6)));
    assert_eq!(
        (&shown["lastSeenAt"], &shown["unmergedBatches"]),
        (&json!("2026-11-27T00:00:00.000Z"), &json!(0))
    );
    assert_eq!((&shown["shortfallUnits"], &shown["storeCode"]), (&json!(6), &json!("SP-001")));

    let mut other = batch(1, &[sold(1, 1, 5)]);
    other["tillId"] = json!("T-0");
    let position = send(&app, other).await.expect(201).body["position"].clone();
    let listed = app.get(&format!("/tills?limit=1&minPosition={position}")).await.expect(200).body;
    assert_eq!(listed["items"][0]["tillId"], "T-0", "{listed}");
    let next = listed["nextCursor"].as_str().unwrap();
    let rest = app.get(&format!("/tills?limit=1&cursor={next}")).await.expect(200).body;
    assert_eq!(rest["items"], json!([shown]));
    assert_eq!(rest.get("nextCursor"), None);
    let gaps = app.get("/tills?withGaps=true&store=SP-001").await.expect(200).body;
    assert_eq!(gaps["items"], json!([shown]));

    for sequence in [2, 5, 7, 8] {
        let answer = send(&app, batch(sequence, &[sold(1, 1, 5)])).await.expect(201);
        let shown = till(&app, &answer.body["position"]).await;
        if sequence == 8 {
            assert_eq!((&shown["missing"], &shown["missingCount"]), (&json!([]), &json!(0)));
        }
    }
    app.get(&format!("/stores/{STORE}/tills/T-2")).await.expect(404);
    app.shut_down().await;
}

#[tokio::test]
async fn as_many_lines_as_a_batch_may_have_are_merged_in_one_request() {
    let app = App::start("jsonl").await;
    app.post("/stock", stock_at(1, 1_000, "2026-11-26T22:00:00Z")).await.expect(201);
    let line = |number: u32| {
        let mut line = sold(1 + number % 7, 1, 1 + number % 59);
        line["lineId"] = json!(format!("{number:064}"));
        line["transactionId"] = json!(format!("{number:0100}"));
        line
    };
    let lines: Vec<Value> = (0..2_000).map(line).collect();
    let told = send(&app, batch(1, &lines)).await.expect(201).body;
    assert_eq!(told["lineCount"], 2_000);
    assert_eq!(level(&app, 1).await, [1_000 - 286, 0]);
    let short = told["shortfalls"].as_array().unwrap();
    assert_eq!(short.len(), 2_000 - 286, "each line of the other products lacks its unit");
    let more: Vec<Value> = (0..2_001).map(line).collect();
    assert_eq!(pointers(&send(&app, batch(2, &more)).await.expect(422)), ["/lines"]);
    app.shut_down().await;
}

#[tokio::test]
async fn a_return_beyond_what_a_stock_level_can_have_is_the_only_line_refused() {
    let app = App::start("memory").await;
    app.add(1, 1_000_000_000).await;
    let told = send(&app, batch(1, &[sold(1, -1, 5), sold(2, -4, 4)])).await.expect(201).body;
    assert_eq!(told["refused"][0]["line"], 0, "{told}");
    assert_eq!(told["refused"].as_array().unwrap().len(), 1);
    assert_eq!([level(&app, 1).await, level(&app, 2).await], [[1_000_000_000, 0], [4, 0]]);
    app.shut_down().await;
}

#[tokio::test]
async fn a_sale_of_a_till_takes_what_was_promised_to_others() {
    let app = App::start("memory").await;
    app.add(1, 3).await;
    app.hold(1, 1, 3).await.expect(201);
    let now = json!({"productId": product(1), "quantity": 1, "occurredAt": "2026-11-27T00:00:00Z", "transactionId": "R-1"});
    send(&app, batch(1, &[now])).await.expect(201);
    assert_eq!(level(&app, 1).await, [2, 0]);
    assert_eq!(app.status(1).await, "revoked");
    app.shut_down().await;
}

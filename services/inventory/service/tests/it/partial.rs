//! Partial releases, and sales that leave the rest of a reservation held.

use serde_json::{Value, json};

use crate::app::{App, STORE, about, ndjson, on_each_store, product, reservation};

/// 20 units each of two products, and a basket of 5 of the first and 3 of the second.
async fn basket(app: &App) {
    app.add(1, 20).await;
    app.add(2, 20).await;
    let lines = [line(1, 5), line(2, 3)];
    let body = json!({"storeId": STORE, "lines": lines, "reservationId": reservation(1), "ttlSeconds": 60});
    app.post("/reservations", body).await.expect(201);
}

fn line(number: u32, quantity: u32) -> Value {
    json!({"productId": product(number), "quantity": quantity})
}

fn sale(transaction: &str, fields: Value) -> Value {
    let mut body = fields;
    body["reservationId"] = json!(reservation(1));
    body["transactionId"] = json!(transaction);
    body
}

/// The same sale, which leaves the rest held.
fn keeping(transaction: &str, mut fields: Value) -> Value {
    fields["keepRemainder"] = json!(true);
    sale(transaction, fields)
}

fn give_back(fields: Value) -> Value {
    let mut body = fields;
    body["reservationId"] = json!(reservation(1));
    body
}

async fn details(app: &App) -> Value {
    app.get(&format!("/reservations/{}", reservation(1))).await.expect(200).body
}

/// Reserved, committed and held units and the status of each line.
async fn lines(app: &App) -> Vec<(u64, u64, u64, String)> {
    let details = details(app).await;
    let units = |line: &Value, field: &str| line[field].as_u64().unwrap();
    let lines = details["lines"].as_array().unwrap().iter().map(|line| {
        let status = line["status"].as_str().unwrap().to_owned();
        (units(line, "quantity"), units(line, "committed"), units(line, "held"), status)
    });
    lines.collect()
}

fn stands(quantity: u64, committed: u64, held: u64, status: &str) -> (u64, u64, u64, String) {
    (quantity, committed, held, status.to_owned())
}

#[tokio::test]
async fn units_are_given_back_one_by_one() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.hold(1, 1, 5).await.expect(201);
        let given_back = app.post("/release", give_back(json!({"quantity": 2}))).await.expect(200);
        assert_eq!(
            (&given_back.body["status"], &given_back.body["quantity"]),
            (&json!("active"), &json!(2))
        );
        assert_eq!(given_back.body["expiresAt"], "2026-11-27T00:01:00.000Z");
        assert_eq!(app.units(1).await, [9, 3, 6]);
        assert_eq!(lines(app).await, [stands(5, 0, 3, "active")]);
        let more = app.post("/release", give_back(json!({"quantity": 4}))).await;
        more.problem(422, "release-exceeds-hold");
        let rest = app.post("/release", give_back(json!({"quantity": 3}))).await.expect(200);
        assert_eq!((&rest.body["status"], rest.body.get("expiresAt")), (&json!("released"), None));
        assert_eq!(app.units(1).await, [9, 0, 9]);
        // a part cannot be told from another one like it
        let again = app.post("/release", give_back(json!({"quantity": 3}))).await;
        again.problem(409, "already-released");
    })
    .await;
}

#[tokio::test]
async fn a_repeated_partial_release_is_made_harmless_by_its_key() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.hold(1, 1, 5).await.expect(201);
        let key = [("idempotency-key", "r-1")];
        let body = || Some(give_back(json!({"quantity": 2})));
        let first = app.send(http::Method::POST, "/release", &key, body()).await.expect(200);
        let again = app.send(http::Method::POST, "/release", &key, body()).await.expect(200);
        assert_eq!(
            (again.body, again.headers["idempotency-replayed"].as_bytes()),
            (first.body, &b"true"[..])
        );
        assert_eq!(app.units(1).await, [9, 3, 6]);
    })
    .await;
}

#[tokio::test]
async fn some_lines_of_a_basket_are_given_back() {
    on_each_store(async |app| {
        basket(app).await;
        let body = json!({"lines": [line(2, 1)], "reason": "Changed mind"});
        let given_back = app.post("/release", give_back(body)).await.expect(200).body;
        assert_eq!(given_back["status"], "active");
        assert_eq!(lines(app).await, [stands(5, 0, 5, "active"), stands(3, 0, 2, "active")]);
        app.post("/release", give_back(json!({"lines": [line(2, 2)]}))).await.expect(200);
        assert_eq!(lines(app).await, [stands(5, 0, 5, "active"), stands(3, 0, 0, "released")]);
        assert_eq!(app.status(1).await, "active");
        // all that it still holds
        app.release(1).await.expect(200);
        assert_eq!([app.units(1).await, app.units(2).await], [[20, 0, 20], [20, 0, 20]]);
        let foreign = app.post("/release", give_back(json!({"lines": [line(3, 1)]}))).await;
        assert_eq!(foreign.problem(422, "invalid")["field"], "lines");
        let several = app.post("/release", give_back(json!({"quantity": 1}))).await;
        assert_eq!(several.problem(422, "invalid")["field"], "quantity");
        let both = give_back(json!({"quantity": 1, "lines": [line(1, 1)]}));
        assert_eq!(app.post("/release", both).await.problem(422, "invalid")["field"], "lines");
    })
    .await;
}

#[tokio::test]
async fn a_sale_leaves_the_rest_held_until_the_same_deadline() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.hold(1, 1, 5).await.expect(201);
        let sold = app.post("/commit", keeping("T-1", json!({"quantity": 2}))).await.expect(200);
        assert_eq!((&sold.body["status"], &sold.body["quantity"]), (&json!("active"), &json!(2)));
        assert_eq!(app.units(1).await, [7, 3, 4]);
        assert_eq!(details(app).await["transactionId"], "T-1");
        app.post("/extend", json!({"reservationId": reservation(1), "ttlSeconds": 90}))
            .await
            .expect(200);
        app.post("/commit", keeping("T-2", json!({"quantity": 1}))).await.expect(200);
        assert_eq!(lines(app).await, [stands(5, 3, 2, "active")]);
        app.clock.move_millis(89_999);
        let last = app.post("/commit", sale("T-3", json!({"quantity": 1}))).await.expect(200);
        assert_eq!(last.body["status"], "committed");
        assert_eq!(lines(app).await, [stands(5, 4, 0, "committed")]);
        assert_eq!(app.units(1).await, [5, 0, 5]);
        assert_eq!(details(app).await["transactionId"], "T-3");
    })
    .await;
}

#[tokio::test]
async fn what_a_sale_left_held_runs_out() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.hold(1, 1, 5).await.expect(201);
        app.post("/commit", keeping("T-1", json!({"quantity": 2}))).await.expect(200);
        app.clock.move_seconds(60);
        assert_eq!(app.units(1).await, [7, 0, 7]);
        app.post("/commit", keeping("T-2", json!({"quantity": 1})))
            .await
            .problem(410, "reservation-expired");
        assert_eq!(lines(app).await, [stands(5, 2, 0, "expired")]);
    })
    .await;
}

#[tokio::test]
async fn a_partial_sale_that_is_sent_again_sells_nothing_again() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.hold(1, 1, 5).await.expect(201);
        let first = || keeping("T-1", json!({"quantity": 3}));
        app.post("/commit", first()).await.expect(200);
        let repeated = async |status: &str| {
            let again = app.post("/commit", first()).await.expect(200);
            assert_eq!(again.header("idempotency-replayed"), "true");
            assert_eq!(again.body["status"], status);
        };
        // the rest is less than was sold
        repeated("active").await;
        assert_eq!(app.units(1).await, [6, 2, 4]);
        let other = app.post("/commit", keeping("T-1", json!({"quantity": 1}))).await;
        other.problem(422, "transaction-reused");
        app.commit(1, "T-2").await.expect(200);
        repeated("committed").await;
        assert_eq!(app.units(1).await, [4, 0, 4]);
        app.clock.move_seconds(3_600 * 24 * 29);
        repeated("committed").await;
    })
    .await;
}

#[tokio::test]
async fn lines_of_a_basket_are_sold_one_after_the_other() {
    on_each_store(async |app| {
        basket(app).await;
        let some = json!({"lines": [line(1, 5)]});
        let sold = app.post("/commit", keeping("T-1", some.clone())).await.expect(200).body;
        assert_eq!(sold["status"], "active");
        assert_eq!(lines(app).await, [stands(5, 5, 0, "committed"), stands(3, 0, 3, "active")]);
        assert_eq!(app.status(1).await, "active");
        let again = app.post("/commit", keeping("T-1", some)).await.expect(200);
        assert_eq!(again.header("idempotency-replayed"), "true");
        let whole = app.commit(1, "T-2").await.problem(409, "already-committed");
        assert!(whole["detail"].as_str().unwrap().contains("still held"), "{whole}");
        app.post("/commit", keeping("T-2", json!({"lines": [line(2, 1)]}))).await.expect(200);
        app.post("/commit", sale("T-3", json!({"lines": [line(2, 1)]}))).await.expect(200);
        assert_eq!(lines(app).await, [stands(5, 5, 0, "committed"), stands(3, 2, 0, "committed")]);
        assert_eq!([app.units(1).await, app.units(2).await], [[15, 0, 15], [18, 0, 18]]);
    })
    .await;
}

#[tokio::test]
async fn bulk_lines_do_the_same() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.hold(1, 1, 5).await.expect(201);
        let mut sold = keeping("T-1", json!({"quantity": 2}));
        sold["op"] = json!("commit");
        let mut given_back = give_back(json!({"quantity": 1}));
        given_back["op"] = json!("release");
        let answers = app.batch(ndjson(&[sold.clone(), sold, given_back])).await.expect(200);
        let answers: Vec<Value> =
            answers.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(
            answers.iter().map(|it| it["status"].as_u64().unwrap()).collect::<Vec<_>>(),
            [200; 3],
            "{answers:?}"
        );
        assert_eq!(app.units(1).await, [7, 2, 5]);
        assert_eq!(lines(app).await, [stands(5, 2, 2, "active")]);
    })
    .await;
}

#[tokio::test]
async fn a_sale_of_everything_keeps_nothing() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.hold(1, 1, 5).await.expect(201);
        let all = app.post("/commit", keeping("T-1", json!({}))).await.problem(422, "invalid");
        assert_eq!(all["field"], "keepRemainder");
        let sold = app.post("/commit", keeping("T-1", json!({"quantity": 5}))).await.expect(200);
        assert_eq!((&sold.body["status"], sold.body.get("expiresAt")), (&json!("committed"), None));
        let about = about(1, json!({"counted": 4}));
        app.post("/count", about).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn the_history_says_what_each_part_moved() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.hold(1, 1, 5).await.expect(201);
        app.post("/commit", keeping("T-1", json!({"quantity": 2}))).await.expect(200);
        app.post("/release", give_back(json!({"quantity": 1}))).await.expect(200);
        app.release(1).await.expect(200);
        let told = crate::facts::history(app, 1, "").await;
        let moved = |it: &Value| {
            let units = |field: &str| it[field].as_i64().unwrap();
            (units("reservedDelta"), units("onHandAfter"), units("reservedAfter"))
        };
        assert_eq!(
            told.iter().map(moved).collect::<Vec<_>>(),
            [(-2, 7, 0), (-1, 7, 2), (-2, 7, 3), (5, 9, 5), (0, 9, 0)]
        );
    })
    .await;
}

//! Bulk writes: one command a line, one answer a line.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use futures_util::{StreamExt, stream};
use http::Request;
use serde_json::{Value, json};

use crate::app::{Answer, App, BASE, STORE, about, ndjson, on_each_store, product, reservation};

fn request(text: impl Into<Body>, key: Option<&str>) -> Request<Body> {
    let mut request =
        Request::post(format!("{BASE}/batch")).header("content-type", "application/x-ndjson");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    request.body(text.into()).unwrap()
}

fn lines(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn batch(app: &App, commands: &[Value]) -> Vec<Value> {
    lines(&app.call(request(ndjson(commands), None)).await.expect(200))
}

fn op(name: &str, fields: Value) -> Value {
    let mut command = fields;
    command["op"] = json!(name);
    command
}

/// What came of each line: its number, status and code.
fn outcomes(answers: &[Value]) -> Vec<(u64, u64, &str)> {
    let number = |answer: &Value, field: &str| answer[field].as_u64().unwrap();
    let outcome = |answer| (number(answer, "line"), number(answer, "status"), code(answer));
    answers.iter().map(outcome).collect()
}

fn code(answer: &Value) -> &str {
    answer["code"].as_str().unwrap_or("")
}

#[tokio::test]
async fn every_line_succeeds_or_fails_by_itself_and_is_answered_in_order() {
    on_each_store(async |app| {
        let hold = |id: u32, quantity: i64| {
            op("reserve", about(1, json!({"quantity": quantity, "reservationId": reservation(id)})))
        };
        let end = |name: &str, id: u32| op(name, json!({"reservationId": reservation(id)}));
        let commit = |id: u32, transaction: &str| {
            op("commit", json!({"reservationId": reservation(id), "transactionId": transaction}))
        };
        let answers = batch(
            app,
            &[
                op("stock", about(1, json!({"quantity": 10, "reference": "D-1"}))),
                hold(1, 4),
                hold(2, 7),
                hold(3, 6),
                commit(1, "T-1"),
                end("release", 3),
                commit(9, "T-9"),
                op("stock", about(1, json!({"quantity": 0}))),
                op("fly", about(1, json!({}))),
                op("extend", json!({"reservationId": reservation(3), "ttlSeconds": 60})),
                commit(1, "T-1"),
                commit(1, "T-2"),
                op("adjust", about(1, json!({"delta": -2, "reason": "Theft"}))),
                op("count", about(1, json!({"counted": 3}))),
                op("policy", about(1, json!({"safetyStock": 1}))),
                op("stock", about(2, json!({"quantity": 1}))),
            ],
        )
        .await;
        assert_eq!(
            outcomes(&answers),
            [
                (1, 201, ""),
                (2, 201, ""),
                (3, 409, "insufficient-stock"),
                (4, 201, ""),
                (5, 200, ""),
                (6, 200, ""),
                (7, 404, "not-found"),
                (8, 422, "invalid"),
                (9, 422, "invalid"),
                (10, 409, "already-released"),
                (11, 200, ""),
                (12, 409, "already-committed"),
                (13, 200, ""),
                (14, 200, ""),
                (15, 200, ""),
                (16, 201, ""),
            ]
        );
        assert_eq!(answers[10]["replayed"], json!(true));
        assert_eq!(answers[1]["reservationId"], json!(reservation(1)));
        assert_eq!(answers[1]["expiresAt"], "2026-11-27T00:05:00.000Z");
        assert_eq!((&answers[12]["available"], &answers[13]["available"]), (&json!(4), &json!(3)));
        assert_eq!(answers[2]["problem"]["available"], 6);
        assert_eq!(app.units(1).await, [3, 0, 3]);
        assert_eq!(app.units(2).await, [1, 0, 1]);
    })
    .await;
}

#[tokio::test]
async fn a_line_that_is_no_json_fails_alone() {
    on_each_store(async |app| {
        let good = op("stock", about(1, json!({"quantity": 1})));
        // a blank line is no line, and the last one needs no end
        let text =
            format!("{good}\n{{\"op\":\n\n  \r\n{good}\r\n[]\nnull\n\"x\"\n\u{fffd}\n{good}");
        let answers = lines(&app.call(request(text, None)).await.expect(200));
        assert_eq!(
            outcomes(&answers),
            [
                (1, 201, ""),
                (2, 400, "bad-request"),
                (3, 201, ""),
                (4, 422, "invalid"),
                (5, 422, "invalid"),
                (6, 422, "invalid"),
                (7, 400, "bad-request"),
                (8, 201, ""),
            ]
        );
        assert_eq!(app.units(1).await, [3, 0, 3]);
        let empty = app.call(request("", None)).await.expect(200);
        assert_eq!(empty.text, "");
    })
    .await;
}

#[tokio::test]
async fn a_batch_sent_again_with_its_key_has_one_effect() {
    on_each_store(async |app| {
        let command = |number: u32| match number {
            0..50 => op("stock", about(number % 10 + 1, json!({"quantity": 2}))),
            _ => op("reserve", about(number % 10 + 1, json!({"quantity": 3}))),
        };
        let commands: Vec<Value> = (0..100).map(command).collect();
        let text = ndjson(&commands);
        // cut off in the middle, then sent as a whole, then again
        let half = ndjson(&commands[..50]);
        let begun = lines(&app.call(request(half, Some("b"))).await.expect(200));
        let whole = lines(&app.call(request(text.clone(), Some("b"))).await.expect(200));
        let again = lines(&app.call(request(text, Some("b"))).await.expect(200));
        let same = |one: &Value, other: &Value| {
            ["line", "status", "position", "reservationId", "available"]
                .iter()
                .all(|field| one[field] == other[field])
        };
        assert!(
            begun
                .iter()
                .zip(&whole)
                .all(|(one, other)| same(one, other) && other["replayed"] == json!(true))
        );
        assert_eq!(whole.iter().filter(|line| line["status"] == json!(201)).count(), 80);
        assert_eq!(
            whole.iter().filter(|line| line["code"] == json!("insufficient-stock")).count(),
            20
        );
        assert!(whole.iter().zip(&again).all(|(one, other)| same(one, other)));
        for number in 1..=10 {
            assert_eq!(app.units(number).await, [10, 9, 1]);
        }
    })
    .await;
}

#[tokio::test]
async fn the_key_of_a_line_is_no_key_that_a_request_can_have() {
    on_each_store(async |app| {
        let command = op("stock", about(1, json!({"quantity": 2})));
        lines(
            &app.call(request(ndjson(std::slice::from_ref(&command)), Some("K"))).await.expect(200),
        );
        let body = about(2, json!({"quantity": 3}));
        let single = app.post_with_key("/stock", "K:1", body).await.expect(201);
        assert!(!single.is_replayed());
        // a key with a colon is a key like another
        let other = op("stock", about(3, json!({"quantity": 4})));
        let answers = lines(&app.call(request(ndjson(&[other]), Some("K:1"))).await.expect(200));
        assert_eq!(outcomes(&answers), [(1, 201, "")]);
        let again = lines(&app.call(request(ndjson(&[command]), Some("K"))).await.expect(200));
        assert_eq!(again[0]["replayed"], json!(true));
    })
    .await;
}

#[tokio::test]
async fn a_count_within_a_batch_sees_the_lines_before_it() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.clock.move_seconds(60);
        let then = app.now();
        app.clock.move_seconds(60);
        let answers = batch(
            app,
            &[
                op("stock", about(1, json!({"quantity": 10}))),
                op("count", about(1, json!({"counted": 4, "occurredAt": then}))),
                op("stock", about(1, json!({"quantity": 1}))),
            ],
        )
        .await;
        assert_eq!(outcomes(&answers), [(1, 201, ""), (2, 200, ""), (3, 201, "")]);
        assert_eq!(app.units(1).await, [15, 0, 15]);
    })
    .await;
}

#[tokio::test]
async fn lines_of_many_stores_keep_their_order_within_a_store() {
    on_each_store(async |app| {
        let mut commands = Vec::new();
        for round in 0..40 {
            for store in 0..25 {
                let store = format!("55555555-5555-5555-5555-{store:012}");
                // in each store: deliver one unit, take one unit, over and over; out of order a taking fails
                let name = if round % 2 == 0 { "stock" } else { "adjust" };
                let fields = if round % 2 == 0 {
                    json!({"quantity": 1})
                } else {
                    json!({"delta": -1, "reason": "Sale of a till"})
                };
                let mut command = op(name, fields);
                command["storeId"] = json!(store);
                command["productId"] = json!(product(1));
                commands.push(command);
            }
        }
        let answers = batch(app, &commands).await;
        assert_eq!(answers.len(), 1_000);
        for (place, answer) in answers.iter().enumerate() {
            assert_eq!(answer["line"], json!(place + 1));
            let round = place / 25;
            assert_eq!(answer["available"], json!((round + 1) % 2), "{answer}");
            assert_eq!(answer["version"], json!(round + 1));
        }
    })
    .await;
}

/// Time is the runtime's own here: it passes only where something waits for it.
#[tokio::test(start_paused = true)]
async fn ten_thousand_unknown_names_are_answered_within_a_second() {
    let app = App::start("memory").await;
    let line = |number: u32| {
        let sku = format!("NONE-{number}");
        op("stock", json!({"storeId": STORE, "productSku": sku, "quantity": 1}))
    };
    let commands: Vec<Value> = (0..10_000).map(line).collect();
    let begun = tokio::time::Instant::now();
    let answers = batch(&app, &commands).await;
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(1), "{took:?}");
    assert_eq!(answers.len(), 10_000);
    assert!(answers.iter().all(|answer| answer["status"] == json!(404)));

    // and so they are when they come in pieces, each a moment after the other
    let pieces: Vec<_> = commands.chunks(100).map(|piece| ndjson(piece) + "\n").collect();
    let pieces = stream::iter(pieces).then(async |piece| {
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok::<_, Infallible>(piece)
    });
    let begun = tokio::time::Instant::now();
    let answer = app.call(request(Body::from_stream(pieces), None)).await.expect(200);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(1), "{took:?}");
    let answers = lines(&answer);
    assert_eq!(answers.len(), 10_000);
    assert!(answers.iter().all(|answer| answer["status"] == json!(404)));
    let detail = answers[7]["problem"]["detail"].as_str().unwrap();
    assert!(detail.starts_with("no product has the SKU \"NONE-7\""), "{detail}");
    // the end waits for threads, for which no time would pass
    tokio::time::resume();
    app.shut_down().await;
}

#[tokio::test]
async fn a_line_may_end_what_an_earlier_line_of_its_group_reserves() {
    on_each_store(async |app| {
        let hold = |id: u32, quantity: i64| {
            op("reserve", about(1, json!({"quantity": quantity, "reservationId": reservation(id)})))
        };
        let release = |id: u32| op("release", json!({"reservationId": reservation(id)}));
        let answers = batch(
            app,
            &[
                op("stock", about(1, json!({"quantity": 5}))),
                release(1),
                hold(1, 5),
                release(1),
                hold(2, 6),
                release(2),
                release(1),
                hold(3, 5),
            ],
        )
        .await;
        assert_eq!(
            outcomes(&answers),
            [
                (1, 201, ""),
                (2, 404, "not-found"),
                (3, 201, ""),
                (4, 200, ""),
                (5, 409, "insufficient-stock"),
                (6, 404, "not-found"),
                (7, 200, ""),
                (8, 201, ""),
            ]
        );
        assert_eq!(answers[6]["replayed"], json!(true));
        assert_eq!(app.units(1).await, [5, 5, 0]);
    })
    .await;
}

#[tokio::test]
async fn a_batch_is_lines_or_an_array_and_nothing_else() {
    let app = App::start("memory").await;
    let body = op("stock", about(1, json!({"quantity": 1})));
    let mut text = request(body.to_string(), None);
    text.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    app.call(text).await.problem(415, "unsupported-media-type");
    app.post("/batch", body).await.problem(422, "invalid");
    app.get(&format!("/stores/{STORE}/products/{}", product(1))).await.problem(404, "not-found");
    app.shut_down().await;
}

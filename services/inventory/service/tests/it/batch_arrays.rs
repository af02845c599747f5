//! Bulk writes as one JSON array, for clients that read a body as a whole.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use crate::app::{Answer, App, BASE, about, ndjson, on_each_store, reservation};

const JSON: &str = "application/json";
const NDJSON: &str = "application/x-ndjson";

fn request(content_type: &str, accept: &str, text: impl Into<Body>) -> Request<Body> {
    let request = Request::post(format!("{BASE}/batch")).header("content-type", content_type);
    request.header("accept", accept).body(text.into()).unwrap()
}

async fn send(app: &App, commands: &Value) -> Answer {
    app.call(request(JSON, "*/*", commands.to_string())).await
}

fn holds() -> Value {
    let hold = |id: u32| {
        let mut command = about(1, json!({"quantity": 2, "reservationId": reservation(id)}));
        command["op"] = json!("reserve");
        command
    };
    let mut stock = about(1, json!({"quantity": 5}));
    stock["op"] = json!("stock");
    json!([stock, hold(1), hold(2), hold(3), {"op": "steal"}])
}

fn statuses(answers: &Value) -> Vec<u64> {
    let answers = answers.as_array().unwrap();
    answers.iter().map(|answer| answer["status"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn each_command_of_an_array_has_its_answer_in_the_array_of_answers() {
    on_each_store(async |app| {
        let answer = send(app, &holds()).await.expect(200);
        assert_eq!(answer.header("content-type"), JSON);
        let answers: Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(statuses(&answers), [201, 201, 201, 409, 422]);
        for (place, answered) in answers.as_array().unwrap().iter().enumerate() {
            assert_eq!(answered["line"], json!(place + 1));
        }
        assert_eq!(answers[1]["reservationId"], json!(reservation(1)));
        assert_eq!(answers[2]["available"], json!(1));
        assert_eq!(answers[3]["code"], json!("insufficient-stock"));
        assert_eq!(app.units(1).await, [5, 4, 1]);
    })
    .await;
}

#[tokio::test]
async fn accept_chooses_how_answers_are_written() {
    let app = App::start("memory").await;
    let commands = holds();
    let text = commands.to_string();
    let lines = ndjson(commands.as_array().unwrap());
    for (content_type, accept, text, expected) in [
        (JSON, "application/json, application/problem+json", &text, JSON),
        (JSON, NDJSON, &text, NDJSON),
        (NDJSON, JSON, &lines, JSON),
        (NDJSON, "*/*", &lines, NDJSON),
    ] {
        let answer = app.call(request(content_type, accept, text.clone())).await.expect(200);
        assert_eq!(answer.header("content-type"), expected, "{content_type} {accept}");
        let answers: Vec<Value> = if expected == JSON {
            serde_json::from_str(&answer.text).unwrap()
        } else {
            answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        };
        assert_eq!(answers.len(), 5, "{content_type} {accept}");
    }
    app.shut_down().await;
}

#[tokio::test]
async fn an_array_that_is_refused_has_done_nothing() {
    let app = App::start("memory").await;
    let mut stock = about(1, json!({"quantity": 1}));
    stock["op"] = json!("stock");
    let many = Value::Array(vec![stock.clone(); 1_001]).to_string();
    let long = json!([stock, {"op": "stock", "reason": "x".repeat(64 << 10)}]).to_string();
    let large = format!("[{stock},{}]", " ".repeat(1 << 20));
    let cut = format!("[{stock},");
    for (text, status, told) in [
        (many, 413, "at most 1000 commands, this one has 1001"),
        (long, 413, "command 2 is longer than 65536 bytes"),
        (large, 413, "at most 1048576 bytes"),
        (cut, 400, "the body is not JSON"),
        (stock.to_string(), 422, "the body must be a list, but it is an object"),
        ("7".to_owned(), 422, "the body must be a list, but it is the number 7"),
    ] {
        let answer = app.call(request(JSON, "*/*", text)).await.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.contains(told), "{detail}");
    }
    let none = app.call(request(JSON, "*/*", "[]")).await.expect(200);
    assert_eq!(none.text, "[]");
    let most = Value::Array(vec![stock; 1_000]);
    let answers: Value = serde_json::from_str(&send(&app, &most).await.expect(200).text).unwrap();
    assert_eq!(statuses(&answers), [201; 1_000]);
    // and not one unit more: nothing of what was refused was done
    assert_eq!(app.units(1).await, [1_000, 0, 1_000]);
    app.shut_down().await;
}

#[tokio::test]
async fn an_array_that_is_sent_again_under_its_key_is_done_once() {
    on_each_store(async |app| {
        let sent = async || {
            let mut request = request(JSON, JSON, holds().to_string());
            request.headers_mut().insert("idempotency-key", "K".parse().unwrap());
            let answers: Value =
                serde_json::from_str(&app.call(request).await.expect(200).text).unwrap();
            answers
        };
        let (first, again) = (sent().await, sent().await);
        assert_eq!(statuses(&first), [201, 201, 201, 409, 422]);
        assert_eq!(statuses(&again), statuses(&first));
        assert_eq!(again[0]["replayed"], json!(true));
        assert_eq!(app.units(1).await, [5, 4, 1]);
    })
    .await;
}

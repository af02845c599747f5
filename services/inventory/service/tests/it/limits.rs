//! Where a body ends that is too long.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use crate::app::{Answer, App, BASE, about};

fn request(path: &str, media_type: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(format!("{BASE}{path}")).header("content-type", media_type);
    request.body(body.into()).unwrap()
}

fn last_line(answer: &Answer) -> (Value, usize) {
    let last = answer.text.lines().last().unwrap();
    (serde_json::from_str(last).unwrap(), answer.text.lines().count())
}

fn good_line(product: u32) -> String {
    let mut command = about(product, json!({"quantity": 1}));
    command["op"] = json!("stock");
    format!("{command}\n")
}

#[tokio::test]
async fn a_single_request_has_at_most_256_kib() {
    let app = App::start("memory").await;
    let long = " ".repeat(256 * 1_024);
    let body = format!("{}{long}", about(1, json!({"quantity": 1})));
    let answer = app.call(request("/stock", "application/json", body)).await;
    answer.problem(413, "payload-too-large");
    app.shut_down().await;
}

#[tokio::test]
async fn a_line_has_at_most_64_kib() {
    let app = App::start("memory").await;
    let longest = (64 << 10) - good_line(1).len();
    // however much of what follows has arrived
    for rest in ["", "\n", &format!("\n{}", good_line(1))] {
        let too_long = format!("{}{}{rest}", good_line(1), "x".repeat((64 << 10) + 1));
        let answer =
            app.call(request("/batch", "application/x-ndjson", too_long)).await.expect(200);
        let (last, lines) = last_line(&answer);
        assert_eq!(
            (lines, &last["line"], &last["code"]),
            (2, &json!(2), &json!("payload-too-large"))
        );
        let fits = format!("{}{}{rest}", " ".repeat(longest), good_line(1).trim_end());
        let answer = app.call(request("/batch", "application/x-ndjson", fits)).await.expect(200);
        assert_eq!(last_line(&answer).0["status"], 201);
    }
    app.shut_down().await;
}

#[tokio::test]
async fn a_batch_has_at_most_64_mib() {
    let app = App::start("memory").await;
    let mut text = good_line(1).into_bytes();
    text.resize((64 << 20) + 1, b' ');
    let answer = app.call(request("/batch", "application/x-ndjson", text)).await.expect(200);
    let (last, lines) = last_line(&answer);
    assert_eq!((lines, &last["code"]), (1, &json!("payload-too-large")));
    app.shut_down().await;
}

#[tokio::test]
async fn a_batch_has_at_most_200_000_lines() {
    let app = App::start("memory").await;
    let mut text = good_line(1);
    // the cheapest lines there are: each fails at its first character
    text.push_str(&"x\n".repeat(200_000));
    let answer = app.call(request("/batch", "application/x-ndjson", text)).await.expect(200);
    let (last, lines) = last_line(&answer);
    assert_eq!(
        (lines, &last["line"], &last["code"]),
        (200_001, &json!(200_001), &json!("payload-too-large"))
    );
    assert_eq!(app.units(1).await, [1, 0, 1]);
    app.shut_down().await;
}

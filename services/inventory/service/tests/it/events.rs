//! The ordered feed: pages, long poll, and server-sent events.

use std::time::Duration;

use axum::body::Body;
use http::{Method, Request};
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::app::{App, BASE, PATIENCE, STORE, about, on_each_store, product};

/// Server-sent events as they arrive.
struct Stream {
    body: Body,
    text: String,
}

impl Stream {
    async fn open(app: &App, path: &str, headers: &[(&str, &str)]) -> Self {
        let mut request =
            Request::get(format!("{BASE}{path}")).header("accept", "text/event-stream");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = app.open(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body(), text: String::new() }
    }

    /// The next event: its id, its name and its data; `None` at the end of the stream.
    async fn next(&mut self) -> Option<(u64, String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .map(|value| value.trim().to_owned())
                };
                let told = field("id:").map(|id| {
                    let data = serde_json::from_str(&field("data:").unwrap()).unwrap();
                    (id.parse().unwrap(), field("event:").unwrap(), data)
                });
                self.text = rest.into();
                if told.is_some() {
                    return told;
                }
                continue;
            }
            let frame = tokio::time::timeout(PATIENCE, self.body.frame()).await.unwrap()?;
            let data = frame.unwrap().into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&data).unwrap());
        }
    }
}

#[tokio::test]
async fn the_feed_is_in_order_and_without_gaps() {
    on_each_store(async |app| {
        for number in 1..=25 {
            app.add(number % 4 + 1, 1).await;
        }
        let (mut after, mut positions) = (0, Vec::new());
        loop {
            let page = app.get(&format!("/events?after={after}&limit=10")).await.expect(200);
            assert_eq!(page.body["headPosition"], 25);
            let items = page.body["items"].as_array().unwrap();
            if items.is_empty() {
                assert_eq!(page.body["nextPosition"], after);
                break;
            }
            positions.extend(items.iter().map(|event| event["position"].as_u64().unwrap()));
            after = page.body["nextPosition"].as_u64().unwrap();
        }
        assert_eq!(positions, (1..=25).collect::<Vec<_>>());
        app.get("/events?after=1000").await.problem(422, "invalid");
    })
    .await;
}

#[tokio::test]
async fn an_event_tells_what_who_and_when() {
    on_each_store(async |app| {
        let correlation = "77777777-7777-7777-7777-777777777777";
        let headers = [("x-actor", "user:maria"), ("x-request-id", correlation)];
        let body = about(1, json!({"quantity": 3, "reason": "Delivery", "reference": "D-1"}));
        app.send(Method::POST, "/stock", &headers, Some(body)).await.expect(201);
        let event = app.get("/events").await.expect(200).body["items"][0].clone();
        assert_eq!(
            event,
            json!({"position": 1, "eventId": event["eventId"], "eventType": "StockAddedEvent", "schemaVersion": 1,
                   "stream": format!("inventory-{}-{STORE}", product(1)), "storeId": STORE,
                   "productId": product(1), "version": 1, "occurredAt": "2026-11-27T00:00:00.000Z",
                   "recordedAt": "2026-11-27T00:00:00.000Z", "correlationId": correlation,
                   "causationId": event["causationId"], "actor": "user:maria",
                   "data": {"quantity": 3, "reason": "Delivery", "reference": "D-1"}})
        );
    })
    .await;
}

#[tokio::test]
async fn a_long_poll_ends_with_the_first_news() {
    on_each_store(async |app| {
        app.add(1, 1).await;
        let waiting = app.clone();
        let poll = tokio::spawn(async move { waiting.get("/events?after=1&wait=20").await });
        tokio::task::yield_now().await;
        app.add(1, 1).await;
        let page =
            tokio::time::timeout(Duration::from_secs(15), poll).await.unwrap().unwrap().expect(200);
        assert_eq!(page.body["items"][0]["position"], 2);
        let nothing = app.get("/events?after=2&wait=1").await.expect(200);
        assert_eq!(
            (&nothing.body["items"], &nothing.body["nextPosition"]),
            (&json!([]), &json!(2))
        );
    })
    .await;
}

#[tokio::test]
async fn a_stream_begins_with_the_past_and_goes_on_live() {
    on_each_store(async |app| {
        for _ in 0..3 {
            app.add(1, 1).await;
        }
        let mut stream = Stream::open(app, "/events", &[]).await;
        for position in 1..=3 {
            let (id, name, data) = stream.next().await.unwrap();
            assert_eq!((id, name.as_str()), (position, "StockAddedEvent"));
            assert_eq!(data["position"], position);
        }
        for position in 4..=6 {
            app.add(2, 1).await;
            let (id, _, data) = stream.next().await.unwrap();
            assert_eq!((id, &data["productId"]), (position, &json!(product(2))));
        }
        // resumed after what the client has, whatever the query says
        let mut resumed = Stream::open(app, "/events?after=1", &[("last-event-id", "4")]).await;
        assert_eq!(resumed.next().await.unwrap().0, 5);
        let mut from = Stream::open(app, "/events?after=2", &[]).await;
        assert_eq!(from.next().await.unwrap().0, 3);

        // a server that drains ends its streams
        app.drain.cancel();
        assert!(stream.next().await.is_none());
    })
    .await;
}

#[tokio::test]
async fn an_unusable_wish_for_the_feed_is_refused() {
    let app = App::start("memory").await;
    for query in ["limit=0", "limit=1001", "wait=21", "after=-1", "after=x", "from=1"] {
        app.get(&format!("/events?{query}")).await.problem(422, "invalid");
    }
    let headers = [("accept", "text/event-stream"), ("last-event-id", "x")];
    app.send(Method::GET, "/events", &headers, None).await.problem(400, "bad-request");
    app.shut_down().await;
}

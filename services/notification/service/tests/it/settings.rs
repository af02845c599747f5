//! Webhooks themselves: registered, changed, removed, and refused.

use http::Method;
use serde_json::json;

use crate::app::{App, of_stock};
use crate::receiver::Receiver;

#[tokio::test]
async fn what_is_wrong_is_refused_with_its_field() {
    let app = App::start().await;
    let types = json!(["gondola.inventory.inventory-updated.v1"]);
    for (body, field) in [
        (json!({"url": "ftp://a.example", "eventTypes": types}), "url"),
        (json!({"url": "http://169.254.169.254/latest", "eventTypes": types}), "url"),
        (json!({"url": "http://10.0.0.1/", "eventTypes": types}), "url"),
        (json!({"url": "http://[::1]/", "eventTypes": types}), "url"),
        (json!({"url": "http://127.0.0.1/", "eventTypes": []}), "eventTypes"),
        (json!({"url": "http://127.0.0.1/", "eventTypes": ["none.v1"]}), "eventTypes"),
        (json!({"url": "http://127.0.0.1/", "eventTypes": types, "storeIds": []}), "storeIds"),
        (
            json!({"url": "http://127.0.0.1/", "eventTypes": types, "description": ""}),
            "description",
        ),
        (json!({"url": "http://127.0.0.1/", "eventTypes": types, "secret": "mine"}), "secret"),
    ] {
        let problem = app.post("", body.clone()).await.problem(422, "invalid");
        assert_eq!(problem["field"], field, "{body}: {problem}");
    }
    assert_eq!(app.get("").await.expect(200).body, json!({"items": []}));
    app.shut_down().await;
}

#[tokio::test]
async fn a_webhook_is_changed_in_the_version_that_was_seen_and_removed_for_good() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let (id, _) = app.register(&receiver.url).await;
    let path = format!("/{id}");
    let read = app.get(&path).await.expect(200);
    let mut body = of_stock(&receiver.url);
    body["description"] = json!("of the web shop");
    let seen = [("if-match", read.header("etag"))];
    let put = async |body| app.send(Method::PUT, &path, &seen, Some(body)).await;
    assert_eq!(put(body.clone()).await.expect(200).body["version"], 2);
    assert_eq!(put(body).await.problem(412, "precondition-failed")["version"], 2);
    app.happen("level-7-1", 1).await;
    app.await_newest(&id, |one| one["state"] == "delivered").await;
    app.send(Method::DELETE, &path, &[], None).await.expect(204);
    for path in [path.clone(), format!("{path}/deliveries"), format!("{path}/history")] {
        app.get(&path).await.problem(404, "webhook-not-found");
    }
    app.send(Method::DELETE, &path, &[], None).await.problem(404, "webhook-not-found");
    app.happen("level-7-1", 2).await;
    assert_eq!(receiver.received().len(), 1);
    app.shut_down().await;
}

#[tokio::test]
async fn a_name_that_leads_inside_is_never_connected_to() {
    let first = App::start().await;
    let receiver = Receiver::start().await;
    // a place is allowed that the receiver is not in, so that its name is looked up
    let app = App::start_allowing(first.shut_down().await, "192.0.2.0/24").await;
    let (id, _) = app.register(&receiver.url.replace("127.0.0.1", "localhost")).await;
    app.happen("level-7-1", 1).await;
    let tried = app.await_newest(&id, |one| one["attempts"] == 1).await;
    let path = format!("/{id}/deliveries/{}", tried["deliveryId"].as_str().unwrap());
    let attempt = app.get(&path).await.expect(200).body["attempts"][0].clone();
    assert!(attempt["error"].as_str().unwrap().contains("is not to be reached"), "{attempt}");
    assert_eq!(receiver.received().len(), 0);
    app.shut_down().await;
}

#[tokio::test]
async fn there_are_at_most_a_hundred() {
    let app = App::start().await;
    for number in 0..100 {
        app.register(&format!("http://127.0.0.1:1/{number}")).await;
    }
    app.post("", of_stock("http://127.0.0.1:1/")).await.problem(409, "too-many-webhooks");
    let page = app.get("?limit=60").await.expect(200).body;
    let next = page["nextCursor"].as_str().unwrap();
    let rest = app.get(&format!("?limit=60&cursor={next}")).await.expect(200).body;
    assert_eq!(
        page["items"].as_array().unwrap().len() + rest["items"].as_array().unwrap().len(),
        100
    );
    app.shut_down().await;
}

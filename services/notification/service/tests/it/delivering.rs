//! What a receiver gets, and how it knows that it is ours.

use serde_json::json;

use crate::app::{App, of_stock, store};
use crate::receiver::Receiver;

#[tokio::test]
async fn a_receiver_gets_what_it_wants_and_knows_it_by_another_implementation() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let (id, secret) = app.register(&receiver.url).await;
    app.happen("level-7-3", 1).await;
    let message = receiver.nth(1).await;
    assert!(message.is_signed_with(&secret), "{message:?}");
    assert!(!message.is_signed_with("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    let body = message.json();
    assert_eq!(body["type"], "gondola.inventory.inventory-updated.v1");
    assert_eq!((&body["data"]["available"], &body["id"]), (&json!(7), &json!(message.id())));
    assert!(!message.id().contains('.'));
    let sent = app.await_newest(&id, |one| one["state"] == "delivered").await;
    assert_eq!((&sent["attempts"], &sent["eventId"]), (&json!(1), &body["id"]));
    let path = format!("/{id}/deliveries/{}", sent["deliveryId"].as_str().unwrap());
    let detail = app.get(&path).await.expect(200).body;
    assert_eq!(detail["payload"].as_str().unwrap().as_bytes(), &*message.body);
    let attempt = &detail["attempts"][0];
    assert_eq!((&attempt["status"], &attempt["answer"]), (&json!(200), &json!("answer 200")));
    let figures = app.get(&format!("/{id}/figures")).await.expect(200).body;
    let today =
        json!({"delivered": 1, "failedAttempts": 0, "dead": 0, "day": figures["days"][0]["day"]});
    assert_eq!(figures["days"], json!([today]));
    app.shut_down().await;
}

#[tokio::test]
async fn a_webhook_gets_its_stores_and_what_happens_while_it_is_enabled() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    app.happen("level-7-1", 1).await;
    let mut body = of_stock(&receiver.url);
    body["storeIds"] = json!([store(7)]);
    let registered = app.post("", body.clone()).await.expect(201).body;
    let path = format!("/{}", registered["webhookId"].as_str().unwrap());
    app.happen("level-8-2", 1).await;
    app.happen("level-7-3", 1).await;
    assert!(receiver.nth(1).await.json()["subject"].as_str().unwrap().ends_with("0003"));
    body["enabled"] = json!(false);
    let disabled = app.put(&path, body.clone()).await.expect(200).body;
    assert_eq!(
        (&disabled["status"], &disabled["disabledReason"]),
        (&json!("disabled"), &json!("operator"))
    );
    app.happen("level-7-4", 1).await;
    body["enabled"] = json!(true);
    app.put(&path, body).await.expect(200);
    app.happen("level-7-5", 1).await;
    assert!(receiver.nth(2).await.json()["subject"].as_str().unwrap().ends_with("0005"));
    assert_eq!(app.deliveries(&path[1..]).await.len(), 2);
    app.shut_down().await;
}

#[tokio::test]
async fn a_receiver_that_hangs_keeps_no_other_waiting() {
    let app = App::start().await;
    let (slow, quick) = (Receiver::start().await, Receiver::start().await);
    slow.answer([0; 50]);
    app.register(&slow.url).await;
    app.register(&quick.url).await;
    for number in 1..=20 {
        app.happen(&format!("level-7-{number}"), 1).await;
    }
    quick.nth(20).await;
    assert!(slow.received().len() <= 4, "{}", slow.received().len());
    app.shut_down().await;
}

#[tokio::test]
async fn what_cannot_be_read_keeps_back_its_own_stream_only() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    app.register(&receiver.url).await;
    app.happen("broken-7-1", 1).await;
    app.happen("level-7-2", 1).await;
    assert!(receiver.nth(1).await.json()["subject"].as_str().unwrap().ends_with("0002"));
    app.shut_down().await;
}

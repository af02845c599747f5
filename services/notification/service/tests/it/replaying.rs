//! Sending once more what has ended: one delivery, or those of a time.

use serde_json::json;

use crate::app::App;
use crate::receiver::Receiver;

#[tokio::test]
async fn what_was_delivered_is_sent_once_more_under_its_id() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let (id, secret) = app.register(&receiver.url).await;
    app.happen("level-7-3", 1).await;
    let sent = app.await_newest(&id, |one| one["state"] == "delivered").await;
    let path = format!("/{id}/deliveries/{}", sent["deliveryId"].as_str().unwrap());
    let replayed = app.post(&format!("{path}/replay"), json!({})).await.expect(200);
    assert_eq!(replayed.body, json!({"replayed": 1, "hasMore": false}));
    let (first, again) = (receiver.nth(1).await, receiver.nth(2).await);
    assert_eq!((first.id(), &first.body), (again.id(), &again.body));
    assert!(again.was_signed_with(&secret));
    app.await_newest(&id, |one| one["attempts"] == 2 && one["state"] == "delivered").await;
    app.post(&format!("/{id}/deliveries/{id}/replay"), json!({}))
        .await
        .problem(404, "webhook-delivery-not-found");
    app.shut_down().await;
}

#[tokio::test]
async fn the_dead_of_a_time_are_sent_once_more_with_all_attempts_before_them() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let (id, _) = app.register(&receiver.url).await;
    let mut times = Vec::new();
    for number in 1..=3 {
        receiver.answer([410]);
        times.push(kit_core::Clock::now(&app.world.clock));
        app.happen(&format!("level-7-{number}"), 1).await;
        app.await_newest(&id, |one| one["state"] == "dead").await;
        app.put(&format!("/{id}"), crate::app::of_stock(&receiver.url)).await.expect(200);
        app.world.clock.move_seconds(60);
    }
    let range = json!({"since": times[1], "until": times[2]});
    let replayed = app.post(&format!("/{id}/replay"), range).await.expect(200).body;
    assert_eq!(replayed, json!({"replayed": 1, "hasMore": false}));
    assert_eq!(receiver.nth(4).await.id(), receiver.nth(2).await.id());
    let rest =
        app.post(&format!("/{id}/replay"), json!({"since": times[0]})).await.expect(200).body;
    assert!(rest["replayed"] == 2, "{rest}");
    receiver.nth(6).await;
    let wrong = json!({"since": times[0], "state": "pending"});
    app.post(&format!("/{id}/replay"), wrong).await.problem(422, "invalid");
    app.shut_down().await;
}

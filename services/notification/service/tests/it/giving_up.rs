//! Attempts that fail: how often, how long after, and what comes of it in the end.

use serde_json::json;

use crate::app::App;
use crate::receiver::Receiver;

const HOUR: i64 = 3_600;

/// Longest pauses after each attempt, in seconds: the schedule and a fifth of it.
const PAUSES: [i64; 9] =
    [6, 360, 2_160, 2 * HOUR + 1_440, 6 * HOUR, 12 * HOUR, 17 * HOUR, 24 * HOUR, 29 * HOUR];

#[tokio::test]
async fn a_delivery_is_tried_again_with_one_id_until_it_is_taken() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let (id, secret) = app.register(&receiver.url).await;
    receiver.answer([500, 302]);
    app.happen("level-7-3", 1).await;
    let waiting = app.await_newest(&id, |one| one["attempts"] == 1).await;
    assert_eq!(waiting["state"], "pending");
    app.world.clock.move_millis(4_000);
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    assert_eq!(receiver.received().len(), 1, "not before five seconds have passed");
    app.world.clock.move_seconds(2);
    app.await_newest(&id, |one| one["attempts"] == 2).await;
    app.world.clock.move_seconds(360);
    app.await_newest(&id, |one| one["state"] == "delivered").await;
    let came = receiver.received();
    assert_eq!(came.len(), 3);
    assert!(came.iter().all(|one| one.id() == came[0].id() && one.body == came[0].body));
    assert!(came.iter().all(|one| one.was_signed_with(&secret)));
    assert_ne!(came[0].header("webhook-timestamp"), came[2].header("webhook-timestamp"));
    let webhook = app.get(&format!("/{id}")).await.expect(200).body;
    assert!(webhook.get("failingSince").is_none(), "{webhook}");
    app.shut_down().await;
}

#[tokio::test]
async fn after_the_tenth_failure_a_delivery_is_dead_and_counted() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let (id, _) = app.register(&receiver.url).await;
    receiver.answer([500; 10]);
    app.happen("level-7-3", 1).await;
    for (made, pause) in (1..).zip(PAUSES) {
        let waiting = app.await_newest(&id, |one| one["attempts"] == made).await;
        assert_eq!(waiting["state"], "pending", "{waiting}");
        app.world.clock.move_seconds(pause);
    }
    let dead = app.await_newest(&id, |one| one["state"] == "dead").await;
    assert_eq!(dead["attempts"], 10);
    assert!(dead.get("dueAt").is_none() && dead["endedAt"].is_string(), "{dead}");
    let figures = app.get(&format!("/{id}/figures")).await.expect(200).body;
    let days = figures["days"].as_array().unwrap();
    let sum = |name: &str| days.iter().map(|day| day[name].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("failedAttempts"), sum("dead"), sum("delivered")), (10, 1, 0));
    app.shut_down().await;
}

#[tokio::test]
async fn a_receiver_that_is_overloaded_gets_the_pause_that_it_asks_for() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let (id, _) = app.register(&receiver.url).await;
    receiver.ask_for_pause(429, 90);
    app.happen("level-7-3", 1).await;
    app.await_newest(&id, |one| one["attempts"] == 1).await;
    app.world.clock.move_seconds(89);
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    assert_eq!(receiver.received().len(), 1);
    app.world.clock.move_seconds(2);
    app.await_newest(&id, |one| one["state"] == "delivered").await;
    app.shut_down().await;
}

#[tokio::test]
async fn gone_is_gone_at_once() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let (id, _) = app.register(&receiver.url).await;
    receiver.answer([410]);
    app.happen("level-7-3", 1).await;
    app.await_newest(&id, |one| one["state"] == "dead").await;
    let webhook = app.get(&format!("/{id}")).await.expect(200).body;
    assert_eq!(
        (&webhook["status"], &webhook["disabledReason"]),
        (&json!("disabled"), &json!("gone"))
    );
    app.happen("level-7-3", 2).await;
    assert_eq!((app.deliveries(&id).await.len(), receiver.received().len()), (1, 1));
    let history = app.get(&format!("/{id}/history")).await.expect(200).body;
    let latest = &history["items"][0];
    assert_eq!(
        (&latest["eventType"], &latest["data"]),
        (&json!("WebhookDisabledEvent"), &json!({"reason": "gone"}))
    );
    app.shut_down().await;
}

#[tokio::test]
async fn a_webhook_that_fails_for_days_is_disabled_and_waits_for_its_operator() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let (id, _) = app.register(&receiver.url).await;
    receiver.answer([500; 3]);
    app.happen("level-7-3", 1).await;
    app.await_newest(&id, |one| one["attempts"] == 1).await;
    app.world.clock.move_seconds(4 * 24 * HOUR);
    app.await_newest(&id, |one| one["attempts"] == 2).await;
    assert_eq!(app.get(&format!("/{id}")).await.body["status"], "enabled");
    app.world.clock.move_seconds(25 * HOUR);
    app.await_newest(&id, |one| one["attempts"] == 3).await;
    let webhook = app.get(&format!("/{id}")).await.expect(200).body;
    assert_eq!(webhook["disabledReason"], "failing", "{webhook}");
    app.world.clock.move_seconds(24 * HOUR);
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    assert_eq!(receiver.received().len(), 3, "nothing is sent while it is disabled");
    app.put(&format!("/{id}"), crate::app::of_stock(&receiver.url)).await.expect(200);
    app.await_newest(&id, |one| one["state"] == "delivered").await;
    app.shut_down().await;
}

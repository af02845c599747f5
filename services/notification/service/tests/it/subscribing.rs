//! What a subscription may be, and what is done to it.

use gondola_notification::ChannelsConfig;
use kit_core::{Clock as _, SystemClock};
use serde_json::json;

use crate::app::{App, World};
use crate::channels::{by_sms, through};
use crate::receiver::Receiver;

async fn start(channels: ChannelsConfig) -> App {
    App::start_with(World::at(SystemClock.now()), "127.0.0.0/8", channels).await.api()
}

#[tokio::test]
async fn a_subscription_is_made_shown_changed_and_deleted() {
    let provider = Receiver::start().await;
    let app = start(through(&provider)).await;
    let quiet = json!({"quietHours": {"from": "22:00", "until": "07:00"}, "groupingSeconds": 60});
    let made = app.post("/subscriptions", by_sms(quiet)).await.expect(201);
    let id = made.body["subscriptionId"].as_str().unwrap().to_owned();
    let path = format!("/subscriptions/{id}");
    assert_eq!(made.headers["location"].to_str().unwrap(), format!("/api/v1{path}"));
    assert_eq!(made.headers["etag"], "\"1\"");
    let shown = app.get(&path).await.expect(200).body;
    assert_eq!(shown, made.body);
    assert_eq!(
        (&shown["minimumSeverity"], &shown["quietHours"]["until"]),
        (&json!("info"), &json!("07:00"))
    );
    let other = by_sms(json!({"channel": "push", "address": "token-of-an-app", "language": "es"}));
    let tag = [("if-match", "\"1\"")];
    let put = || app.send(http::Method::PUT, &path, &tag, Some(other.clone()));
    let changed = put().await.expect(200).body;
    assert_eq!((&changed["version"], &changed["channel"]), (&json!(2), &json!("push")));
    assert!(changed.get("quietHours").is_none(), "{changed}");
    put().await.problem(412, "precondition-failed");
    let listed = app.get("/subscriptions").await.expect(200).body;
    assert_eq!(listed["items"], json!([changed]));
    app.happen("level-7-1", 1).await;
    assert_eq!(provider.nth(1).await.json()["to"], "token-of-an-app");
    app.send(http::Method::DELETE, &path, &[], None).await.expect(204);
    app.get(&path).await.problem(404, "subscription-not-found");
    app.send(http::Method::DELETE, &path, &[], None).await.problem(404, "subscription-not-found");
    let left = app.get("/notifications").await.expect(200).body;
    assert_eq!(left["items"], json!([]));
    app.shut_down().await;
}

#[tokio::test]
async fn a_subscription_is_tried_out_also_in_quiet_hours() {
    let provider = Receiver::start().await;
    let app = start(through(&provider)).await;
    let always = json!({"quietHours": {"from": "00:00", "until": "23:59"}, "language": "en"});
    let made = app.post("/subscriptions", by_sms(always)).await.expect(201).body;
    let path = format!("/subscriptions/{}", made["subscriptionId"].as_str().unwrap());
    let test = app.post(&format!("{path}/test"), json!({})).await.expect(202);
    let got = provider.nth(1).await.json();
    assert_eq!(
        (&got["text"], &got["id"]),
        (&json!("Test message of Gondola"), &test.body["notificationId"])
    );
    let at = test.headers["location"].to_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    let detail = app.get(&at).await.expect(200).body;
    assert_eq!(detail["events"][0]["eventType"], "gondola.notification.test");
    app.shut_down().await;
}

#[tokio::test]
async fn wrong_settings_are_refused_with_what_is_wrong() {
    let provider = Receiver::start().await;
    let app = start(through(&provider)).await;
    for (more, told) in [
        (json!({"address": "11987654321"}), "E.164"),
        (json!({"channel": "email", "address": "ana@shop.example"}), "--smtp-url"),
        (json!({"eventTypes": []}), "at least one event type"),
        (json!({"eventTypes": ["gondola.store.gone.v1"]}), "gondola.store.gone.v1"),
        (json!({"storeIds": []}), "got 0"),
        (json!({"timeZone": "Sao Paulo"}), "America/Sao_Paulo"),
        (json!({"quietHours": {"from": "22h", "until": "07:00"}}), "22h"),
        (json!({"quietHours": {"from": "07:00", "until": "07:00"}}), "for ever"),
        (json!({"groupingSeconds": 86_401}), "86401"),
    ] {
        let refused = app.post("/subscriptions", by_sms(more)).await;
        assert!(refused.status == 422 && refused.text.contains(told), "{}", refused.text);
        assert!(!refused.text.contains("ana@shop.example"), "{}", refused.text);
    }
    app.shut_down().await;
}

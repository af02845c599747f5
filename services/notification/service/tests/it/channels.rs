//! What people get and when: through a provider on this machine, by a clock that the test moves.

use std::time::Duration;

use gondola_notification::{ChannelsConfig, ProviderConfig};
use serde_json::{Value, json};

use crate::app::{App, World, store};
use crate::receiver::Receiver;

/// Ten in the morning in São Paulo.
const MORNING: &str = "2026-11-28T13:00:00Z";

/// Half past ten in the evening there.
const EVENING: &str = "2026-11-29T01:30:00Z";

pub(crate) fn through(provider: &Receiver) -> ChannelsConfig {
    let url = provider.url.clone();
    let sms = ProviderConfig { url, token: "a-token".parse().unwrap() };
    ChannelsConfig { push: Some(sms.clone()), sms: Some(sms), ..ChannelsConfig::default() }
}

async fn start(provider: &Receiver, at: &str) -> App {
    start_on(provider, World::at(at.parse().unwrap())).await
}

async fn start_on(provider: &Receiver, world: World) -> App {
    let app = App::start_with(world, "127.0.0.0/8", through(provider)).await;
    app.api()
}

/// A subscription of stock levels by SMS, with more of it.
pub(crate) fn by_sms(more: Value) -> Value {
    let mut body = json!({
        "channel": "sms", "address": "+5511987654321", "language": "pt", "timeZone": "America/Sao_Paulo",
        "eventTypes": ["gondola.inventory.inventory-updated.v1"],
    });
    let Value::Object(more) = more else { panic!("an object") };
    body.as_object_mut().unwrap().extend(more);
    body
}

async fn subscribe(app: &App, more: Value) -> String {
    let made = app.post("/subscriptions", by_sms(more)).await.expect(201).body;
    made["subscriptionId"].as_str().unwrap().to_owned()
}

/// All notifications, newest first.
async fn notifications(app: &App) -> Vec<Value> {
    let page = app.get("/notifications?limit=200").await.expect(200);
    page.body["items"].as_array().unwrap().clone()
}

/// Waits until the notifications are as they are wanted, and gives them.
async fn until(app: &App, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let mut last = Vec::new();
    for _ in 0..1_500 {
        last = notifications(app).await;
        if wanted(&last) {
            return last;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the notifications stay {last:?}");
}

/// Waits until the newest notification is as it is wanted, and gives it.
async fn newest(app: &App, wanted: impl Fn(&Value) -> bool) -> Value {
    until(app, |all| all.first().is_some_and(&wanted)).await.remove(0)
}

/// Long enough for the sender to look twice.
async fn a_while() {
    tokio::time::sleep(Duration::from_millis(2_200)).await;
}

#[tokio::test]
async fn a_provider_gets_a_message_in_the_language_of_its_recipient() {
    let provider = Receiver::start().await;
    let app = start(&provider, MORNING).await;
    let id = subscribe(&app, json!({"storeIds": [store(7)]})).await;
    app.happen("level-8-1", 1).await;
    app.happen("level-7-3", 1).await;
    let got = provider.nth(1).await;
    assert_eq!(got.header("authorization"), "Bearer a-token");
    let sent = newest(&app, |one| one["state"] == "sent").await;
    let body = json!({
        "id": sent["notificationId"], "channel": "sms", "to": "+5511987654321", "language": "pt", "severity": "info",
        "subject": "Café 3 em Loja 7: 7 disponíveis", "text": "Café 3 em Loja 7: 7 disponíveis",
    });
    assert_eq!(
        (got.json(), got.header("idempotency-key")),
        (body.clone(), body["id"].as_str().unwrap())
    );
    assert_eq!((&sent["attempts"], &sent["subscriptionId"]), (&json!(1), &json!(id)));
    let path = format!("/notifications/{}", sent["notificationId"].as_str().unwrap());
    let detail = app.get(&path).await.expect(200).body;
    assert_eq!(
        (&detail["text"], &detail["attempts"][0]["answer"]),
        (&body["text"], &json!("answer 200"))
    );
    assert_eq!(detail["events"][0]["eventType"], "gondola.inventory.inventory-updated.v1");
    let figures = app.get("/notifications/figures").await.expect(200).body;
    let today =
        json!({"day": "2026-11-28", "channel": "sms", "sent": 1, "failedAttempts": 0, "dead": 0});
    assert_eq!((figures["days"].clone(), notifications(&app).await.len()), (json!([today]), 1));
    app.shut_down().await;
}

#[tokio::test]
async fn what_comes_in_quiet_hours_waits_until_they_end() {
    let provider = Receiver::start().await;
    let app = start(&provider, EVENING).await;
    subscribe(&app, json!({"quietHours": {"from": "22:00", "until": "07:00"}})).await;
    app.happen("level-7-3", 1).await;
    let waiting = newest(&app, |one| one["state"] == "pending").await;
    assert_eq!(waiting["dueAt"], "2026-11-29T10:00:00.000Z");
    app.world.clock.move_seconds(8 * 3_600 + 1_790);
    a_while().await;
    assert_eq!(provider.received().len(), 0, "ten seconds are left");
    app.world.clock.move_seconds(10);
    provider.nth(1).await;
    newest(&app, |one| one["state"] == "sent").await;
    app.shut_down().await;
}

#[tokio::test]
async fn what_comes_within_a_while_is_one_message() {
    let provider = Receiver::start().await;
    let app = start(&provider, MORNING).await;
    subscribe(&app, json!({"groupingSeconds": 600})).await;
    for number in 1..=3 {
        app.happen(&format!("level-7-{number}"), 1).await;
        app.world.clock.move_seconds(60);
    }
    let waiting = newest(&app, |one| one["eventCount"] == 3).await;
    assert_eq!(waiting["dueAt"], "2026-11-28T13:10:00.000Z");
    a_while().await;
    assert_eq!(provider.received().len(), 0);
    app.world.clock.move_seconds(420);
    let text = provider.nth(1).await.json()["text"].clone();
    let text = text.as_str().unwrap();
    assert!(text.starts_with("3 avisos: Café 1") && text.contains("Café 3 em Loja 7"), "{text}");
    newest(&app, |one| one["state"] == "sent").await;
    // what comes after it begins another one
    app.happen("level-7-4", 1).await;
    newest(&app, |one| one["state"] == "pending" && one["eventCount"] == 1).await;
    assert_eq!(notifications(&app).await.len(), 2);
    app.shut_down().await;
}

#[tokio::test]
async fn nothing_joins_a_message_whose_sending_has_begun() {
    let provider = Receiver::start().await;
    let app = start(&provider, MORNING).await;
    subscribe(&app, json!({"groupingSeconds": 60})).await;
    provider.answer([500]);
    app.happen("level-7-1", 1).await;
    app.world.clock.move_seconds(60);
    newest(&app, |one| one["attempts"] == 1).await;
    app.happen("level-7-2", 1).await;
    newest(&app, |one| one["attempts"] == 0 && one["eventCount"] == 1).await;
    app.world.clock.move_seconds(70);
    provider.nth(3).await;
    let texts: Vec<_> = provider.received().iter().map(|one| one.json()["text"].clone()).collect();
    assert_eq!(texts[0].as_str(), Some("Café 1 em Loja 7: 7 disponíveis"));
    assert!(texts[1..].contains(&texts[0]), "the same once more: {texts:?}");
    assert!(texts[1..].contains(&json!("Café 2 em Loja 7: 7 disponíveis")), "{texts:?}");
    app.shut_down().await;
}

#[tokio::test]
async fn what_fails_is_tried_again_under_its_id_and_not_at_night() {
    let provider = Receiver::start().await;
    let app = start(&provider, "2026-11-29T00:59:59Z").await;
    subscribe(&app, json!({"quietHours": {"from": "22:00", "until": "07:00"}})).await;
    provider.answer([503]);
    app.happen("level-7-3", 1).await;
    let failed = newest(&app, |one| one["attempts"] == 1).await;
    assert_eq!(
        (&failed["state"], &failed["dueAt"]),
        (&json!("pending"), &json!("2026-11-29T10:00:00.000Z"))
    );
    assert!(failed["reason"].as_str().unwrap().contains("503"), "{failed}");
    app.world.clock.move_seconds(9 * 3_600 + 1);
    let again = provider.nth(2).await;
    assert_eq!(again.json(), provider.nth(1).await.json());
    let sent = newest(&app, |one| one["state"] == "sent").await;
    assert!(sent.get("reason").is_none() && sent["attempts"] == 2, "{sent}");
    app.shut_down().await;
}

#[tokio::test]
async fn what_is_rejected_is_dead_at_once_and_can_be_replayed() {
    let provider = Receiver::start().await;
    let app = start(&provider, MORNING).await;
    let id = subscribe(&app, json!({})).await;
    provider.answer([422]);
    app.happen("level-7-3", 1).await;
    let dead = newest(&app, |one| one["state"] == "dead").await;
    assert!(dead["reason"].as_str().unwrap().contains("422: answer 422"), "{dead}");
    assert!(dead.get("dueAt").is_none() && dead["attempts"] == 1, "{dead}");
    let path = format!("/notifications/{}", dead["notificationId"].as_str().unwrap());
    let replayed = app.post(&format!("{path}/replay"), json!({})).await.expect(200).body;
    assert_eq!(replayed, json!({"replayed": 1, "hasMore": false}));
    newest(&app, |one| one["state"] == "sent" && one["attempts"] == 2).await;
    assert_eq!(provider.nth(2).await.json(), provider.nth(1).await.json());
    // the dead of a time
    app.world.clock.move_seconds(1);
    provider.answer([404]);
    app.happen("level-7-4", 1).await;
    newest(&app, |one| one["state"] == "dead").await;
    let of_time = json!({"since": MORNING, "until": "2026-11-28T14:00:00Z", "subscriptionId": id});
    let replayed = app.post("/notifications/replay", of_time).await.expect(200).body;
    assert_eq!(replayed["replayed"], 1);
    newest(&app, |one| one["state"] == "sent").await;
    app.post(&format!("/notifications/{id}/replay"), json!({}))
        .await
        .problem(404, "notification-not-found");
    let figures = app.get("/notifications/figures").await.expect(200).body;
    let day = &figures["days"][0];
    assert_eq!(
        (&day["sent"], &day["failedAttempts"], &day["dead"]),
        (&json!(2), &json!(2), &json!(2))
    );
    app.shut_down().await;
}

#[tokio::test]
async fn after_the_tenth_failure_a_notification_is_dead() {
    let provider = Receiver::start().await;
    let app = start(&provider, MORNING).await;
    subscribe(&app, json!({})).await;
    provider.answer([500; 10]);
    app.happen("level-7-3", 1).await;
    for made in 1..10 {
        newest(&app, |one| one["attempts"] == made && one["state"] == "pending").await;
        app.world.clock.move_seconds(29 * 3_600);
    }
    newest(&app, |one| one["attempts"] == 10 && one["state"] == "dead").await;
    app.shut_down().await;
}

#[tokio::test]
async fn a_restart_in_the_middle_loses_nothing_and_keeps_ids() {
    let provider = Receiver::start().await;
    let app = start(&provider, MORNING).await;
    subscribe(&app, json!({})).await;
    // one is cut off in the middle of its attempt, one fails, and one happens while nobody is there
    provider.answer([0]);
    app.happen("level-7-1", 1).await;
    let cut_off = provider.nth(1).await.json();
    provider.answer([500]);
    app.happen("level-7-2", 1).await;
    newest(&app, |one| one["attempts"] == 1).await;
    let world = app.shut_down().await;
    let (log, three) = (world.log.clone(), kit_testkit::event_store::append("level-7-3", 0, 1));
    kit_testkit::event_store::commit(&*log, kit_testkit::event_store::transaction([three])).await;
    world.clock.move_seconds(10);
    let app = start_on(&provider, world).await;
    provider.nth(5).await;
    let mut ids: Vec<_> =
        provider.received()[2..].iter().map(|one| one.json()["id"].to_string()).collect();
    assert!(ids.contains(&cut_off["id"].to_string()), "{ids:?}");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3, "each once: {ids:?}");
    // a provider that was told is not enough: what is not noted yet is told once more after an end
    until(&app, |all| all.len() == 3 && all.iter().all(|one| one["state"] == "sent")).await;
    // nothing is told a second time
    let app = start_on(&provider, app.shut_down().await).await;
    app.happen("level-7-4", 1).await;
    provider.nth(6).await;
    assert_eq!((provider.received().len(), notifications(&app).await.len()), (6, 4));
    app.shut_down().await;
}

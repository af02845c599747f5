//! Alerts through the API: what crosses, once; what people do with it; what webhooks are told.

use std::time::Duration;

use http::Method;
use kit_testkit::event_store::{append, commit, transaction};
use kit_testkit::http::Answer;
use serde_json::{Value, json};

use crate::app::{App, PATIENCE, store};
use crate::receiver::Receiver;

const ALERTS: [&str; 3] = [
    "gondola.notification.alert-opened.v1",
    "gondola.notification.alert-acknowledged.v1",
    "gondola.notification.alert-resolved.v1",
];

impl App {
    /// So many units of `level-{store}-{product}` are available after its `version`th event.
    async fn available(&self, level: &str, version: u64, available: u64) {
        self.world.levels.set(level, version, available);
        self.happen(level, version).await;
    }

    /// Asks of something beside webhooks.
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.below("/api/v1/").send(method, path, &[], body).await
    }

    async fn alerts(&self, filter: &str) -> Vec<Value> {
        let page = self.ask(Method::GET, &format!("alerts?limit=200&{filter}"), None).await;
        page.expect(200).body["items"].as_array().unwrap().clone()
    }

    /// Waits until the alerts are as they are wanted.
    async fn await_alerts(&self, filter: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let found = async {
            loop {
                let found = self.alerts(filter).await;
                if wanted(&found) {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, found).await.unwrap()
    }

    /// The rule of a kind that there is from the start.
    async fn rule(&self, kind: &str) -> Value {
        let rules = self.ask(Method::GET, "alert-rules", None).await.expect(200).body;
        let rules = rules["items"].as_array().unwrap().clone();
        rules.into_iter().find(|rule| rule["kind"] == kind).unwrap()
    }

    /// Registers a webhook, and gives its id.
    async fn hear_alerts(&self, url: &str) -> String {
        let body = json!({"url": url, "eventTypes": ALERTS});
        let webhook = self.post("", body).await.expect(201).body;
        webhook["webhookId"].as_str().unwrap().to_owned()
    }
}

/// In the order of their words: what happens within a millisecond is listed in any order.
fn states(alerts: &[Value]) -> Vec<&str> {
    let mut states: Vec<_> = alerts.iter().map(|alert| alert["state"].as_str().unwrap()).collect();
    states.sort_unstable();
    states
}

#[tokio::test]
async fn low_stock_alerts_once_is_acknowledged_and_resolves_when_it_is_refilled() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    app.hear_alerts(&receiver.url).await;
    for (version, available) in [(1, 9), (2, 5), (3, 4), (4, 3)] {
        app.available("level-7-1", version, available).await;
    }
    let opened = receiver.nth(1).await.json();
    assert_eq!(opened["type"], ALERTS[0]);
    let data = &opened["data"];
    assert_eq!((&data["rule"], &data["severity"]), (&json!("low-stock"), &json!("warning")));
    assert_eq!((&data["quantity"], &data["threshold"]), (&json!(5), &json!(5)));
    assert_eq!(data["storeId"], json!(store(7)));
    let found = app.alerts("rule=low-stock").await;
    assert_eq!(states(&found), ["open"], "once, not at every sale");
    let id = found[0]["alertId"].as_str().unwrap().to_owned();
    assert_eq!(data["alertId"], json!(id));

    let note = Some(json!({"note": "reordered"}));
    let path = format!("alerts/{id}/acknowledge");
    let seen = app.ask(Method::POST, &path, note.clone()).await.expect(200).body;
    assert_eq!((&seen["state"], &seen["note"]), (&json!("acknowledged"), &json!("reordered")));
    let again = app.ask(Method::POST, &path, Some(json!({}))).await.expect(200).body;
    assert_eq!(again, seen, "the first one who says so stays");
    let acknowledged = receiver.nth(2).await.json();
    assert_eq!((&acknowledged["type"], &acknowledged["subject"]), (&json!(ALERTS[1]), &json!(id)));

    app.available("level-7-1", 5, 6).await;
    let resolved = receiver.nth(3).await.json();
    assert_eq!(resolved["type"], ALERTS[2]);
    assert_eq!(resolved["data"]["resolution"], "recovered");
    let over = app.ask(Method::GET, &format!("alerts/{id}"), None).await.expect(200).body;
    assert_eq!((&over["state"], &over["version"]), (&json!("resolved"), &json!(3)));
    assert_eq!(over["resolvedBy"], "system:alerts");
    let late = app.ask(Method::POST, &path, note).await.expect(409).body;
    assert_eq!(late["code"], "alert-resolved");
    app.shut_down().await;
}

#[tokio::test]
async fn a_restart_neither_loses_nor_doubles_an_alert() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let webhook = app.hear_alerts(&receiver.url).await;
    app.available("level-7-1", 1, 2).await;
    app.await_delivered(&webhook, 1).await;
    let world = app.shut_down().await;
    // while nobody is there one comes back, another crosses, and a third does both
    for (level, version, available) in
        [("level-7-1", 2, 8), ("level-7-2", 1, 1), ("level-7-3", 1, 1), ("level-7-3", 2, 9)]
    {
        world.levels.set(level, version, available);
        commit(&*world.log, transaction([append(level, version - 1, 1)])).await;
    }
    let app = App::start_on(world).await;
    app.await_delivered(&webhook, 5).await;
    let app = App::start_on(app.shut_down().await).await;
    app.available("level-7-4", 1, 0).await;
    app.await_delivered(&webhook, 7).await;
    let mut told: Vec<_> = receiver.received().iter().map(|one| one.id().to_owned()).collect();
    assert_eq!(told.len(), 7, "two of low and one of no stock, two resolved, none twice");
    told.sort_unstable();
    told.dedup();
    assert_eq!(told.len(), 7);
    assert_eq!(
        states(&app.alerts("rule=low-stock").await),
        ["open", "open", "resolved", "resolved"]
    );
    assert_eq!(states(&app.alerts("rule=out-of-stock").await), ["open"]);
    app.shut_down().await;
}

#[tokio::test]
async fn a_rule_is_decided_about_and_its_alerts_end_with_it() {
    let app = App::start().await;
    let usual = app.rule("out-of-stock").await;
    assert_eq!((&usual["threshold"], &usual["severity"]), (&json!(0), &json!("critical")));
    let path = format!("alert-rules/{}", usual["ruleId"].as_str().unwrap());
    let wanted =
        json!({"kind": "out-of-stock", "threshold": 2, "hysteresis": 3, "severity": "info"});
    let changed = app.ask(Method::PUT, &path, Some(wanted.clone())).await.expect(200).body;
    assert_eq!((&changed["version"], &changed["hysteresis"]), (&json!(2), &json!(3)));
    app.available("level-7-1", 1, 2).await;
    let found = app.alerts("rule=out-of-stock").await;
    assert_eq!((states(&found), &found[0]["severity"]), (vec!["open"], &json!("info")));
    app.available("level-7-1", 2, 5).await;
    assert_eq!(states(&app.alerts("rule=out-of-stock").await), ["open"], "not far enough");

    let stale = [("if-match", "\"1\"")];
    let stale = app.below("/api/v1/").send(Method::PUT, &path, &stale, Some(wanted.clone())).await;
    stale.expect(412);
    let other = json!({"kind": "low-stock"});
    assert_eq!(app.ask(Method::PUT, &path, Some(other)).await.expect(422).body["code"], "invalid");
    let mut disabled = wanted;
    disabled["enabled"] = json!(false);
    app.ask(Method::PUT, &path, Some(disabled)).await.expect(200);
    let found = app.alerts("rule=out-of-stock").await;
    assert_eq!((states(&found), &found[0]["resolution"]), (vec!["resolved"], &json!("rule-ended")));
    app.available("level-7-2", 1, 0).await;
    assert_eq!(app.alerts("rule=out-of-stock").await.len(), 1);
    app.ask(Method::DELETE, &path, None).await.expect(204);
    app.ask(Method::GET, &path, None).await.expect(404);
    // removed is removed, also after a restart
    let app = App::start_on(app.shut_down().await).await;
    app.ask(Method::GET, &path, None).await.expect(404);

    let of_a_store = json!({"kind": "low-stock", "threshold": 50, "storeIds": [store(8)]});
    app.ask(Method::POST, "alert-rules", Some(of_a_store)).await.expect(201);
    app.available("level-7-3", 1, 40).await;
    app.available("level-8-3", 1, 40).await;
    let found = app.alerts("rule=low-stock&state=open").await;
    assert!(found.iter().any(|alert| alert["storeId"] == json!(store(8))), "{found:?}");
    assert!(
        !found.iter().any(|alert| alert["quantity"] == 40 && alert["storeId"] == json!(store(7)))
    );
    assert_eq!(app.alerts(&format!("storeId={}", store(8))).await.len(), 1);
    app.shut_down().await;
}

#[tokio::test]
async fn what_somebody_resolved_opens_again_only_after_it_has_come_back() {
    let app = App::start().await;
    app.available("level-7-1", 1, 1).await;
    let found = app.alerts("rule=low-stock").await;
    let path = format!("alerts/{}/resolve", found[0]["alertId"].as_str().unwrap());
    let over = app.ask(Method::POST, &path, Some(json!({"note": "not sold any more"}))).await;
    assert_eq!(over.expect(200).body["resolution"], "operator");
    app.available("level-7-1", 2, 2).await;
    assert_eq!(states(&app.alerts("rule=low-stock").await), ["resolved"]);
    app.available("level-7-1", 3, 9).await;
    app.available("level-7-1", 4, 1).await;
    assert_eq!(states(&app.alerts("rule=low-stock").await), ["open", "resolved"]);
    app.shut_down().await;
}

#[tokio::test]
async fn back_in_stock_alerts_when_it_is_back_and_ends_after_days() {
    let app = App::start().await;
    app.available("level-7-1", 1, 0).await;
    assert!(app.alerts("rule=back-in-stock").await.is_empty());
    app.available("level-7-1", 2, 9).await;
    assert_eq!(states(&app.alerts("rule=back-in-stock").await), ["open"]);
    app.world.clock.move_seconds(8 * 24 * 3_600);
    let wanted = "rule=back-in-stock&state=resolved";
    let found = app.await_alerts(wanted, |found| !found.is_empty()).await;
    assert_eq!(found[0]["resolution"], "expired");
    app.shut_down().await;
}

#[tokio::test]
async fn a_transfer_is_overdue_after_hours_until_it_has_arrived() {
    let app = App::start().await;
    app.happen("transfer-8-1", 1).await;
    app.world.clock.move_seconds(71 * 3_600);
    app.happen("transfer-8-2", 1).await;
    // restarted, so that a sweep has been
    let app = App::start_on(app.shut_down().await).await;
    app.happen("level-7-1", 1).await;
    assert!(app.alerts("rule=transfer-overdue").await.is_empty());
    app.world.clock.move_seconds(2 * 3_600);
    let found = app.await_alerts("rule=transfer-overdue", |found| !found.is_empty()).await;
    assert_eq!((found.len(), &found[0]["storeId"]), (1, &json!(store(8))));
    assert_eq!((&found[0]["sagaId"], &found[0]["quantity"]), (&json!(store(1)), &json!(73)));
    app.happen("transfer-8-1", 2).await;
    assert_eq!(states(&app.alerts("rule=transfer-overdue").await), ["resolved"]);
    app.shut_down().await;
}

#[tokio::test]
async fn a_saga_whose_step_fails_alerts_until_it_gets_on() {
    let app = App::start().await;
    for (version, attempts) in [(1, 0), (2, 4), (3, 8)] {
        app.available("saga-0-9", version, attempts).await;
    }
    let found = app.alerts("rule=saga-delayed").await;
    assert_eq!((states(&found), &found[0]["quantity"]), (vec!["open"], &json!(4)));
    assert!(found[0]["detail"].as_str().unwrap().contains("the disk is full"), "{found:?}");
    app.available("saga-0-9", 4, 0).await;
    assert_eq!(states(&app.alerts("rule=saga-delayed").await), ["resolved"]);
    app.shut_down().await;
}

#[tokio::test]
async fn what_no_log_tells_is_observed_as_it_is_now() {
    use gondola_notification_domain::alerts::Observation;
    let app = App::start().await;
    let drift = |rows| Observation::Drift { view: "stock".into(), rows };
    let now = || kit_core::Clock::now(&app.world.clock);
    for rows in [0, 3, 3, 2] {
        app.observations.observe(drift(rows), now()).await.unwrap();
    }
    let found = app.alerts("rule=view-drift").await;
    assert_eq!((states(&found), &found[0]["view"]), (vec!["open"], &json!("stock")));
    app.observations.observe(drift(0), now()).await.unwrap();
    assert_eq!(states(&app.alerts("rule=view-drift").await), ["resolved"]);
    app.shut_down().await;
}

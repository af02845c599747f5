//! What a restart keeps.

use std::path::Path;

use kit_http::Readiness;
use kit_testkit::clock::SimClock;
use kit_testkit::http::fetch;
use serde_json::json;
use tempfile::TempDir;

use crate::app::{App, STORE, about, midnight, open, product, reservation};

async fn start(kind: &str, folder: &Path, clock: &SimClock) -> App {
    let store = open(kind, folder, clock);
    App::start_on(store, &folder.join("views"), clock.clone(), false).await
}

#[tokio::test]
async fn a_restart_keeps_everything() {
    for kind in ["sqlite", "jsonl"] {
        let (folder, clock) = (TempDir::new().unwrap(), midnight());
        let app = start(kind, folder.path(), &clock).await;
        let delivery = about(1, json!({"quantity": 9}));
        let added = app.post_with_key("/stock", "k", delivery.clone()).await.expect(201);
        app.post("/policy", about(1, json!({"safetyStock": 1}))).await.expect(200);
        for id in 1..=3 {
            app.hold(1, id, 2).await.expect(201);
        }
        app.commit(1, "T-1").await.expect(200);
        let units = app.units(1).await;
        let path = format!("/stores/{STORE}/products/{}", product(1));
        let history = app.get(&format!("{path}/history")).await.expect(200).text;
        let feed = app.get("/events").await.expect(200).text;
        app.shut_down().await;

        let app = start(kind, folder.path(), &clock).await;
        // the views are complete before the first request is served
        let level = app.get(&path).await.expect(200);
        assert_eq!(
            ["onHand", "reserved", "available"].map(|field| level.body[field].as_u64().unwrap()),
            units
        );
        assert_eq!(app.units(1).await, units);
        assert_eq!(app.get(&format!("{path}/history")).await.expect(200).text, history);
        assert_eq!(app.get("/events").await.expect(200).text, feed);
        assert_eq!([app.status(1).await, app.status(2).await], ["committed", "active"]);
        let again = app.post_with_key("/stock", "k", delivery).await.expect(201);
        assert!(again.is_replayed());
        assert_eq!(again.body, added.body);
        assert!(app.hold(1, 2, 2).await.expect(201).is_replayed());
        assert!(app.commit(1, "T-1").await.expect(200).is_replayed());
        app.commit(2, "T-2").await.expect(200);
        clock.move_seconds(60);
        app.commit(3, "T-3").await.problem(410, "reservation-expired");
        assert_eq!(app.units(1).await, [5, 0, 5]);
        app.shut_down().await;
    }
}

#[tokio::test]
async fn a_clock_set_back_over_a_restart_revives_no_promise() {
    for kind in ["sqlite", "jsonl"] {
        let (folder, clock) = (TempDir::new().unwrap(), midnight());
        let app = start(kind, folder.path(), &clock).await;
        app.add(1, 5).await;
        app.hold(1, 1, 5).await.expect(201);
        clock.move_seconds(60);
        // the log has seen the deadline pass
        app.add(2, 1).await;
        app.shut_down().await;
        clock.move_seconds(-3_600);
        let app = start(kind, folder.path(), &clock).await;
        app.commit(1, "T-1").await.problem(410, "reservation-expired");
        app.hold(1, 2, 5).await.expect(201);
        app.shut_down().await;
    }
}

#[tokio::test]
async fn lost_views_are_built_anew() {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let app = start("sqlite", folder.path(), &clock).await;
    for number in 1..=20 {
        app.add(number, number).await;
        app.hold(number, number, 1).await.expect(201);
    }
    app.shut_down().await;
    std::fs::remove_dir_all(folder.path().join("views")).unwrap();
    let app = start("sqlite", folder.path(), &clock).await;
    let list = format!("/stores/{STORE}/products?limit=200&sort=available&minPosition=40");
    let list = app.get(&list).await.expect(200);
    let on_hand: Vec<_> = list.body["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["onHand"].as_u64().unwrap())
        .collect();
    assert_eq!(on_hand, (1..=20).collect::<Vec<_>>());
    assert_eq!(app.status(20).await, "active");
    let details = app.get(&format!("/reservations/{}", reservation(20))).await.expect(200);
    assert_eq!(details.body["lines"][0]["quantity"], 1);
    app.shut_down().await;
}

#[tokio::test]
async fn the_context_is_ready_once_it_runs() {
    let app = App::start("memory").await;
    let readiness = Readiness::new(app.context.module.readiness.clone());
    let health = fetch(&readiness.routes(), "/health/ready").await.expect(200);
    assert_eq!(health.body["components"]["inventoryViews"]["status"], "UP", "{}", health.text);
}

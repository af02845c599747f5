//! Reading what was just written: at once, without a token and without a pause.

use serde_json::json;
use tokio::task::JoinSet;

use crate::app::{App, STORE, about, ndjson, on_each_store, product, reservation};

/// Reads of each kind that follow a write immediately.
const READS: u32 = 1_000;

async fn read(app: &App, number: u32) -> serde_json::Value {
    app.get(&format!("/stores/{STORE}/products/{}", product(number))).await.expect(200).body
}

#[tokio::test]
async fn a_plain_read_of_a_level_shows_every_write_before_it() {
    on_each_store(async |app| {
        for number in 1..=READS {
            let added = app.post("/stock", about(number % 7, json!({"quantity": 3}))).await;
            let added = added.expect(201).body;
            let shown = read(app, number % 7).await;
            assert_eq!(shown["version"], added["version"]);
            assert_eq!(shown["onHand"], added["onHand"]);
        }
        for number in 1..=READS {
            app.hold(number % 7, number, 1).await.expect(201);
            let shown = app.get(&format!("/reservations/{}", reservation(number))).await;
            assert_eq!(shown.expect(200).body["status"], "active");
            let held = read(app, number % 7).await["reserved"].clone();
            app.release(number).await.expect(200);
            let free = read(app, number % 7).await["reserved"].clone();
            assert_eq!(held, json!(1), "of {number}");
            assert_eq!(free, json!(0), "of {number}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_line_of_a_bulk_write_is_read_as_soon_as_it_is_answered() {
    on_each_store(async |app| {
        let line = |number| about(number, json!({"op": "stock", "quantity": number}));
        for round in 1..=5 {
            let lines: Vec<_> = (1..=50).map(line).collect();
            app.batch(ndjson(&lines)).await.expect(200);
            for number in 1..=50 {
                assert_eq!(read(app, number).await["onHand"], json!(number * round));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn writes_of_others_do_not_hide_an_own_one() {
    on_each_store(async |app| {
        let mut clients = JoinSet::new();
        for client in 0..8 {
            let app = app.clone();
            clients.spawn(async move {
                let mut seen = 0;
                for _ in 0..100 {
                    let body = about(1 + client % 2, json!({"quantity": 1}));
                    let added = app.post("/stock", body).await.expect(201).body;
                    let shown = read(&app, 1 + client % 2).await["version"].as_u64().unwrap();
                    assert!(shown >= added["version"].as_u64().unwrap(), "an own write is missing");
                    assert!(shown >= seen, "time went back");
                    seen = shown;
                }
            });
        }
        clients.join_all().await;
    })
    .await;
}

#[tokio::test]
async fn a_hold_that_runs_out_is_free_at_that_instant_in_every_view() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 2).await.expect(201);
        let position = app.hold(1, 2, 1).await.expect(201).body["position"].clone();
        let level = format!("/stores/{STORE}/products/{}", product(1));
        let views = [
            (level.clone(), "/reserved"),
            (format!("{level}?minPosition={position}"), "/reserved"),
            (format!("/stores/{STORE}/products?minPosition={position}"), "/items/0/reserved"),
            (format!("/products/{}?minPosition={position}", product(1)), "/items/0/reserved"),
            (
                format!("/availability?product={}&minPosition={position}", product(1)),
                "/stores/0/reserved",
            ),
        ];
        for (seconds, reserved) in [(59, 3), (1, 0)] {
            app.clock.move_seconds(seconds);
            for (path, place) in &views {
                let told = app.get(path).await.expect(200).body;
                assert_eq!(told.pointer(place), Some(&json!(reserved)), "{path}: {told}");
                let as_of = told.pointer(&place.replace("reserved", "asOf"));
                assert_eq!(as_of, Some(&json!(app.now())), "{path}: {told}");
            }
        }
        // the version is the same, the answer is not
        let tag = [("if-none-match", "W/\"3\"")];
        app.get_with(&tag, &level).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn lists_wait_for_a_position_and_refuse_one_that_is_not_there() {
    on_each_store(async |app| {
        for number in 1..=50 {
            let added = app.post("/stock", about(1, json!({"quantity": 1}))).await.expect(201);
            let position = &added.body["position"];
            for (path, place) in [
                (format!("/stores/{STORE}/products"), "/items/0/onHand"),
                (format!("/products/{}", product(1)), "/items/0/onHand"),
                (format!("/availability?product={}&quantity=1", product(1)), "/stores/0/onHand"),
            ] {
                let (mark, beyond) = (if path.contains('?') { '&' } else { '?' }, 1_000_000);
                let told = app.get(&format!("{path}{mark}minPosition={position}")).await;
                assert_eq!(told.expect(200).body.pointer(place), Some(&json!(number)), "{path}");
                let refused = app.get(&format!("{path}{mark}minPosition={beyond}")).await;
                assert_eq!(refused.problem(422, "invalid")["field"], "minPosition");
            }
        }
    })
    .await;
}

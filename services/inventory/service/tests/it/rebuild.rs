//! Views rebuilt beside the ones in use.

use std::sync::Mutex;
use std::time::Duration;

use gondola_inventory::use_cases::RebuildPhase;
use http::Method;
use kit_core::Position;
use rusqlite::Connection;
use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::{App, PATIENCE, STORE, on_each_store, product};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn views_rebuilt_while_writing_are_the_same() {
    on_each_store(async |app| {
        app.add(1, 1_000_000).await;
        app.get(&format!("/stores/{STORE}/products/{}?minPosition=1", product(1)))
            .await
            .expect(200);
        let stop = CancellationToken::new();
        let mut clients = JoinSet::new();
        for client in 0..4 {
            let (app, stop) = (app.clone(), stop.clone());
            clients.spawn(async move {
                let mut number = client * 1_000_000 + 10;
                while !stop.is_cancelled() {
                    number += 1;
                    app.add(client + 2, 1).await;
                    app.hold(1, number, 1).await.expect(201);
                    if number % 3 == 0 {
                        app.commit(number, "T").await.expect(200);
                    }
                    // readers are served throughout
                    app.get(&format!("/stores/{STORE}/products/{}", product(1))).await.expect(200);
                    app.get(&format!("/stores/{STORE}/products?sort=available")).await.expect(200);
                    // on a busy machine the log would grow faster than a new view follows
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            });
        }
        for _ in 0..3 {
            let before = head(app).await;
            let rebuilt = app.send(Method::POST, "/views/rebuild", &[], None).await.expect(200);
            assert_eq!(rebuilt.body["identical"], json!(true), "{}", rebuilt.text);
            assert_eq!(rebuilt.body["switched"], json!(true));
            assert!(rebuilt.body["position"].as_u64().unwrap() >= before);
        }
        stop.cancel();
        clients.join_all().await;
        // the views in use now go on from where they were compared
        let position = head(app).await;
        for number in 1..=5 {
            let path = format!("/stores/{STORE}/products/{}", product(number));
            let read = app.get(&format!("{path}?minPosition={position}")).await.expect(200);
            let [on_hand, reserved, _] = app.units(number).await;
            assert_eq!(
                (&read.body["onHand"], &read.body["reserved"]),
                (&json!(on_hand), &json!(reserved))
            );
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_reader_goes_back_when_the_views_are_replaced() {
    let app = App::start("memory").await;
    let stop = CancellationToken::new();
    let writer = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move {
            // each addition is the next event, and one more unit
            for number in (1..).take_while(|_| !stop.is_cancelled()) {
                app.add(1, 1).await;
                let path = format!("/stores/{STORE}/products/{}?minPosition={number}", product(1));
                assert_eq!(app.get(&path).await.expect(200).body["onHand"], json!(number));
            }
        }
    });
    for _ in 0..100 {
        app.send(Method::POST, "/views/rebuild?force=true", &[], None).await.expect(200);
    }
    stop.cancel();
    writer.await.unwrap();
    app.shut_down().await;
}

async fn head(app: &App) -> u64 {
    app.get("/events?limit=1").await.expect(200).body["headPosition"].as_u64().unwrap()
}

#[tokio::test]
async fn views_that_differ_are_replaced_only_by_force() {
    let app = App::start("memory").await;
    app.add(1, 5).await;
    let path = format!("/stores/{STORE}/products?sort=available");
    let listed = async || {
        app.get(&format!("/stores/{STORE}/products/{}?minPosition=1", product(1)))
            .await
            .expect(200);
        app.get(&path).await.expect(200).body["items"][0]["onHand"].clone()
    };
    assert_eq!(listed().await, 5);
    // another program changes the view
    let file = app.folder().join("views/views-1.db");
    let meddled =
        Connection::open(&file).unwrap().execute("UPDATE stock_levels SET on_hand = 6", []);
    assert_eq!(meddled.unwrap(), 1);
    assert_eq!(listed().await, 6);

    let rebuilt = app.send(Method::POST, "/views/rebuild", &[], None).await.expect(200);
    assert_eq!(
        rebuilt.body,
        json!({"position": 1, "stockLevels": 1, "identical": false, "switched": false})
    );
    assert_eq!(listed().await, 6);
    // the truth was never in doubt
    assert_eq!(app.units(1).await, [5, 0, 5]);

    let forced = app.send(Method::POST, "/views/rebuild?force=true", &[], None).await.expect(200);
    assert_eq!(
        (&forced.body["identical"], &forced.body["switched"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(listed().await, 5);
    // the name of the removed views-2.db is not used again
    let in_use = std::fs::read_to_string(app.folder().join("views/views.current")).unwrap();
    assert_eq!(in_use, "views-3.db");
    let again = app.send(Method::POST, "/views/rebuild", &[], None).await.expect(200);
    assert_eq!(again.body["identical"], json!(true));
    app.shut_down().await;
}

#[tokio::test]
async fn a_caller_who_goes_away_leaves_the_views_at_work() {
    let app = App::start("memory").await;
    for number in 1..=20 {
        app.add(1, 1).await;
        // somewhere in the middle of the rebuild the caller hangs up
        let rebuild = app.send(Method::POST, "/views/rebuild", &[], None);
        drop(tokio::time::timeout(Duration::from_millis(number), rebuild).await);
    }
    app.add(1, 1).await;
    let path = format!("/stores/{STORE}/products/{}?minPosition=21", product(1));
    assert_eq!(app.get(&path).await.expect(200).body["onHand"], 21);
    let rebuilt = tokio::time::timeout(PATIENCE, async {
        loop {
            let answer = app.send(Method::POST, "/views/rebuild", &[], None).await;
            if answer.status != 409 {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    });
    assert_eq!(rebuilt.await.unwrap().expect(200).body["identical"], json!(true));
    app.shut_down().await;
}

#[tokio::test]
async fn after_a_switch_the_progress_is_where_the_new_views_stand() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        let position = head(app).await;
        app.get(&format!("/stores/{STORE}/products/{}?minPosition={position}", product(1)))
            .await
            .expect(200);
        for force in [false, true] {
            let phases = Mutex::new(Vec::new());
            let told = |phase| phases.lock().unwrap().push(phase);
            app.context.rebuild.rebuild(force, &told).await.unwrap();
            let phases = phases.into_inner().unwrap();
            let end = Position::new(position);
            let built = RebuildPhase::Building { position: end, end };
            let expected = [built, RebuildPhase::Comparing];
            assert_eq!(phases[phases.len() - 2..], expected);
            // nothing else has run on this thread since: the follower has not
            assert_eq!(app.context.queries.freshness().lag(), 0);
        }
    })
    .await;
}

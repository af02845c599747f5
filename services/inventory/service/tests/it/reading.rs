//! Reading one stock level: how fresh, in which version, and how it came about.

use http::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::app::{STORE, about, on_each_store, product};

fn path(number: u32, query: &str) -> String {
    format!("/stores/{STORE}/products/{}{query}", product(number))
}

#[tokio::test]
async fn a_strong_read_sees_every_answered_change() {
    on_each_store(async |app| {
        for number in 1..=20 {
            let added = app.post("/stock", about(1, json!({"quantity": 1}))).await.expect(201);
            let read = app.get(&path(1, "?consistency=strong")).await.expect(200);
            assert_eq!(read.body["version"], number);
            assert_eq!(read.body, added.body);
        }
    })
    .await;
}

#[tokio::test]
async fn a_read_waits_for_the_position_that_the_caller_has_seen() {
    on_each_store(async |app| {
        for number in 1..=20 {
            let added = app.post("/stock", about(1, json!({"quantity": 1}))).await.expect(201);
            let read = app.get(&path(1, &format!("?minPosition={}", added.body["position"]))).await;
            assert_eq!(read.expect(200).body["version"], number);
        }
        // without a freshness condition the answer is the view's
        let read = app.get(&path(1, "")).await.expect(200);
        assert_eq!((&read.body["version"], &read.body["position"]), (&json!(20), &json!(20)));
        assert_eq!(app.get(&path(1, "?consistency=eventual")).await.expect(200).body, read.body);
    })
    .await;
}

#[tokio::test]
async fn a_position_that_no_event_has_is_refused() {
    on_each_store(async |app| {
        app.add(1, 1).await;
        app.get(&path(1, "?minPosition=1")).await.expect(200);
        let beyond = app.get(&path(1, "?minPosition=2")).await.problem(422, "invalid");
        assert_eq!(beyond["field"], "minPosition");
    })
    .await;
}

#[tokio::test]
async fn a_past_moment_is_answered_as_it_was() {
    on_each_store(async |app| {
        let mut moments = Vec::new();
        app.clock.move_seconds(10);
        app.add(1, 9).await;
        moments.push((app.now(), [9, 0, 9]));
        app.clock.move_seconds(10);
        app.hold(1, 1, 2).await.expect(201);
        moments.push((app.now(), [9, 2, 7]));
        app.clock.move_seconds(10);
        app.commit(1, "T-1").await.expect(200);
        moments.push((app.now(), [7, 0, 7]));
        app.clock.move_seconds(10);
        app.hold(1, 2, 7).await.expect(201);
        moments.push((app.now(), [7, 7, 0]));
        // overdue since then, though nothing has been recorded
        app.clock.move_seconds(60);
        moments.push((app.now(), [7, 0, 7]));
        app.clock.move_seconds(3_600);
        for (moment, units) in moments {
            let read = app.get(&path(1, &format!("?asOf={moment}"))).await.expect(200);
            let told =
                ["onHand", "reserved", "available"].map(|field| read.body[field].as_u64().unwrap());
            assert_eq!(told, units, "at {moment}");
            assert_eq!(read.body["asOf"], json!(moment));
        }
        app.get(&path(1, "?asOf=2026-11-27T00:00:09.999Z")).await.problem(404, "not-found");
        let now = app.now();
        app.clock.move_millis(1);
        app.get(&path(1, &format!("?asOf={now}"))).await.expect(200);
        app.get(&path(1, "?asOf=2026-11-28T00:00:00Z")).await.problem(422, "invalid");
    })
    .await;
}

#[tokio::test]
async fn a_caller_that_has_the_version_is_not_told_again() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        let get = async |tag: &str, position: u64| {
            let path = path(1, &format!("?minPosition={position}"));
            app.get_with(&[("if-none-match", tag)], &path).await
        };
        for tag in ["\"1\"", "W/\"1\"", "\"7\", \"1\"", "*"] {
            let answer = get(tag, 1).await.expect(304);
            assert_eq!((answer.text.as_str(), answer.header("etag")), ("", "W/\"1\""));
        }
        get("\"2\"", 1).await.expect(200);
        app.add(1, 1).await;
        let changed = get("\"1\"", 2).await.expect(200);
        assert_eq!((changed.header("etag"), &changed.body["onHand"]), ("W/\"2\"", &json!(10)));
        get(changed.header("etag"), 2).await.expect(304);
        // what a command answers is no representation of the stock level
        let added = app.post("/stock", about(1, json!({"quantity": 1}))).await.expect(201);
        assert_eq!(added.header("etag"), "");
    })
    .await;
}

#[tokio::test]
async fn a_strong_tag_would_promise_the_same_bytes() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        let [first, second] = [1, 2].map(|_| async {
            app.clock.move_seconds(1);
            app.get(&path(1, "?consistency=strong")).await.expect(200)
        });
        let (first, second) = (first.await, second.await);
        assert_eq!(first.header("etag"), second.header("etag"), "one version");
        let strong = !first.header("etag").starts_with("W/");
        assert!(!strong || first.text == second.text, "{} and {}", first.text, second.text);
    })
    .await;
}

#[tokio::test]
async fn what_was_never_recorded_is_not_found() {
    on_each_store(async |app| {
        for query in ["", "?consistency=strong", "?minPosition=0"] {
            app.get(&path(1, query)).await.problem(404, "not-found");
        }
        app.hold(1, 1, 1).await.problem(409, "insufficient-stock");
        app.get(&path(1, "?consistency=strong")).await.problem(404, "not-found");
        let history = app.get(&path(1, "/history")).await.expect(200);
        assert_eq!(history.body, json!({"items": []}));
        app.add(1, 1).await;
        app.get(&path(1, "?consistency=strong&minPosition=1")).await.problem(422, "invalid");
        app.get(&path(1, "?consistency=firm")).await.problem(422, "invalid");
        app.get(&path(1, "?minPosition=-1")).await.problem(422, "invalid");
        app.get(&path(1, "?asOf=now")).await.problem(422, "invalid");
        app.get(&path(1, "?fresh=yes")).await.problem(422, "invalid");
    })
    .await;
}

#[tokio::test]
async fn the_history_tells_every_movement_with_cause_and_actor() {
    on_each_store(async |app| {
        let by = async |actor: &str, path: &str, body: Value| {
            app.send(Method::POST, path, &[("x-actor", actor)], Some(body)).await
        };
        let delivery = json!({"quantity": 9, "reason": "Delivery", "reference": "D-1"});
        by("user:maria", "/stock", about(1, delivery)).await.expect(201);
        app.hold(1, 1, 3).await.expect(201);
        app.post("/commit", json!({"reservationId": crate::app::reservation(1), "transactionId": "T-1", "quantity": 2}))
            .await
            .expect(200);
        app.hold(1, 2, 1).await.expect(201);
        by("till:4711", "/release", json!({"reservationId": crate::app::reservation(2), "reason": "Changed mind"}))
            .await
            .expect(200);
        app.post("/adjust", about(1, json!({"delta": -1, "reason": "Theft"}))).await.expect(200);
        app.post("/count", about(1, json!({"counted": 8}))).await.expect(200);
        app.post("/policy", about(1, json!({"reorderPoint": 3}))).await.expect(200);
        // another product's movements are not among them
        app.add(2, 1).await;

        let mut told = Vec::new();
        let mut next = path(1, "/history?limit=3");
        loop {
            let page = app.get(&next).await.expect(200);
            let items = page.body["items"].as_array().unwrap().clone();
            assert!(items.len() <= 3);
            told.extend(items);
            match page.body["nextCursor"].as_str() {
                Some(cursor) => next = path(1, &format!("/history?limit=3&cursor={cursor}")),
                None => break,
            }
        }
        let moved: Vec<_> = told
            .iter()
            .map(|item| {
                let delta = |field: &str| item[field].as_i64().unwrap();
                (item["cause"].as_str().unwrap(), delta("onHandDelta"), delta("reservedDelta"))
            })
            .collect();
        assert_eq!(
            moved,
            [
                ("policyChanged", 0, 0),
                ("counted", 2, 0),
                ("adjusted", -1, 0),
                ("cancelled", 0, -1),
                ("reserved", 0, 1),
                ("committed", -2, -3),
                ("reserved", 0, 3),
                ("received", 9, 0),
            ]
        );
        let versions: Vec<_> = told.iter().map(|item| item["version"].as_u64().unwrap()).collect();
        assert_eq!(versions, [8, 7, 6, 5, 4, 3, 2, 1]);
        let first = &told[7];
        assert_eq!((&first["actor"], &first["reason"], &first["reference"]), (&json!("user:maria"), &json!("Delivery"), &json!("D-1")));
        assert_eq!((&told[3]["actor"], &told[3]["reason"]), (&json!("till:4711"), &json!("Changed mind")));
        assert_eq!((&told[5]["reference"], &told[5]["reservationId"]), (&json!("T-1"), &json!(crate::app::reservation(1))));
    })
    .await;
}

#[tokio::test]
async fn a_deadline_that_passed_is_news_although_nothing_was_recorded() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 2).await.expect(201);
        let path = path(1, "?consistency=strong");
        let before = app.get(&path).await.expect(200);
        app.clock.move_seconds(60);
        let tag = [("if-none-match", before.header("etag"))];
        let after = app.send(Method::GET, &path, &tag, None).await.expect(200);
        assert_eq!((&before.body["available"], &after.body["available"]), (&json!(3), &json!(5)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_written_is_read_back_at_once_while_others_write_without_pause() {
    on_each_store(async |app| {
        let mut clients = JoinSet::new();
        for client in 1..=8 {
            let app = app.clone();
            clients.spawn(async move {
                for version in 1..=100 {
                    let body = about(client, json!({"quantity": 1}));
                    let added = app.post("/stock", body).await.expect(201);
                    if client == 1 {
                        let query = format!("?minPosition={}", added.body["position"]);
                        let read = app.get(&path(client, &query)).await.expect(200);
                        assert_eq!(read.body["version"], version);
                    }
                }
            });
        }
        clients.join_all().await;
    })
    .await;
}

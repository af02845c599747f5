//! Repeated requests have one effect, however they are repeated.

use http::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::app::{Answer, App, about, on_each_store, reservation};

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer() {
    on_each_store(async |app| {
        let calls = [
            ("/stock", about(1, json!({"quantity": 9})), 201),
            ("/adjust", about(1, json!({"delta": -1, "reason": "Theft"})), 200),
            ("/count", about(1, json!({"counted": 7})), 200),
            ("/policy", about(1, json!({"safetyStock": 1})), 200),
            ("/reserve", about(1, json!({"quantity": 1})), 201),
        ];
        let mut firsts = Vec::new();
        for (path, body, status) in &calls {
            let first =
                app.post_with_key(path, &format!("key{path}"), body.clone()).await.expect(*status);
            assert!(!first.is_replayed());
            firsts.push(first);
        }
        for ((path, body, status), first) in calls.iter().zip(&firsts) {
            let again =
                app.post_with_key(path, &format!("key{path}"), body.clone()).await.expect(*status);
            assert!(again.is_replayed(), "{path}");
            assert_eq!(again.body, first.body);
        }
        assert_eq!(app.units(1).await, [7, 1, 6]);
        // whatever happens to the stock level since, the answer stays
        let id = firsts[4].body["reservationId"].clone();
        let end = json!({"reservationId": id, "transactionId": "T-1"});
        let sold = app.post_with_key("/commit", "c", end.clone()).await.expect(200);
        let reserved =
            app.post_with_key("/reserve", "key/reserve", calls[4].1.clone()).await.expect(201);
        assert_eq!(reserved.body, firsts[4].body);
        assert_eq!(app.post_with_key("/commit", "c", end).await.expect(200).body, sold.body);
        assert_eq!(app.units(1).await, [6, 0, 6]);
    })
    .await;
}

#[tokio::test]
async fn a_key_used_for_something_else_is_refused() {
    on_each_store(async |app| {
        app.post_with_key("/stock", "k", about(1, json!({"quantity": 5}))).await.expect(201);
        let others = [
            ("/stock", about(1, json!({"quantity": 6}))),
            ("/stock", about(2, json!({"quantity": 5}))),
            ("/stock", about(1, json!({"quantity": 5, "reason": "x"}))),
            ("/reserve", about(1, json!({"quantity": 5}))),
        ];
        for (path, body) in others {
            app.post_with_key(path, "k", body).await.problem(422, "idempotency-key-reused");
        }
        assert_eq!(app.units(1).await, [5, 0, 5]);
        // another key is another request
        app.post_with_key("/stock", "l", about(1, json!({"quantity": 5}))).await.expect(201);
        assert_eq!(app.units(1).await, [10, 0, 10]);
    })
    .await;
}

#[tokio::test]
async fn a_body_spelt_otherwise_is_the_same_request() {
    on_each_store(async |app| {
        let first =
            app.post_with_key("/stock", "k", about(1, json!({"quantity": 5}))).await.expect(201);
        let body = about(1, json!({"quantity": 5}));
        let spelt = format!(
            "{{\n \"quantity\" : 5, \"productId\":{},\t\"storeId\":{} }}",
            body["productId"], body["storeId"]
        );
        let request = http::Request::post("/api/v1/inventory/stock")
            .header("content-type", "application/json; charset=utf-8")
            .header("idempotency-key", "k");
        let again = app.call(request.body(spelt.into()).unwrap()).await.expect(201);
        assert!(again.is_replayed());
        assert_eq!(again.body, first.body);
    })
    .await;
}

/// Sends the same request 50 times concurrently.
async fn fifty_times(
    app: &App,
    path: &'static str,
    key: Option<&'static str>,
    body: Value,
) -> Vec<Answer> {
    let mut sending = JoinSet::new();
    for _ in 0..50 {
        let (app, body) = (app.clone(), body.clone());
        sending.spawn(async move {
            match key {
                Some(key) => app.post_with_key(path, key, body).await,
                None => app.post(path, body).await,
            }
        });
    }
    sending.join_all().await
}

#[track_caller]
fn assert_one_effect(answers: &[Answer], status: u16) {
    assert_eq!(answers.len(), 50);
    for answer in answers {
        assert_eq!((answer.status.as_u16(), &answer.body), (status, &answers[0].body));
    }
    assert_eq!(answers.iter().filter(|answer| !answer.is_replayed()).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_at_once_have_one_effect_and_equal_answers() {
    on_each_store(async |app| {
        let added = fifty_times(app, "/stock", Some("k"), about(1, json!({"quantity": 5}))).await;
        assert_one_effect(&added, 201);
        let reserve = about(1, json!({"quantity": 2}));
        let held = fifty_times(app, "/reserve", Some("r"), reserve).await;
        assert_one_effect(&held, 201);
        let chosen = about(1, json!({"quantity": 1, "reservationId": reservation(1)}));
        assert_one_effect(&fifty_times(app, "/reserve", None, chosen).await, 201);
        assert_eq!(app.units(1).await, [5, 3, 2]);

        let end = json!({"reservationId": held[0].body["reservationId"], "transactionId": "T"});
        assert_one_effect(&fifty_times(app, "/commit", Some("c"), end).await, 200);
        // without a key the transaction says that it is the same sale
        let end = json!({"reservationId": reservation(1), "transactionId": "T"});
        let sold = fifty_times(app, "/commit", None, end).await;
        assert!(sold.iter().all(|answer| answer.status == 200));
        assert_eq!(sold.iter().filter(|answer| !answer.is_replayed()).count(), 1);
        assert_eq!(app.units(1).await, [2, 0, 2]);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_is_not_kept() {
    on_each_store(async |app| {
        app.add(1, 1).await;
        let body = about(1, json!({"quantity": 2}));
        app.post_with_key("/reserve", "k", body.clone()).await.problem(409, "insufficient-stock");
        app.add(1, 1).await;
        let held = app.post_with_key("/reserve", "k", body).await.expect(201);
        assert!(!held.is_replayed());
    })
    .await;
}

#[tokio::test]
async fn a_key_is_kept_for_a_day() {
    on_each_store(async |app| {
        let body = about(1, json!({"quantity": 5}));
        app.post_with_key("/stock", "k", body.clone()).await.expect(201);
        app.clock.move_seconds(24 * 3_600 - 1);
        assert!(app.post_with_key("/stock", "k", body.clone()).await.expect(201).is_replayed());
        app.clock.move_seconds(1);
        assert!(!app.post_with_key("/stock", "k", body).await.expect(201).is_replayed());
        assert_eq!(app.units(1).await, [10, 0, 10]);
    })
    .await;
}

#[tokio::test]
async fn an_unusable_key_is_refused() {
    on_each_store(async |app| {
        let longest = "k".repeat(255);
        let body = about(1, json!({"quantity": 5}));
        for key in ["", "two words", &format!("{longest}k")] {
            app.post_with_key("/stock", key, body.clone()).await.problem(400, "bad-request");
        }
        app.post_with_key("/stock", &longest, body).await.expect(201);
        assert_eq!(app.units(1).await, [5, 0, 5]);
    })
    .await;
}

#[tokio::test]
async fn two_keys_on_one_request_are_refused() {
    on_each_store(async |app| {
        let body = about(1, json!({"quantity": 5}));
        let keys = [("idempotency-key", "k"), ("idempotency-key", "l")];
        let problem = app.send(Method::POST, "/stock", &keys, Some(body.clone())).await;
        let problem = problem.problem(400, "bad-request");
        assert_eq!(problem["detail"], "header idempotency-key is there 2 times, send one");
        assert!(!app.post_with_key("/stock", "l", body).await.expect(201).is_replayed());
        assert_eq!(app.units(1).await, [5, 0, 5]);
    })
    .await;
}

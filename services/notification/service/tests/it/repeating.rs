//! Registrations that are sent twice under one `Idempotency-Key` make one thing.

use http::Method;
use kit_core::{Clock as _, SystemClock};
use kit_testkit::http::Answer;
use serde_json::{Value, json};

use crate::app::{App, World, of_stock};
use crate::channels::{by_sms, through};
use crate::receiver::Receiver;

async fn start(provider: &Receiver) -> App {
    let world = World::at(SystemClock.now());
    App::start_with(world, "127.0.0.0/8", through(provider)).await.api()
}

/// What can be registered: where, with what, and with what else.
fn registrations(receiver: &Receiver) -> [(&'static str, Value, Value); 3] {
    let rule = json!({"kind": "low-stock", "threshold": 50});
    [
        ("/webhooks", of_stock(&receiver.url), of_stock(&format!("{}other", receiver.url))),
        ("/subscriptions", by_sms(json!({})), by_sms(json!({"groupingSeconds": 60}))),
        ("/alert-rules", rule, json!({"kind": "low-stock", "threshold": 60})),
    ]
}

fn location(answer: &Answer) -> &str {
    answer.header("location")
}

async fn count(app: &App, path: &str) -> usize {
    app.get(path).await.expect(200).body["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn what_is_sent_twice_under_a_key_is_made_once() {
    let receiver = Receiver::start().await;
    let mut app = start(&receiver).await;
    for (path, body, other) in registrations(&receiver) {
        let before = count(&app, path).await;
        let first = app.post_with_key(path, "k-1", body.clone()).await.expect(201);
        assert!(first.headers.get("idempotency-replayed").is_none(), "{path}");
        // also after a restart, in which nothing of memory is left
        app = App::start_with(app.shut_down().await, "127.0.0.0/8", through(&receiver)).await.api();
        let second = app.post_with_key(path, "k-1", body.clone()).await.expect(201);
        assert_eq!(second.header("idempotency-replayed"), "true", "{path}");
        assert_eq!(location(&first), location(&second), "{path}");
        let mut shown = first.body.clone();
        // shown once
        shown.as_object_mut().unwrap().remove("secret");
        assert_eq!(second.body, shown, "{path}");
        assert_eq!(count(&app, path).await, before + 1, "{path}");
        let told =
            app.post_with_key(path, "k-1", other).await.problem(422, "idempotency-key-reused");
        let id = location(&first).rsplit('/').next().unwrap();
        assert!(told["detail"].as_str().unwrap().contains(id), "{told}");
        assert_eq!(count(&app, path).await, before + 1, "{path}");

        let another = app.post_with_key(path, "k-2", body.clone()).await.expect(201);
        let none = app.post(path, body).await.expect(201);
        assert!(location(&another) != location(&first) && location(&none) != location(&first));
        assert_eq!(count(&app, path).await, before + 3, "{path}");
    }
    app.shut_down().await;
}

#[tokio::test]
async fn requests_that_come_at_once_under_a_key_make_one_thing() {
    let receiver = Receiver::start().await;
    let app = start(&receiver).await;
    for (path, body, _) in registrations(&receiver) {
        let before = count(&app, path).await;
        let post = || app.post_with_key(path, "k", body.clone());
        let (one, two, three) = tokio::join!(post(), post(), post());
        let answers = [one, two, three].map(|answer| answer.expect(201));
        assert!(answers.iter().all(|answer| location(answer) == location(&answers[0])), "{path}");
        assert_eq!(count(&app, path).await, before + 1, "{path}");
        for answer in &answers {
            assert_eq!(answer.body["version"], 1, "{path}: {}", answer.body);
        }
    }
    app.shut_down().await;
}

#[tokio::test]
async fn what_was_changed_since_is_answered_as_it_is_and_what_is_gone_is_made_again() {
    let receiver = Receiver::start().await;
    let app = start(&receiver).await;
    for (path, body, other) in registrations(&receiver) {
        let first = app.post_with_key(path, "k", body.clone()).await.expect(201);
        let one = location(&first).strip_prefix("/api/v1").unwrap().to_owned();
        app.put(&one, other).await.expect(200);
        let again = app.post_with_key(path, "k", body.clone()).await.expect(201).body;
        assert_eq!(again["version"], 2, "{again}");
        app.send(Method::DELETE, &one, &[], None).await.expect(204);
        let anew = app.post_with_key(path, "k", body).await;
        if path == "/webhooks" {
            // its history is kept, and goes on for nobody
            let told = anew.problem(422, "idempotency-key-reused");
            assert!(told["detail"].as_str().unwrap().contains("was removed"), "{told}");
            continue;
        }
        let anew = anew.expect(201);
        assert!(anew.headers.get("idempotency-replayed").is_none() && anew.body["version"] == 1);
    }
    app.shut_down().await;
}

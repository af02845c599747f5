//! Secrets: shown once, changed without missing a message.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::app::App;
use crate::receiver::Receiver;

#[tokio::test]
async fn a_rotated_secret_is_good_for_as_long_as_was_said() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let (id, old) = app.register(&receiver.url).await;
    let rotate = format!("/{id}/rotate-secret");
    let rotated = app.post(&rotate, json!({"overlapSeconds": 3600})).await.expect(200).body;
    let new = rotated["secret"].as_str().unwrap().to_owned();
    assert!(new != old && rotated["previousSecretValidUntil"].is_string(), "{rotated}");
    app.happen("level-7-1", 1).await;
    let both = receiver.nth(1).await;
    assert!(both.is_signed_with(&old) && both.is_signed_with(&new));
    app.world.clock.move_seconds(3_601);
    app.happen("level-7-2", 1).await;
    let later = receiver.nth(2).await;
    assert!(!later.was_signed_with(&old) && later.was_signed_with(&new));
    app.post(&rotate, json!({"overlapSeconds": 0})).await.expect(200);
    app.happen("level-7-3", 1).await;
    assert!(!receiver.nth(3).await.was_signed_with(&new), "without an overlap it ends at once");
    app.post(&rotate, json!({"overlapSeconds": 604_801})).await.problem(422, "invalid");
    app.shut_down().await;
}

#[tokio::test]
async fn a_secret_is_shown_when_it_is_made_and_never_again() {
    let (app, receiver) = (App::start().await, Receiver::start().await);
    let (id, secret) = app.register(&receiver.url).await;
    app.happen("level-7-1", 1).await;
    app.await_newest(&id, |one| one["state"] == "delivered").await;
    for path in ["", &format!("/{id}"), &format!("/{id}/history"), &format!("/{id}/deliveries")] {
        let answer = app.get(path).await.expect(200);
        assert!(
            !answer.text.contains(&secret) && !answer.text.contains("whsec_"),
            "{}",
            answer.text
        );
    }
    app.shut_down().await;
}

#[tokio::test]
async fn nobody_else_on_the_machine_reads_secrets() {
    let app = App::start().await;
    let folder = app.world.folder.path().join("notification").metadata().unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
}

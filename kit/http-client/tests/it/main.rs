//! Questions to a service whose processes hang, are slow, wrong or away.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod guarded;
mod tls;

use std::time::Duration;

use kit_http_client::{CallError, ServiceClient};
use kit_testkit::faulty_server::{FaultyServer, Manner};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

const PATH: &str = "/ask";

/// Time for a question that is not answered.
const TIME: Duration = Duration::from_millis(100);

/// Time for a question that is answered: enough on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(10);

/// Failures in a row after which a process is left alone.
const FAILURES: usize = 5;

fn well() -> Manner {
    Manner::Answers("200 OK", r#"{"answer":42}"#.into())
}

fn client(servers: &[&FaultyServer]) -> ServiceClient {
    let urls = servers.iter().map(|server| server.url.parse().unwrap());
    ServiceClient::new("store", urls.collect())
}

async fn ask(client: &ServiceClient) -> Result<Value, CallError> {
    ask_for(client, PATIENCE).await
}

async fn ask_for(client: &ServiceClient, time: Duration) -> Result<Value, CallError> {
    client.ask(PATH, &json!({"question": 7}), time).await
}

#[tokio::test]
async fn a_question_is_a_post_of_json_with_the_time_that_is_left() {
    let server = FaultyServer::start(well()).await;
    assert_eq!(ask(&client(&[&server])).await.unwrap(), json!({"answer": 42}));
    let heard = server.last();
    assert!(heard.starts_with("POST /ask HTTP/1.1\r\n"), "{heard}");
    assert!(heard.ends_with("\r\n\r\n{\"question\":7}"), "{heard}");
    let left = heard.split("x-request-timeout-ms: ").nth(1).unwrap();
    let left: u64 = left.lines().next().unwrap().parse().unwrap();
    assert!((9_000..=10_000).contains(&left), "{left}");
}

#[tokio::test]
async fn a_question_brings_the_key_that_there_is_when_it_is_asked() {
    let server = FaultyServer::start(well()).await;
    let mut keys = vec![Some("gk_2"), None, Some("gk_1")].into_iter();
    let keys = std::sync::Mutex::new(move || keys.next_back().flatten());
    let client = client(&[&server])
        .showing(Box::new(move || (keys.lock().unwrap())().map(http::HeaderValue::from_static)));
    for key in [Some("x-api-key: gk_1\r\n"), None, Some("x-api-key: gk_2\r\n")] {
        ask(&client).await.unwrap();
        let heard = server.last();
        assert_eq!(heard.contains("x-api-key"), key.is_some(), "{heard}");
        assert!(key.is_none_or(|key| heard.contains(key)), "{heard}");
    }
}

#[tokio::test]
async fn a_process_that_fails_again_and_again_is_left_alone_then_asked_once_then_trusted() {
    let failing = [
        Manner::Hangs,
        Manner::Slow(TIME * 3, Box::new(well())),
        Manner::Answers("500 Internal Server Error", "{}".into()),
        Manner::Answers("503 Service Unavailable", "{}".into()),
        Manner::Answers("200 OK", "{".into()),
        Manner::BreaksOff,
    ];
    for manner in failing {
        let server = FaultyServer::start(manner.clone()).await;
        let client = client(&[&server]);
        for _ in 0..FAILURES {
            let begun = Instant::now();
            let told = ask_for(&client, TIME).await.unwrap_err();
            assert!(matches!(told, CallError::Unanswered { .. }), "{manner:?}: {told}");
            assert!(begun.elapsed() < PATIENCE / 2, "{manner:?}: {:?}", begun.elapsed());
        }
        let heard = server.heard();
        assert_eq!(ask(&client).await, Err(CallError::LeftAlone("store")), "{manner:?}");
        assert_eq!(server.heard(), heard, "{manner:?}");
        // half a second later one question passes, and of many at once only one
        sleep(Duration::from_millis(550)).await;
        let many = (0..20).map(|_| ask_for(&client, TIME));
        futures_util::future::join_all(many).await;
        assert_eq!(server.heard(), heard + 1, "{manner:?}: a single probe");
        // it failed, so the next waits twice as long; it succeeds
        server.now(well());
        assert!(ask(&client).await.is_err());
        sleep(Duration::from_millis(1_050)).await;
        for _ in 0..3 {
            ask(&client).await.unwrap();
        }
    }
}

#[tokio::test]
async fn another_process_answers_for_one_that_does_not() {
    for manner in [Manner::Hangs, Manner::BreaksOff] {
        let (bad, good) = (FaultyServer::start(manner).await, FaultyServer::start(well()).await);
        let client = client(&[&bad, &good]);
        for _ in 0..20 {
            ask_for(&client, PATIENCE / 10).await.unwrap();
        }
        assert!(bad.heard() <= FAILURES, "{}", bad.heard());
    }
}

#[tokio::test]
async fn repetitions_are_a_tenth_of_the_questions_at_most() {
    const QUESTIONS: usize = 1_000;
    /// What may come at once beside that tenth.
    const AT_ONCE: usize = 16;
    // failures and successes in turn, so that no breaker opens
    let servers = [FaultyServer::start(well()).await, FaultyServer::start(well()).await];
    let client = client(&[&servers[0], &servers[1]]);
    let mut failed = 0;
    for number in 0..QUESTIONS {
        let bad = Manner::Answers("500 Internal Server Error", "{}".into());
        for server in &servers {
            server.now(if number % 4 == 0 { bad.clone() } else { well() });
        }
        failed += usize::from(ask(&client).await.is_err());
    }
    assert_eq!(failed, QUESTIONS / 4, "both fail together");
    let heard: usize = servers.iter().map(FaultyServer::heard).sum();
    assert!(heard > QUESTIONS, "none was repeated");
    assert!(heard <= QUESTIONS + QUESTIONS / 10 + AT_ONCE, "{heard}");
}

#[tokio::test]
async fn too_many_questions_at_once_are_not_asked() {
    let server = FaultyServer::start(Manner::Slow(TIME, Box::new(well()))).await;
    let client = client(&[&server]);
    let answers = futures_util::future::join_all((0..200).map(|_| ask(&client))).await;
    let refused = answers.iter().filter(|answer| **answer == Err(CallError::TooMany("store")));
    assert_eq!(refused.count(), 200 - 64);
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 64);
    assert_eq!(server.heard(), 64, "those that were refused have not been asked");
    ask(&client).await.unwrap();
}

#[tokio::test]
async fn askers_who_leave_say_nothing_of_the_process() {
    let server = FaultyServer::start(Manner::Hangs).await;
    let client = client(&[&server]);
    for _ in 0..FAILURES * 2 {
        let left = tokio::time::timeout(Duration::from_millis(5), ask(&client)).await;
        assert!(left.is_err());
    }
    server.now(well());
    ask(&client).await.unwrap();
}

//! Requests to addresses that others chose: a trap inside is never reached, and no answer takes long.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kit_http_client::{AllowedPlaces, AnswerLimits, GuardedAnswer, GuardedClient, GuardedError};
use kit_testkit::faulty_server::{FaultyServer, Manner};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::Instant;

const LIMITS: AnswerLimits = AnswerLimits { time: Duration::from_secs(10), body_bytes: 8 };

async fn post(allowed: &[&str], url: &str) -> Result<GuardedAnswer, GuardedError> {
    post_within(allowed, url, LIMITS).await
}

async fn post_within(
    allowed: &[&str],
    url: &str,
    limits: AnswerLimits,
) -> Result<GuardedAnswer, GuardedError> {
    let places: Result<AllowedPlaces, _> = allowed.iter().map(|one| one.parse()).collect();
    let allowed = places.unwrap();
    let client = GuardedClient::new(allowed).unwrap();
    client.post(url, Vec::new(), "{}".into(), limits).await
}

/// Counts connections, which nobody is to make.
async fn trap() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, hits) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&hits);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (port, hits)
}

#[tokio::test]
async fn a_trap_inside_is_never_connected_to_by_address_or_by_name() {
    let (port, hits) = trap().await;
    // a network is allowed that the trap is not in, so that names are looked up without TLS
    let allowed = ["192.0.2.0/24"];
    let hosts = [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "2130706433",
        "0x7f000001",
        "127.1",
        "0177.0.0.1",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "[::]",
        "[::1]",
    ];
    for host in hosts {
        let refused = post(&allowed, &format!("http://{host}:{port}/")).await.unwrap_err();
        // a name in a form that the machine does not know is found nowhere
        let is_known =
            matches!(&refused, GuardedError::Refused(why) if why.contains("is not to be reached"));
        let is_nowhere =
            matches!(&refused, GuardedError::Unanswered(why) if why.contains("lookup"));
        assert!(is_known || is_nowhere, "{host}: {refused:?}");
    }
    let by_name = post(&allowed, &format!("http://localhost:{port}/")).await.unwrap_err();
    assert!(matches!(by_name, GuardedError::Refused(_)), "{by_name:?}");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(hits.load(Ordering::SeqCst), 0);
    // the trap works: where it is allowed it is reached
    let short = AnswerLimits { time: Duration::from_secs(1), ..LIMITS };
    let reached = post_within(&["127.0.0.0/8"], &format!("http://127.0.0.1:{port}/"), short).await;
    assert!(matches!(reached, Err(GuardedError::Unanswered(_))), "{reached:?}");
    assert_eq!(hits.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_is_allowed_is_reached_by_address_and_by_name() {
    let server = FaultyServer::start(Manner::Answers("200 OK", "0123456789".into())).await;
    let port = server.url.rsplit(':').next().unwrap();
    for (allowed, host) in [("127.0.0.1/32", "127.0.0.1"), ("localhost", "localhost")] {
        let answer = post(&[allowed], &format!("http://{host}:{port}/hook")).await.unwrap();
        assert_eq!((answer.status, &*answer.beginning), (200, &b"01234567"[..]));
        assert!(server.last().starts_with("POST /hook HTTP/1.1\r\n"), "{}", server.last());
    }
    assert_eq!(server.heard(), 2);
}

#[tokio::test]
async fn plain_http_and_other_schemes_are_refused_without_asking_anybody() {
    for url in [
        "http://shop.example/",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "/relative",
        "gopher://a/",
    ] {
        let refused = post(&[], url).await.unwrap_err();
        assert!(matches!(refused, GuardedError::Refused(_)), "{url}: {refused:?}");
    }
}

#[tokio::test]
async fn a_redirection_is_an_answer_and_nobody_follows_it() {
    let (port, hits) = trap().await;
    let status = format!("302 Found\r\nlocation: http://127.0.0.1:{port}/");
    let server = FaultyServer::start(Manner::Answers(status.leak(), String::new())).await;
    let answer = post(&["127.0.0.0/8"], &server.url).await.unwrap();
    assert_eq!(answer.status, 302);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_answer_that_does_not_come_or_end_takes_no_longer_than_it_may() {
    let limits = AnswerLimits { time: Duration::from_millis(1_500), body_bytes: 1 << 20 };
    let server = FaultyServer::start(Manner::Hangs).await;
    let began = Instant::now();
    let late = post_within(&["127.0.0.0/8"], &server.url, limits).await.unwrap_err();
    assert!(late.to_string().contains("no answer within 1500 ms"), "{late}");
    // a body of which most never comes
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 1_024];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nab";
        stream.write_all(head.as_bytes()).await.unwrap();
        std::future::pending::<()>().await;
    });
    let answer = post_within(&["127.0.0.0/8"], &url, limits).await.unwrap();
    assert_eq!((answer.status, &*answer.beginning), (200, &b"ab"[..]));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

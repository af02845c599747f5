//! What the standard layers do around every request.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use http::{HeaderValue, StatusCode};
use http_body_util::channel::Channel;
use kit_http::{AllowedHosts, ETag, HttpConfig, Json, Problem, RequestContext, standard_layers};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, call, fetch, post_json};

async fn whoami(context: RequestContext) -> Json<Value> {
    Json(json!({
        "requestId": context.request_id.as_str(),
        "correlationId": context.correlation_id,
        "actor": context.actor.as_str(),
    }))
}

async fn endless() -> Body {
    let (mut sender, body) = Channel::<Bytes>::new(1);
    tokio::spawn(async move {
        for _ in 0..2 {
            tokio::time::sleep(Duration::from_mins(1)).await;
            let _ = sender.send_data(Bytes::from(vec![b'x'; 2_000])).await;
        }
    });
    Body::new(body)
}

async fn panics(request: Request) -> StatusCode {
    assert!(request.uri().query().is_some(), "secret shelf");
    std::panic::panic_any(7_u8)
}

fn routes() -> Router {
    let large = |bytes: usize| async move { Json("x".repeat(bytes)) };
    Router::new()
        .route("/whoami", get(whoami))
        .route("/small", get(move || large(500)))
        .route("/large", get(move || large(5_000)))
        .route("/tagged", get(|| async { ([("etag", ETag::strong(3).header_value())], "x") }))
        .route("/own", get(|| async { ([("cache-control", "max-age=5")], "x") }))
        .route("/bare", get(|| async { StatusCode::TOO_MANY_REQUESTS }))
        .route("/panics", get(panics))
        .route("/stuck", get(std::future::pending::<()>))
        .route("/endless", get(endless))
        .route("/broken", get(|| async { Problem::internal("password=hunter2") }))
        .route(
            "/busy",
            get(|| async { Problem::unavailable("busy", Duration::from_millis(1_500)) }),
        )
        .route("/echo", post(|Json(any): Json<Value>| async move { Json(any) }))
        .route(
            "/bulk",
            post(|Json(any): Json<Value>| async move { Json(any.to_string().len()) })
                .layer(DefaultBodyLimit::max(1_000_000)),
        )
}

fn app() -> Router {
    standard_layers(routes(), HttpConfig::default())
}

async fn with_header(name: &str, value: &[u8]) -> Answer {
    let value = HeaderValue::from_bytes(value).unwrap();
    call(&app(), Request::get("/whoami").header(name, value).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_request_id_is_taken_over_and_echoed() {
    let id = "0199aa00-0000-7000-8000-000000000001";
    let answer = with_header("x-request-id", id.as_bytes()).await;
    assert_eq!(answer.header("x-request-id"), id);
    assert_eq!(answer.body["requestId"], id);
    assert_eq!(answer.body["correlationId"], id);

    let first = with_header("x-request-id", b"till-4711").await;
    assert_eq!(first.header("x-request-id"), "till-4711");
    let again = with_header("x-request-id", b"till-4711").await;
    let other = with_header("x-request-id", b"till-4712").await;
    assert_eq!(first.body["correlationId"], again.body["correlationId"]);
    assert_ne!(first.body["correlationId"], other.body["correlationId"]);
}

#[tokio::test]
async fn an_unusable_request_id_is_replaced() {
    let mut seen = std::collections::HashSet::new();
    for bad in [&b""[..], b"a b", b"\xff", "é".as_bytes(), b"a\tb", &[b'x'; 129]] {
        let answer = with_header("x-request-id", bad).await;
        assert_eq!(answer.status, 200);
        let id: Uuid = answer.header("x-request-id").parse().unwrap();
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(answer.body["correlationId"], id.to_string());
        assert!(seen.insert(id), "ids are unique");
    }
    assert_eq!(with_header("x-request-id", &[b'x'; 128]).await.header("x-request-id").len(), 128);
}

#[tokio::test]
async fn the_actor_is_stated_or_api() {
    assert_eq!(fetch(&app(), "/whoami").await.body["actor"], "api");
    assert_eq!(with_header("x-actor", b"till:4711/3").await.body["actor"], "till:4711/3");
    assert_eq!(with_header("x-actor", "user:josé".as_bytes()).await.body["actor"], "user:josé");
    for bad in [&b""[..], b"\xff", b"a\tb", &[b'x'; 101], b"system:sweeper"] {
        let answer = with_header("x-actor", bad).await;
        assert_eq!(answer.status, 400, "{bad:?}");
        assert_eq!(answer.problem_code(), "bad-request");
        assert!(answer.body["detail"].to_string().contains("x-actor"));
        assert!(!answer.header("x-request-id").is_empty());
    }
}

#[tokio::test]
async fn a_request_to_another_name_is_refused_before_anything_is_done() {
    let hosts = Some(AllowedHosts::loopback_and(["stock.example".to_owned()]));
    let app = standard_layers(routes(), HttpConfig { hosts, ..HttpConfig::default() });
    let ask = async |host: &str| {
        let request = Request::post("/echo").header("host", host);
        let request = request.header("content-type", "application/json").body("1".into()).unwrap();
        call(&app, request).await
    };
    for host in ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "stock.example"] {
        assert_eq!(ask(host).await.status, 200, "{host}");
    }
    let refused = ask("evil.example:8000").await;
    assert!(!refused.header("x-request-id").is_empty());
    let detail = refused.problem(421, "misdirected-request")["detail"].to_string();
    assert!(detail.contains("--allow-host evil.example"), "{detail}");
}

#[tokio::test]
async fn of_two_actors_or_request_ids_none_is_picked() {
    let twice = async |name: &str, values: [&str; 2]| {
        let request = Request::get("/whoami").header(name, values[0]).header(name, values[1]);
        call(&app(), request.body(Body::empty()).unwrap()).await
    };
    let answer = twice("x-actor", ["till:1", "till:2"]).await;
    assert_eq!((answer.status.as_u16(), answer.problem_code()), (400, "bad-request"));
    let answer = twice("x-request-id", ["one", "two"]).await;
    assert_eq!(answer.status, 200);
    assert!(Uuid::parse_str(answer.header("x-request-id")).is_ok());
}

#[tokio::test]
async fn unknown_routes_and_methods_are_problems() {
    let answer = fetch(&app(), "/nowhere").await;
    assert_eq!((answer.status.as_u16(), answer.problem_code()), (404, "not-found"));
    assert!(!answer.header("x-request-id").is_empty());

    let answer = post_json(&app(), "/whoami", "{}").await;
    assert_eq!((answer.status.as_u16(), answer.problem_code()), (405, "method-not-allowed"));
    assert_eq!(answer.header("allow"), "GET,HEAD");

    assert_eq!(fetch(&app(), "/bare").await.body["title"], "Too Many Requests");
}

#[tokio::test]
async fn answers_carry_the_safe_headers() {
    let plain = fetch(&app(), "/small").await;
    assert_eq!(plain.header("x-content-type-options"), "nosniff");
    assert_eq!(plain.header("cache-control"), "no-store");
    assert_eq!(fetch(&app(), "/tagged").await.header("cache-control"), "no-cache");
    assert_eq!(fetch(&app(), "/own").await.header("cache-control"), "max-age=5");
    assert_eq!(fetch(&app(), "/nowhere").await.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn a_panic_is_a_500_without_its_text() {
    for uri in ["/panics", "/panics?with=a-number", "/broken"] {
        let answer = fetch(&app(), uri).await;
        assert_eq!(answer.status, 500);
        assert_eq!(answer.problem_code(), "internal");
        let text = answer.text;
        assert!(!text.contains("secret") && !text.contains("hunter2"), "{text}");
    }
}

#[tokio::test]
async fn retry_after_is_in_whole_seconds() {
    let answer = fetch(&app(), "/busy").await;
    assert_eq!((answer.status.as_u16(), answer.problem_code()), (503, "unavailable"));
    assert_eq!(answer.header("retry-after"), "2");
}

#[tokio::test(start_paused = true)]
async fn a_handler_has_a_deadline_but_a_stream_has_not() {
    let answer = fetch(&app(), "/stuck").await;
    assert_eq!((answer.status.as_u16(), answer.problem_code()), (503, "deadline-exceeded"));
    assert_eq!(answer.header("retry-after"), "1");

    let answer = fetch(&app(), "/endless").await;
    assert_eq!((answer.status.as_u16(), answer.bytes.len()), (200, 4_000));
}

#[tokio::test(start_paused = true)]
async fn a_caller_may_wait_for_less_but_not_for_more() {
    let stuck = async |millis| {
        let request = Request::get("/stuck").header("x-request-timeout-ms", millis);
        call(&app(), request.body(Body::empty()).unwrap()).await
    };
    let detail = |answer: Answer| {
        assert_eq!(answer.problem_code(), "deadline-exceeded");
        answer.body["detail"].to_string()
    };
    let told = detail(stuck("250").await);
    assert!(told.contains("no answer within 250 ms;"), "{told}");
    for other in ["3600000", "soon"] {
        let told = detail(stuck(other).await);
        assert!(told.contains("no answer within 30 s;"), "{told}");
    }
}

#[tokio::test]
async fn bodies_are_limited_declared_or_chunked() {
    let text = |bytes: usize| format!("\"{}\"", "x".repeat(bytes - 2));
    assert_eq!(post_json(&app(), "/echo", text(256 * 1024)).await.status, 200);
    let answer = post_json(&app(), "/echo", text(256 * 1024 + 1)).await;
    assert_eq!((answer.status.as_u16(), answer.problem_code()), (413, "payload-too-large"));

    let (mut sender, chunked) = Channel::<Bytes>::new(1);
    tokio::spawn(
        async move { while sender.send_data(Bytes::from(vec![b' '; 8_192])).await.is_ok() {} },
    );
    let chunked = Body::new(chunked);
    let answer = post_json(&app(), "/echo", chunked).await;
    assert_eq!((answer.status.as_u16(), answer.problem_code()), (413, "payload-too-large"));

    assert_eq!(post_json(&app(), "/bulk", text(900_000)).await.status, 200);
    assert_eq!(post_json(&app(), "/bulk", text(1_000_001)).await.status, 413);
}

#[tokio::test]
async fn long_answers_are_compressed_for_who_can_read_it() {
    let accepting = |uri: &'static str, accept: &'static str| async move {
        let request = Request::get(uri).header("accept-encoding", accept);
        call(&app(), request.body(Body::empty()).unwrap()).await
    };
    let answer = accepting("/large", "br, gzip").await;
    assert_eq!(answer.header("content-encoding"), "gzip");
    assert_eq!(answer.header("vary"), "accept-encoding");
    assert!(answer.bytes.starts_with(&[0x1f, 0x8b]) && answer.bytes.len() < 500);

    let answer = accepting("/large", "identity").await;
    assert_eq!(answer.header("content-encoding"), "");
    assert_eq!(answer.header("vary"), "accept-encoding");
    assert_eq!(answer.body, "x".repeat(5_000));

    let answer = accepting("/small", "gzip").await;
    assert_eq!((answer.header("content-encoding"), answer.header("vary")), ("", ""));
}

#[tokio::test(start_paused = true)]
async fn streams_are_not_compressed() {
    let request = Request::get("/endless").header("accept-encoding", "gzip");
    let answer = call(&app(), request.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.header("content-encoding"), answer.bytes.len()), ("", 4_000));
}

#[tokio::test]
async fn other_origins_are_served_only_when_configured() {
    let preflight = |origins: Vec<HeaderValue>| async move {
        let config = HttpConfig { cors_origins: origins, ..HttpConfig::default() };
        let request = Request::options("/echo")
            .header("origin", "https://shop.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type");
        call(&standard_layers(routes(), config), request.body(Body::empty()).unwrap()).await
    };
    let origin = HeaderValue::from_static;
    let allowed = "access-control-allow-origin";
    assert_eq!(preflight(vec![]).await.status, 405);
    assert_eq!(preflight(vec![]).await.header(allowed), "");
    assert_eq!(preflight(vec![origin("*")]).await.header(allowed), "*");
    assert_eq!(preflight(vec![origin("https://evil.example")]).await.header(allowed), "");
    let answer = preflight(vec![origin("https://shop.example")]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header(allowed), "https://shop.example");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    // `*` would not stand for it
    assert!(answer.header("access-control-allow-headers").contains("authorization"));
    assert_eq!(answer.header("access-control-max-age"), "600");
}

#[tokio::test]
async fn a_context_needs_the_layers() {
    let bare = Router::new().route("/", get(whoami));
    let answer = fetch(&bare, "/").await;
    assert_eq!(answer.problem_code(), "internal");
}

#[test]
fn problems_carry_their_extensions() {
    let problem = Problem::conflict("insufficient-stock", "Not enough stock")
        .detail("3 of 5 units are available")
        .with("available", 3);
    assert_eq!(problem.to_string(), "409 insufficient-stock: 3 of 5 units are available");
    let expected = json!({
        "type": "/problems/insufficient-stock",
        "title": "Not enough stock",
        "status": 409,
        "code": "insufficient-stock",
        "detail": "3 of 5 units are available",
        "available": 3,
    });
    assert_eq!(serde_json::to_value(&problem).unwrap(), expected);
    assert_eq!(problem.into_response().status(), StatusCode::CONFLICT);
}

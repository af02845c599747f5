//! Rate limits as callers meet them: by whose quota they are let in, and what they are told.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{get, post};
use gondola_gateway::{AccessGuard, Audit, Quotas, RateLimits, TrustedProxies, rate_limited};
use http::Request;
use http::request::Parts;
use kit_auth::Authenticator;
use kit_core::{Actor, Scope, SystemClock};
use kit_http::{Admitted, Guard, HttpConfig, PeerAddress, Problem, guarded, standard_layers};
use kit_rate_limit::Quota;
use kit_testkit::http::{Answer, call};

const STORES: &str = "/api/v1/stores";
const BATCH: &str = "/api/v1/inventory/batch";

/// Believes everybody who says a name.
struct Believing;

#[async_trait]
impl Guard for Believing {
    async fn admit(&self, _: &str, request: &Parts) -> Result<Option<Admitted>, Problem> {
        let name = request.headers.get("x-name").map(|name| name.to_str().unwrap());
        Ok(name.map(|name| Admitted { actor: Actor::new(name).unwrap(), scope: Scope::All }))
    }
}

fn quota(text: &str) -> Quota {
    text.parse().unwrap()
}

fn proxies() -> TrustedProxies {
    ["10.0.0.0/8".parse().unwrap()].into_iter().collect()
}

fn limits(quotas: Quotas) -> Arc<RateLimits> {
    Arc::new(RateLimits::new(quotas, None, proxies()))
}

/// Routes as they are served, with limits behind a guard.
fn app(limits: &Arc<RateLimits>, guard: Arc<dyn Guard>) -> Router {
    let routes = Router::new()
        .route(STORES, get(|| async { "stores" }).post(|| async { "made" }))
        .route(BATCH, post(|body: Bytes| async move { body.len().to_string() }))
        .route("/health", get(|| async { "up" }));
    let audit = Arc::new(Audit::new(proxies()));
    let routes = guarded(rate_limited(routes, Arc::clone(limits), audit), guard);
    standard_layers(routes, HttpConfig::default())
}

fn believing(quotas: Quotas) -> Router {
    app(&limits(quotas), Arc::new(Believing))
}

async fn ask(
    app: &Router,
    peer: &str,
    headers: &[(&str, &str)],
    (method, path): (&str, &str),
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let peer: IpAddr = peer.parse().unwrap();
    call(app, request.extension(PeerAddress(peer)).body(Body::empty()).unwrap()).await
}

async fn read(app: &Router, peer: &str, headers: &[(&str, &str)]) -> Answer {
    ask(app, peer, headers, ("GET", STORES)).await
}

/// Reads until a read is refused: how many were not, and the refusal. One comes back in a second, however slow the machine is.
async fn drain(app: &Router, peer: &str, headers: &[(&str, &str)], burst: usize) -> Answer {
    let began = Instant::now();
    for passed in 0.. {
        let answer = read(app, peer, headers).await;
        if answer.status == 429 {
            let back = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
            assert!((burst..=burst + back).contains(&passed), "{passed} passed of {burst}");
            return answer;
        }
        assert_eq!((answer.status.as_u16(), passed < 1_000), (200, true), "it is let in for ever");
    }
    unreachable!("there are as many numbers as it takes")
}

#[tokio::test]
async fn who_is_over_the_quota_is_told_when_to_come_again() {
    let app = believing(Quotas {
        reads: Some(quota("1:3")),
        commands: Some(quota("1:1")),
        ..Quotas::default()
    });
    let first = read(&app, "192.0.2.9", &[]).await;
    assert_eq!(first.header("ratelimit-policy"), "\"reads\";q=3;w=3");
    assert_eq!(first.header("ratelimit"), "\"reads\";r=2;t=1");
    let refused = drain(&app, "192.0.2.1", &[], 3).await;
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("ratelimit"), "\"reads\";r=0;t=3");
    assert_eq!(refused.problem_code(), "rate-limited");
    assert_eq!((&refused.body["limit"], &refused.body["burst"]), (&"reads".into(), &3.into()));
    // another class, another address, and what is never limited
    assert_eq!(ask(&app, "192.0.2.1", &[], ("POST", STORES)).await.status, 200);
    assert_eq!(read(&app, "192.0.2.2", &[]).await.status, 200);
    for _ in 0..5 {
        assert_eq!(ask(&app, "192.0.2.1", &[], ("GET", "/health")).await.status, 200);
    }
}

#[tokio::test]
async fn a_caller_with_a_name_has_its_quota_wherever_it_is_and_nobody_elses() {
    let app = believing(Quotas { reads: Some(quota("1:3")), ..Quotas::default() });
    let (maria, joao) = ([("x-name", "maria")], [("x-name", "joao")]);
    assert_eq!(read(&app, "192.0.2.1", &maria).await.status, 200);
    assert_eq!(read(&app, "192.0.2.2", &maria).await.header("ratelimit"), "\"reads\";r=1;t=2");
    // here as well
    drain(&app, "127.0.0.1", &maria, 1).await;
    assert_eq!(read(&app, "192.0.2.1", &joao).await.status, 200);
    assert_eq!(read(&app, "192.0.2.1", &[]).await.status, 200, "the address has its own");
}

#[tokio::test]
async fn no_address_is_got_by_making_it_up() {
    let app = believing(Quotas { reads: Some(quota("1:2")), ..Quotas::default() });
    let (began, mut passed) = (Instant::now(), [0_u64; 3]);
    for number in 1..=50 {
        let made_up = format!("198.51.100.{number}");
        // through a proxy that is trusted, which adds who asks it at the right
        let through = format!("{made_up}, 203.0.113.7");
        // in IPv6 a caller has a whole network to choose from
        let network = format!("2001:db8:1:2::{number}");
        let answers = [
            read(&app, "192.0.2.1", &[("x-forwarded-for", &made_up)]).await,
            read(&app, "10.0.0.7", &[("x-forwarded-for", &through)]).await,
            read(&app, &network, &[]).await,
        ];
        for (passed, answer) in passed.iter_mut().zip(answers) {
            *passed += u64::from(answer.status == 200);
        }
    }
    let back = began.elapsed().as_secs() + 1;
    assert!(passed.iter().all(|passed| (2..=2 + back).contains(passed)), "{passed:?}");
    for _ in 0..5 {
        let here = read(&app, "127.0.0.1", &[]).await;
        assert_eq!((here.status.as_u16(), here.header("ratelimit")), (200, ""), "this machine");
    }
}

#[tokio::test]
async fn who_guesses_credentials_is_soon_not_asked_any_more() {
    let quotas =
        Quotas { refusals: Some(quota("1:3")), reads: Some(quota("1:1")), ..Quotas::default() };
    let limits = limits(quotas);
    let audit = Arc::new(Audit::new(proxies()));
    let nobody = Authenticator { keys: None, tokens: None };
    let clock = Arc::new(SystemClock);
    let guard = AccessGuard::new(nobody, clock, audit, Some(Arc::clone(&limits)));
    let app = app(&limits, Arc::new(guard));
    let guess = [("x-api-key", "gk_000000000000_00")];
    let (began, mut asked) = (Instant::now(), 0);
    let refused = loop {
        let answer = read(&app, "192.0.2.1", &guess).await;
        if answer.status != 401 {
            break answer;
        }
        asked += 1;
        assert!(asked < 1_000, "it is asked for ever");
    };
    assert!((3..=4 + began.elapsed().as_secs()).contains(&asked), "{asked} guesses");
    assert_eq!((refused.status.as_u16(), refused.problem_code()), (429, "rate-limited"));
    assert_eq!((&refused.body["limit"], refused.header("retry-after")), (&"refusals".into(), "1"));
    assert_eq!(read(&app, "192.0.2.2", &guess).await.status, 401, "somebody else is asked");
    assert_eq!(ask(&app, "192.0.2.1", &[], ("GET", "/health")).await.status, 200);
    for _ in 0..10 {
        assert_eq!(read(&app, "127.0.0.1", &guess).await.status, 401, "this machine");
    }
}

#[tokio::test]
async fn a_bulk_write_costs_its_lines_and_is_slowed_down_not_cut() {
    let app = believing(Quotas { bulk: Some(quota("100:50")), ..Quotas::default() });
    let lines = "{}\n".repeat(80);
    let peer = PeerAddress("192.0.2.1".parse().unwrap());
    let request = || Request::post(BATCH).extension(peer).body(Body::from(lines.clone())).unwrap();
    let began = Instant::now();
    let answer = call(&app, request()).await;
    assert_eq!((answer.status.as_u16(), &*answer.text), (200, "240"), "all of it came");
    assert_eq!(answer.header("ratelimit-policy"), "\"bulk\";q=50;w=1");
    // 81 units, 50 of them at once
    assert!(began.elapsed() >= Duration::from_millis(300), "{:?}", began.elapsed());
}

#[tokio::test]
async fn what_has_no_quota_is_not_limited() {
    let app = believing(Quotas::default());
    for _ in 0..50 {
        let answer = read(&app, "192.0.2.1", &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("ratelimit")), (200, ""));
    }
}

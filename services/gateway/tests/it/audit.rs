//! The log line of a refused caller: who it was, nothing that it has shown, and few of them in a flood.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use gondola_gateway::{AccessGuard, Audit, Quotas, RateLimits, TrustedProxies, rate_limited};
use http::Request;
use kit_auth::{
    ApiKey, ApiKeys, Authenticator, FetchError, Grants, IssuerConfig, KeyFile, KeySet, KeySource,
    NewKey, TokenVerifier,
};
use kit_core::{Clock as _, SystemClock};
use kit_http::{HttpConfig, PeerAddress, guarded, standard_layers};
use kit_testkit::caller::new_id;
use kit_testkit::http::call;

use crate::logged::{Line, Logged};

const STORES: &str = "/api/v1/stores";

/// The proxy that all requests come through.
const PROXY: &str = "10.0.0.7";

/// A token that is none of the algorithms that are accepted: header, claims, signature.
const TOKEN: [&str; 3] = [
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImEifQ",
    "eyJzdWIiOiJtYXJpYSJ9",
    "c2lnbmF0dXJlLW9mLW1hcmlh",
];

/// An issuer that nobody reaches: the token is refused for what its header says.
struct NoIssuer;

#[async_trait]
impl KeySource for NoIssuer {
    async fn fetch(&self) -> Result<KeySet, FetchError> {
        Err(FetchError::NoKeys("away".to_owned()))
    }
}

fn tokens() -> TokenVerifier {
    let issuer = IssuerConfig {
        issuer: "https://login.example".parse().unwrap(),
        keys_url: None,
        audience: "gondola".to_owned(),
        algorithms: vec!["RS256".parse().unwrap()],
        types: vec!["JWT".to_owned()],
        lifetime_max: Duration::from_mins(15),
        roles_claim: "roles".to_owned(),
    };
    TokenVerifier::new(issuer, Arc::new(NoIssuer))
}

/// One key of a till that may read, and the keys that a process knows by their file.
fn keys() -> (ApiKey, Arc<ApiKeys>) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("audit-{}", new_id()));
    std::fs::create_dir(&folder).unwrap();
    let file = KeyFile::at(folder.join("api-keys.json"));
    let grants = Grants::parse(["viewer"]).unwrap();
    let new = NewKey { name: "till-7".to_owned(), grants, valid_for: None };
    let key = file.create(new, SystemClock.now()).unwrap();
    let keys = Arc::new(ApiKeys::open(file).unwrap());
    // it is in memory now
    std::fs::remove_dir_all(folder).unwrap();
    (key, keys)
}

/// Routes behind a guard and limits, a caller's key, and what is logged.
struct Guarded {
    app: Router,
    key: ApiKey,
    logged: Logged,
}

impl Guarded {
    fn new(quotas: Quotas) -> Self {
        let logged = Logged::begin();
        let proxies: TrustedProxies = [PROXY.parse().unwrap()].into_iter().collect();
        let limits = Arc::new(RateLimits::new(quotas, None, proxies.clone()));
        let audit = Arc::new(Audit::new(proxies));
        let (key, keys) = keys();
        let authenticator = Authenticator { keys: Some(keys), tokens: Some(tokens()) };
        let (clock, its) = (Arc::new(SystemClock), Some(Arc::clone(&limits)));
        let guard = AccessGuard::new(authenticator, clock, Arc::clone(&audit), its);
        let routes =
            Router::new().route(STORES, get(|| async { "stores" }).post(|| async { "made" }));
        let routes = guarded(rate_limited(routes, limits, audit), Arc::new(guard));
        Self { app: standard_layers(routes, HttpConfig::default()), key, logged }
    }

    /// Asks from an address, through the proxy; gives the status.
    async fn ask(&self, method: &str, from: &str, credential: Option<(&str, &str)>) -> u16 {
        let peer: IpAddr = PROXY.parse().unwrap();
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{STORES}?customer=maria"))
            .header("x-forwarded-for", from)
            .header("x-request-id", "till-7-1")
            .extension(PeerAddress(peer));
        if let Some((name, value)) = credential {
            request = request.header(name, value);
        }
        call(&self.app, request.body(Body::empty()).unwrap()).await.status.as_u16()
    }

    /// Asks without a credential.
    async fn ask_as_nobody(&self, from: &str) {
        assert_eq!(self.ask("GET", from, None).await, 401);
    }

    fn refused(&self) -> Vec<Line> {
        self.logged.of("caller_refused")
    }

    /// No line of any crate, at any level, has any of these.
    fn assert_logged_none_of(&self, secrets: &[&str]) {
        for line in self.logged.all() {
            let told = format!("{line:?}");
            let shown = secrets.iter().find(|secret| told.contains(**secret));
            assert_eq!(shown, None, "{told}");
        }
    }
}

/// All fields of a line of a refusal, beside those that each of them has.
fn line(reason: &str, method: &str, fields: &[(&'static str, &str)]) -> Line {
    let of_all = [
        ("level", "WARN"),
        ("message", "caller_refused"),
        ("peer", "203.0.113.7"),
        ("request_id", "till-7-1"),
        ("route", STORES),
        ("reason", reason),
        ("method", method),
    ];
    let all = of_all.iter().chain(fields);
    all.map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// How many lines were left out, as the others tell it.
fn left_out(lines: &[Line]) -> usize {
    let told = lines.iter().filter_map(|line| line.get("left_out"));
    told.map(|told| told.parse::<usize>().unwrap()).sum()
}

#[tokio::test]
async fn who_may_not_do_it_is_written_with_the_key_by_its_id_and_without_its_secret() {
    let guarded = Guarded::new(Quotas::default());
    let text = guarded.key.reveal();
    assert_eq!(guarded.ask("GET", "203.0.113.7", Some(("x-api-key", &text))).await, 200);
    assert_eq!(guarded.refused(), [], "it may read");
    assert_eq!(guarded.ask("POST", "203.0.113.7", Some(("x-api-key", &text))).await, 403);
    let by = [("subject", "key:till-7"), ("key", guarded.key.id().as_str())];
    assert_eq!(guarded.refused(), [line("forbidden", "POST", &by)]);
    let (_, secret) = text.rsplit_once('_').unwrap();
    guarded.assert_logged_none_of(&[&text, secret, "maria"]);
}

#[tokio::test]
async fn of_a_credential_that_does_not_hold_nothing_is_written() {
    let guarded = Guarded::new(Quotas::default());
    let unknown = guarded.key.reveal().replace(guarded.key.id().as_str(), "000000000000");
    let bearer = format!("Bearer {}", TOKEN.join("."));
    let both = [("x-api-key", &*unknown), ("authorization", &*bearer)];
    for credential in both {
        assert_eq!(guarded.ask("GET", "203.0.113.7", Some(credential)).await, 401);
    }
    guarded.ask_as_nobody("203.0.113.7").await;
    let expected =
        ["invalid_key", "invalid_token", "missing"].map(|reason| line(reason, "GET", &[]));
    assert_eq!(guarded.refused(), expected);
    let (_, secret) = unknown.rsplit_once('_').unwrap();
    // nor what the token says of its bearer
    guarded.assert_logged_none_of(&[secret, TOKEN[0], TOKEN[1], TOKEN[2], "maria"]);
}

#[tokio::test]
async fn who_comes_too_often_is_written_by_name_or_by_address() {
    let once = Some("1:1".parse().unwrap());
    let guarded = Guarded::new(Quotas { reads: once, refusals: once, ..Quotas::default() });
    let text = guarded.key.reveal();
    let until_limited = async |credential| {
        let began = Instant::now();
        while guarded.ask("GET", "203.0.113.7", credential).await != 429 {
            assert!(began.elapsed() < Duration::from_secs(30), "it is never limited");
        }
        guarded.refused().pop().unwrap()
    };
    let by_name = until_limited(Some(("x-api-key", &*text))).await;
    assert_eq!((&*by_name["reason"], &*by_name["subject"]), ("rate_limited", "key:till-7"));
    assert_eq!((&*by_name["peer"], &*by_name["route"]), ("203.0.113.7", STORES));
    assert_eq!(until_limited(None).await, line("rate_limited", "GET", &[]));
    let (_, secret) = text.rsplit_once('_').unwrap();
    guarded.assert_logged_none_of(&[secret, "maria"]);
}

#[tokio::test]
async fn a_flood_of_one_writes_few_lines_and_the_next_says_how_many_were_left_out() {
    const FLOOD: usize = 60;
    let guarded = Guarded::new(Quotas::default());
    let began = Instant::now();
    for _ in 0..FLOOD {
        guarded.ask_as_nobody("203.0.113.7").await;
    }
    // ten at once, and one comes back in a second, however slow the machine is
    let back = usize::try_from(began.elapsed().as_secs()).unwrap() + 1;
    let written = guarded.refused().len();
    assert!((10..=10 + back).contains(&written), "{written} lines");
    assert_eq!(guarded.refused()[0], line("missing", "GET", &[]), "none was left out before it");
    // who floods uses up nobody else's lines
    guarded.ask_as_nobody("203.0.113.8").await;
    let lines = guarded.refused();
    assert_eq!((lines.len(), &*lines[written]["peer"]), (written + 1, "203.0.113.8"));
    assert!(lines[written].contains_key("left_out"), "{:?}", lines[written]);
    assert_eq!(lines.len() + left_out(&lines), FLOOD + 1, "each is written or counted, once");
    guarded.ask_as_nobody("203.0.113.9").await;
    let last = guarded.refused().pop().unwrap();
    assert!(last["peer"] == "203.0.113.9" && !last.contains_key("left_out"), "{last:?}");
}

#[tokio::test]
async fn a_flood_from_everywhere_writes_few_lines_as_well() {
    const FLOOD: usize = 300;
    let guarded = Guarded::new(Quotas::default());
    let began = Instant::now();
    for number in 0..FLOOD {
        guarded.ask_as_nobody(&format!("198.51.{}.{}", number / 250, number % 250)).await;
    }
    // 200 at once, and 20 come back in a second
    let back = 20 * (usize::try_from(began.elapsed().as_secs()).unwrap() + 1);
    let written = guarded.refused().len();
    assert!((200..=200 + back).contains(&written), "{written} lines");
    let mut asked = FLOOD;
    while guarded.refused().len() == written {
        assert!(began.elapsed() < Duration::from_secs(30), "nothing is written any more");
        guarded.ask_as_nobody(&format!("198.52.{}.{}", asked / 250, asked % 250)).await;
        asked += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let lines = guarded.refused();
    assert_eq!(lines.len() + left_out(&lines), asked, "each is written or counted, once");
}

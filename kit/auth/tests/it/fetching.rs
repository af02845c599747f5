//! The issuer's keys: asked for seldom, kept for long, and only where the configuration says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use kit_auth::{IssuerConfig, Refused, TokenVerifier};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::issuer::{Keys, NOW, Signer, at, claims, config};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// A token that is valid at a time.
fn token(signer: &Signer, now: u64) -> String {
    let mut claims = claims();
    (claims["iat"], claims["exp"]) = (json!(now), json!(now + 300));
    signer.sign(&signer.header(), &claims)
}

#[tokio::test]
async fn names_of_keys_that_are_made_up_cost_one_fetch_in_thirty_seconds() {
    let (good, made_up) = (Signer::new("good"), Signer::new("made-up"));
    let keys = Keys::of(&[&good]);
    let verifier = Arc::new(keys.verifier());
    let (good, attack) = (token(&good, NOW), token(&made_up, NOW));
    assert!(verifier.principal(&good, at(NOW)).await.is_ok());
    assert_eq!(keys.asked(), 1);
    for second in 0..120 {
        let ask = |token: String| {
            let verifier = Arc::clone(&verifier);
            tokio::spawn(async move { verifier.principal(&token, at(NOW + second)).await })
        };
        let flood: Vec<_> = (0..20).map(|_| ask(attack.clone())).collect();
        assert!(ask(good.clone()).await.unwrap().is_ok(), "valid tokens go on, at {second}");
        for one in flood {
            let refused = one.await.unwrap();
            assert!(matches!(refused, Err(Refused::InvalidToken(_))), "{refused:?}");
        }
    }
    assert_eq!(keys.asked(), 1 + 120 / 30 - 1, "one fetch for every 30 seconds");
}

#[tokio::test]
async fn a_new_key_is_found_when_a_token_names_it() {
    let (old, new) = (Signer::new("old"), Signer::new("new"));
    let keys = Keys::of(&[&old]);
    let verifier = keys.verifier();
    assert!(verifier.principal(&token(&old, NOW), at(NOW)).await.is_ok());
    keys.become_those_of(&[&old, &new]);
    let (soon, later) = (NOW + 29, NOW + 31);
    assert!(verifier.principal(&token(&new, soon), at(soon)).await.is_err(), "asked just now");
    assert!(verifier.principal(&token(&new, later), at(later)).await.is_ok());
    assert!(verifier.principal(&token(&old, later), at(later)).await.is_ok());
}

#[tokio::test]
async fn a_fetch_that_fails_takes_no_key_away_for_hours() {
    let (good, other) = (Signer::new("good"), Signer::new("other"));
    let keys = Keys::of(&[&good]);
    let verifier = keys.verifier();
    assert!(verifier.principal(&token(&good, NOW), at(NOW)).await.is_ok());
    for garbage in
        [None, Some(json!({})), Some(json!({ "keys": [] })), Some(json!([])), Some(json!("x"))]
    {
        *keys.documents.lock() = garbage;
        for hours in [1, 6, 11] {
            let now = NOW + hours * HOUR;
            assert!(verifier.principal(&token(&other, now), at(now)).await.is_err());
            assert!(verifier.principal(&token(&good, now), at(now)).await.is_ok(), "{hours} h");
        }
    }
    let now = NOW + 13 * HOUR;
    let refused = verifier.principal(&token(&good, now), at(now)).await.unwrap_err();
    assert_eq!(refused, Refused::NoIssuerKeys, "a key that was withdrawn long ago is no key");
    keys.become_those_of(&[&good]);
    let now = now + MINUTE;
    assert!(verifier.principal(&token(&good, now), at(now)).await.is_ok(), "and it comes back");
}

#[tokio::test]
async fn keys_are_fetched_again_after_ten_minutes_while_the_old_ones_serve() {
    let (good, withdrawn) = (Signer::new("good"), Signer::new("withdrawn"));
    let keys = Keys::of(&[&good, &withdrawn]);
    let verifier = keys.verifier();
    assert!(verifier.principal(&token(&good, NOW), at(NOW)).await.is_ok());
    keys.become_those_of(&[&good]);
    let now = NOW + 9 * MINUTE;
    assert!(verifier.principal(&token(&withdrawn, now), at(now)).await.is_ok());
    assert_eq!(keys.asked(), 1);
    let now = NOW + 10 * MINUTE;
    assert!(verifier.principal(&token(&good, now), at(now)).await.is_ok());
    while keys.asked() == 1 || verifier.principal(&token(&withdrawn, now), at(now)).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert_eq!(keys.asked(), 2);
}

#[tokio::test]
async fn before_the_first_keys_nothing_is_said_about_a_token() {
    let good = Signer::new("good");
    let keys = Keys::of(&[&good]);
    keys.fail();
    let verifier = keys.verifier();
    for _ in 0..10 {
        let refused = verifier.principal(&token(&good, NOW), at(NOW)).await.unwrap_err();
        assert_eq!(refused, Refused::NoIssuerKeys);
    }
    assert_eq!(keys.asked(), 1);
}

/// An issuer over HTTP: gives documents by their paths, and counts the requests.
async fn serve(
    documents: impl Fn(&str, &str) -> Option<Value> + Send + 'static,
) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (origin, asked) = (base.clone(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            counted.fetch_add(1, Ordering::SeqCst);
            let path = String::from_utf8(head).unwrap();
            let path = path.split(' ').nth(1).unwrap().to_owned();
            let answer = match documents(&path, &origin) {
                Some(document) => {
                    let body = document.to_string();
                    format!(
                        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                        body.len()
                    )
                }
                None => format!(
                    "HTTP/1.1 302 Found\r\nlocation: {origin}/keys\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                ),
            };
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (base, asked)
}

async fn accepts(signer: &Signer, config: IssuerConfig) -> Result<(), Refused> {
    let mut claims = claims();
    claims["iss"] = json!(config.issuer.as_str());
    let token = signer.sign(&signer.header(), &claims);
    let verifier = TokenVerifier::over_http(config).unwrap();
    verifier.principal(&token, at(NOW)).await.map(drop)
}

fn of(issuer: &str) -> IssuerConfig {
    IssuerConfig { issuer: issuer.parse().unwrap(), ..config() }
}

#[tokio::test]
async fn keys_are_found_by_discovery_on_the_issuers_own_server() {
    let signer = Signer::new("one");
    let keys = json!({ "keys": [signer.jwk()] });
    let (base, asked) = serve(move |path, origin| match path {
        "/realm/.well-known/openid-configuration" => Some(
            json!({ "issuer": format!("{origin}/realm"), "jwks_uri": format!("{origin}/keys") }),
        ),
        "/keys" => Some(keys.clone()),
        _ => None,
    })
    .await;
    accepts(&signer, of(&format!("{base}/realm"))).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let direct = IssuerConfig {
        keys_url: Some(format!("{base}/keys").parse().unwrap()),
        ..of(&format!("{base}/realm"))
    };
    accepts(&signer, direct).await.unwrap();
    assert_eq!(
        asked.load(Ordering::SeqCst),
        3,
        "keys whose address is configured need no discovery"
    );
    let moved =
        IssuerConfig { keys_url: Some(format!("{base}/moved").parse().unwrap()), ..of(&base) };
    assert_eq!(
        accepts(&signer, moved).await,
        Err(Refused::NoIssuerKeys),
        "redirects are not followed"
    );
}

#[tokio::test]
async fn discovery_leads_nowhere_else() {
    let signer = Signer::new("one");
    let keys = json!({ "keys": [signer.jwk()] });
    let (trap, hits) = serve(move |_, _| Some(keys.clone())).await;
    let documents = [
        json!({ "jwks_uri": format!("{trap}/keys") }),
        json!({ "jwks_uri": "http://169.254.169.254/keys" }),
        json!({ "jwks_uri": "file:///etc/passwd" }),
        json!({}),
    ];
    for document in documents {
        let wrong = document.clone();
        let (base, _) = serve(move |_, origin| {
            let mut document = wrong.clone();
            document["issuer"] = json!(origin);
            Some(document)
        })
        .await;
        assert_eq!(accepts(&signer, of(&base)).await, Err(Refused::NoIssuerKeys), "{document}");
    }
    let keys = json!({ "keys": [signer.jwk()] });
    let (base, _) = serve(move |path, origin| match path {
        "/keys" => Some(keys.clone()),
        _ => Some(
            json!({ "issuer": "http://127.0.0.1/another", "jwks_uri": format!("{origin}/keys") }),
        ),
    })
    .await;
    assert_eq!(accepts(&signer, of(&base)).await, Err(Refused::NoIssuerKeys), "of another issuer");
    assert_eq!(hits.load(Ordering::SeqCst), 0);
}

/// How an issuer fails while its connections are open.
#[derive(Clone, Copy, Debug)]
enum Failing {
    /// It never answers.
    Silent,
    /// It begins a document and sends a byte of it now and then, without end.
    Dripping,
    /// It sends more than any document may have.
    Flooding,
    /// It sends what is no document.
    Garbage,
}

/// Answers once in this way, and then gives a document.
async fn fail_once(failing: Failing, document: Value) -> (IssuerConfig, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let is_first = counted.fetch_add(1, Ordering::SeqCst) == 0;
            let body = document.to_string();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await?);
                }
                let head =
                    |length: usize| format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
                if !is_first {
                    return stream.write_all((head(body.len()) + &body).as_bytes()).await;
                }
                match failing {
                    Failing::Silent => stream.read_u8().await.map(drop),
                    Failing::Dripping => {
                        stream.write_all(head(100_000).as_bytes()).await?;
                        loop {
                            stream.write_all(b" ").await?;
                            tokio::time::sleep(Duration::from_millis(100)).await;
                        }
                    }
                    Failing::Flooding => {
                        let flood = format!("{{\"keys\":[{}]}}", " ".repeat(1 << 20));
                        stream.write_all((head(flood.len()) + &flood).as_bytes()).await
                    }
                    Failing::Garbage => stream.write_all((head(5) + "<html").as_bytes()).await,
                }
            });
        }
    });
    let keys_url = Some(format!("{base}/keys").parse().unwrap());
    (IssuerConfig { keys_url, ..of(&base) }, asked)
}

#[tokio::test]
async fn an_issuer_that_is_slow_or_sends_garbage_is_asked_once_and_keeps_nobody_for_long() {
    let mut tries = Vec::new();
    for failing in [Failing::Silent, Failing::Dripping, Failing::Flooding, Failing::Garbage] {
        tries.push(tokio::spawn(async move {
            let signer = Signer::new("one");
            let (config, asked) = fail_once(failing, json!({ "keys": [signer.jwk()] })).await;
            let mut claims = claims();
            claims["iss"] = json!(config.issuer.as_str());
            let token = signer.sign(&signer.header(), &claims);
            let verifier = Arc::new(TokenVerifier::over_http(config).unwrap());
            let begun = Instant::now();
            let crowd: Vec<_> = (0..50)
                .map(|_| {
                    let (verifier, token) = (Arc::clone(&verifier), token.clone());
                    tokio::spawn(async move { verifier.principal(&token, at(NOW)).await })
                })
                .collect();
            for one in crowd {
                let refused = one.await.unwrap().unwrap_err();
                assert_eq!(refused, Refused::NoIssuerKeys, "{failing:?}");
            }
            // a fetch may take 5 s
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "{failing:?}: {:?}",
                begun.elapsed()
            );
            assert_eq!(asked.load(Ordering::SeqCst), 1, "{failing:?}: one asks for all");
            assert!(verifier.principal(&token, at(NOW + 31)).await.is_ok(), "{failing:?}");
            assert_eq!(asked.load(Ordering::SeqCst), 2, "{failing:?}");
        }));
    }
    for one in tries {
        one.await.unwrap();
    }
}

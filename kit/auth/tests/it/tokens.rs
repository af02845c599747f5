//! Tokens that hold, and every known way to forge one.

use aws_lc_rs::hmac;
use kit_auth::{Refused, Role};
use serde_json::{Value, json};

use crate::issuer::{Keys, NOW, STORE, Signer, at, base64url, claims, message};

/// The token with some members of its header and claims replaced, or taken out where they are null.
fn changed(mut object: Value, changes: Value) -> Value {
    let (Some(object_members), Value::Object(changes)) = (object.as_object_mut(), changes) else {
        panic!("objects")
    };
    for (name, value) in changes {
        if value.is_null() {
            object_members.remove(&name);
        } else {
            object_members.insert(name, value);
        }
    }
    object
}

#[tokio::test]
async fn a_token_that_holds_names_its_caller_and_roles() {
    let signer = Signer::new("one");
    let verifier = Keys::of(&[&signer]).verifier();
    let token = signer.sign(&signer.header(), &claims());
    let principal = verifier.principal(&token, at(NOW)).await.unwrap();
    assert_eq!(principal.subject.as_str(), "maria");
    assert!(principal.grants.everywhere().iter().eq(&[Role::Operator]));
    assert!(principal.grants.stores().iter().eq(&[STORE.parse::<uuid::Uuid>().unwrap()]));
    assert_eq!(principal.key, None);
}

#[tokio::test]
async fn the_forms_that_issuers_use_are_read() {
    let signer = Signer::new("one");
    let verifier = Keys::of(&[&signer]).verifier();
    for (header, claim) in [
        (json!({ "typ": "JWT" }), json!({})),
        (json!({ "typ": "application/at+jwt" }), json!({})),
        (json!({}), json!({ "aud": ["other", "gondola"] })),
        (json!({}), json!({ "roles": "operator viewer" })),
        (json!({}), json!({ "nbf": NOW })),
        (json!({ "jku": "http://evil.example", "x5u": "http://evil.example" }), json!({})),
    ] {
        let token = signer
            .sign(&changed(signer.header(), header.clone()), &changed(claims(), claim.clone()));
        let principal = verifier.principal(&token, at(NOW)).await;
        assert!(principal.is_ok_and(|it| !it.grants.is_empty()), "{header} {claim}");
    }
}

#[tokio::test]
async fn claims_that_do_not_hold_are_refused() {
    let signer = Signer::new("one");
    let verifier = Keys::of(&[&signer]).verifier();
    let attacks = [
        json!({ "iss": "http://evil.example" }),
        json!({ "iss": null }),
        json!({ "iss": ["http://127.0.0.1:1/realm"] }),
        json!({ "aud": "another-service" }),
        json!({ "aud": null }),
        json!({ "aud": [] }),
        json!({ "exp": NOW - 31 }),
        json!({ "exp": NOW - 30 }),
        json!({ "exp": (NOW + 300).to_string() }),
        json!({ "exp": 1.8e9 + 300.5 }),
        json!({ "exp": -1 }),
        json!({ "exp": null }),
        json!({ "exp": u64::MAX }),
        json!({ "nbf": NOW + 31 }),
        json!({ "nbf": "0" }),
        json!({ "iat": NOW + 60 }),
        json!({ "iat": null }),
        json!({ "iat": NOW - 700 }),
        json!({ "sub": null }),
        json!({ "sub": "" }),
        json!({ "sub": "system:sweeper" }),
        json!({ "sub": "key:till-7" }),
        json!({ "sub": "x".repeat(101) }),
    ];
    for attack in attacks {
        let token = signer.sign(&signer.header(), &changed(claims(), attack.clone()));
        let refused = verifier.principal(&token, at(NOW)).await;
        assert!(matches!(refused, Err(Refused::InvalidToken(_))), "{attack}: {refused:?}");
    }
}

#[tokio::test]
async fn headers_that_choose_how_they_are_verified_are_refused() {
    let (signer, other) = (Signer::new("one"), Signer::new("one"));
    let keys = Keys::of(&[&signer]);
    let verifier = keys.verifier();
    let refused = |header: Value, by: &Signer| {
        let token = by.sign(&changed(signer.header(), header), &claims());
        let verifier = &verifier;
        async move { verifier.principal(&token, at(NOW)).await.unwrap_err() }
    };
    for header in [
        json!({ "typ": null }),
        json!({ "typ": "dpop+jwt" }),
        json!({ "typ": "logout+jwt" }),
        json!({ "alg": "RS384" }),
        json!({ "alg": "ES256" }),
        json!({ "alg": "rs256" }),
        json!({ "alg": null }),
        json!({ "kid": null }),
        json!({ "kid": "" }),
        json!({ "kid": 7 }),
        json!({ "kid": "../../one" }),
        json!({ "crit": ["exp"] }),
        json!({ "crit": [] }),
        json!({ "zip": "DEF" }),
    ] {
        let why = refused(header.clone(), &signer).await;
        assert!(matches!(why, Refused::InvalidToken(_)), "{header}: {why:?}");
    }
    // a key or its address in the token is that of the attacker, who signs with it
    for header in
        [json!({}), json!({ "jwk": other.jwk() }), json!({ "jku": "http://evil.example/keys" })]
    {
        let why = refused(header.clone(), &other).await;
        assert_eq!(why, Refused::InvalidToken("its signature does not hold"), "{header}");
    }
}

#[tokio::test]
async fn a_signature_without_a_private_key_is_none() {
    let signer = Signer::new("one");
    let keys = Keys::of(&[&signer]);
    let verifier = keys.verifier();
    let good = signer.sign(&signer.header(), &claims());
    let (content, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = content.split_once('.').unwrap();
    let mut attacks = vec![
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        content.to_owned(),
        format!("{content}."),
        format!("{content}.{signature}x"),
        format!("{content}.{}", "A".repeat(342)),
        format!("{good}.{signature}"),
        format!("{header}.{}.{signature}", base64url(br#"{"sub":"root"}"#)),
        format!(
            "{}.{signature}",
            message(&signer.header(), &changed(claims(), json!({ "sub": "root" })))
        ),
    ];
    for alg in ["none", "None", "NONE", ""] {
        let header = changed(signer.header(), json!({ "alg": alg }));
        attacks.push(format!("{}.", message(&header, &claims())));
        attacks.push(format!("{}.{signature}", message(&header, &claims())));
    }
    for secret in signer.public_forms() {
        let message = message(&changed(signer.header(), json!({ "alg": "HS256" })), &claims());
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        attacks.push(format!(
            "{message}.{}",
            base64url(hmac::sign(&key, message.as_bytes()).as_ref())
        ));
    }
    for attack in attacks {
        let refused = verifier.principal(&attack, at(NOW)).await;
        assert!(matches!(refused, Err(Refused::InvalidToken(_))), "{attack}: {refused:?}");
    }
    assert!(verifier.principal(&good, at(NOW)).await.is_ok());
}

#[tokio::test]
async fn a_claim_that_stands_twice_is_refused() {
    let signer = Signer::new("one");
    let verifier = Keys::of(&[&signer]).verifier();
    // what one reader takes for the first, another takes for the last
    let text = claims().to_string().replacen('{', &format!(r#"{{"exp":{},"#, NOW + 300), 1);
    let token = signer.sign_text(&signer.header(), &text);
    let refused = verifier.principal(&token, at(NOW)).await;
    assert!(matches!(refused, Err(Refused::InvalidToken(_))), "{refused:?}");
}

#[tokio::test]
async fn a_shared_secret_among_the_keys_is_no_key() {
    let signer = Signer::new("one");
    let keys = Keys::of(&[&signer]);
    let secret =
        json!({ "kty": "oct", "kid": "shared", "alg": "HS256", "k": base64url(b"secret") });
    *keys.documents.lock() = Some(json!({ "keys": [signer.jwk(), secret, { "kty": "?" }, 7] }));
    let verifier = keys.verifier();
    let message = message(&json!({ "alg": "HS256", "typ": "JWT", "kid": "shared" }), &claims());
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"secret");
    let token = format!("{message}.{}", base64url(hmac::sign(&key, message.as_bytes()).as_ref()));
    assert!(verifier.principal(&token, at(NOW)).await.is_err());
    assert!(verifier.principal(&signer.sign(&signer.header(), &claims()), at(NOW)).await.is_ok());
}

//! Tokens signed on elliptic curves: accepted where the configuration names their algorithm, by the key of that algorithm alone.

use std::sync::Arc;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _,
};
use kit_auth::{Algorithm, IssuerConfig, Refused, TokenVerifier};
use serde_json::{Value, json};

use crate::issuer::{Keys, NOW, Signer, at, base64url, claims, config, message};

/// A key pair on a curve; its name as a key is that of its algorithm.
enum Curve {
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Curve {
    fn all() -> [Self; 3] {
        let (p256, p384) = (&ECDSA_P256_SHA256_FIXED_SIGNING, &ECDSA_P384_SHA384_FIXED_SIGNING);
        [
            Self::P256(EcdsaKeyPair::generate(p256).unwrap()),
            Self::P384(EcdsaKeyPair::generate(p384).unwrap()),
            Self::Ed25519(Ed25519KeyPair::generate().unwrap()),
        ]
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::P256(_) => "ES256",
            Self::P384(_) => "ES384",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    fn public(&self) -> Vec<u8> {
        match self {
            Self::P256(pair) | Self::P384(pair) => pair.public_key().as_ref().to_vec(),
            Self::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
        }
    }

    fn jwk(&self) -> Value {
        let (public, kid) = (self.public(), self.algorithm());
        let curve = match self {
            Self::P256(_) => "P-256",
            Self::P384(_) => "P-384",
            Self::Ed25519(_) => {
                let x = base64url(&public);
                return json!({ "kty": "OKP", "kid": kid, "use": "sig", "crv": "Ed25519", "x": x });
            }
        };
        // an uncompressed point: a mark, and two numbers of equal length
        let (x, y) = public[1..].split_at(public.len() / 2);
        let (x, y) = (base64url(x), base64url(y));
        json!({ "kty": "EC", "kid": kid, "use": "sig", "crv": curve, "x": x, "y": y })
    }

    fn header(&self) -> Value {
        json!({ "alg": self.algorithm(), "typ": "at+jwt", "kid": self.algorithm() })
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let signature = match self {
            Self::P256(pair) | Self::P384(pair) => {
                pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref().to_vec()
            }
            Self::Ed25519(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
        };
        format!("{message}.{}", base64url(&signature))
    }
}

/// A verifier that is configured for these algorithms, with all the keys.
fn verifier(curves: &[Curve], rsa: &Signer, algorithms: &[&str]) -> TokenVerifier {
    let keys: Vec<Value> = curves.iter().map(Curve::jwk).chain([rsa.jwk()]).collect();
    let source = Arc::new(Keys::default());
    *source.documents.lock() = Some(json!({ "keys": keys }));
    let algorithms = algorithms.iter().map(|name| name.parse::<Algorithm>().unwrap()).collect();
    TokenVerifier::new(IssuerConfig { algorithms, ..config() }, source)
}

#[tokio::test]
async fn each_algorithm_is_accepted_where_it_is_configured_and_nowhere_else() {
    let (curves, rsa) = (Curve::all(), Signer::new("RS256"));
    let mut tokens: Vec<(&str, String)> = curves
        .iter()
        .map(|curve| (curve.algorithm(), curve.sign(&curve.header(), &claims())))
        .collect();
    tokens.push(("RS256", rsa.sign(&rsa.header(), &claims())));
    for configured in
        [&["ES256"][..], &["ES384"], &["EdDSA"], &["RS256"], &["ES256", "EdDSA"], &["PS256"]]
    {
        let verifier = verifier(&curves, &rsa, configured);
        for (algorithm, token) in &tokens {
            let known = verifier.principal(token, at(NOW)).await;
            let is_configured = configured.contains(algorithm);
            assert_eq!(known.is_ok(), is_configured, "{algorithm} by {configured:?}: {known:?}");
            if let Err(why) = known {
                assert_eq!(why, Refused::InvalidToken("its algorithm is not accepted"));
            }
        }
    }
}

#[tokio::test]
async fn a_key_verifies_what_was_signed_by_its_own_algorithm_alone() {
    let (curves, rsa) = (Curve::all(), Signer::new("RS256"));
    let all = ["ES256", "ES384", "EdDSA", "RS256"];
    let verifier = verifier(&curves, &rsa, &all);
    for signer in &curves {
        for alg in all {
            for kid in all {
                let header = json!({ "alg": alg, "typ": "at+jwt", "kid": kid });
                let known = verifier.principal(&signer.sign(&header, &claims()), at(NOW)).await;
                let is_own = alg == signer.algorithm() && kid == signer.algorithm();
                assert_eq!(known.is_ok(), is_own, "{} {header}: {known:?}", signer.algorithm());
            }
        }
        // another pair of the same curve, under the same name
        for other in Curve::all() {
            let forged = other.sign(&signer.header(), &claims());
            assert!(verifier.principal(&forged, at(NOW)).await.is_err());
        }
    }
}

#[tokio::test]
async fn a_public_key_is_no_shared_secret_and_a_signature_of_zeros_is_none() {
    let (curves, rsa) = (Curve::all(), Signer::new("RS256"));
    let verifier = verifier(&curves, &rsa, &["ES256", "ES384", "EdDSA", "RS256"]);
    for curve in &curves {
        for secret in [curve.public(), curve.jwk().to_string().into_bytes()] {
            for (alg, hash) in [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384)] {
                let header = json!({ "alg": alg, "typ": "at+jwt", "kid": curve.algorithm() });
                let message = message(&header, &claims());
                let tag = hmac::sign(&hmac::Key::new(hash, &secret), message.as_bytes());
                let forged = format!("{message}.{}", base64url(tag.as_ref()));
                assert!(verifier.principal(&forged, at(NOW)).await.is_err(), "{header}");
            }
        }
        // zeros were a valid signature of everything in Java (CVE-2022-21449)
        for length in [0, 1, 64, 96, 132] {
            let message = message(&curve.header(), &claims());
            let forged = format!("{message}.{}", base64url(&vec![0; length]));
            assert!(verifier.principal(&forged, at(NOW)).await.is_err(), "{length} zeros");
        }
    }
}

#[tokio::test]
async fn tokens_that_are_huge_or_deep_are_refused_and_harm_nobody() {
    let (curves, rsa) = (Curve::all(), Signer::new("RS256"));
    let verifier = verifier(&curves, &rsa, &["RS256"]);
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for (name, claims) in [
        ("deep", format!("{{\"sub\":\"maria\",\"roles\":{}}}", deep(100_000))),
        ("long subject", json!({ "sub": "x".repeat(1 << 20) }).to_string()),
        ("no object", deep(10)),
        ("not UTF-8 for JSON", "{\"sub\":\"\\ud800\"}".to_owned()),
        ("number without end", format!("{{\"exp\":{}}}", "9".repeat(1 << 20))),
        ("1e400", "{\"exp\":1e400}".to_owned()),
    ] {
        let token = rsa.sign_text(&rsa.header(), &claims);
        let refused = verifier.principal(&token, at(NOW)).await;
        assert!(matches!(refused, Err(Refused::InvalidToken(_))), "{name}: {refused:?}");
    }
    let nested = json!({ "alg": "RS256", "typ": "at+jwt", "kid": "k".repeat(1 << 20) });
    let within = rsa.sign(&rsa.header(), &claims());
    for token in [
        rsa.sign(&nested, &claims()),
        // a token as the claims of another (RFC 7519, 5.2)
        rsa.sign_text(
            &json!({ "alg": "RS256", "typ": "at+jwt", "cty": "JWT", "kid": "RS256" }),
            &within,
        ),
        "a.".repeat(1 << 20),
        ".".repeat(1 << 20),
        format!("{}.{}", base64url(deep(100_000).as_bytes()), base64url(b"{}")),
    ] {
        let refused = verifier.principal(&token, at(NOW)).await;
        let shown = &token[..token.len().min(80)];
        assert!(matches!(refused, Err(Refused::InvalidToken(_))), "{shown}: {refused:?}");
    }
    assert!(verifier.principal(&within, at(NOW)).await.is_ok());
}

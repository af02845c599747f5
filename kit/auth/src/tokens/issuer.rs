//! What is accepted of an issuer; nothing of it is taken from a token.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use http::Uri;
use jsonwebtoken::{Algorithm as Jws, AlgorithmFamily};

/// A signature algorithm with a public key. Those with a shared secret are none: who knows an issuer's public key could sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Algorithm(Jws);

impl Algorithm {
    /// The names of all, as tokens have them.
    pub const NAMES: [&'static str; 9] =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"];

    pub(super) const fn jws(self) -> Jws {
        self.0
    }

    pub(super) fn family(self) -> AlgorithmFamily {
        self.0.family()
    }
}

impl FromStr for Algorithm {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::NAMES.contains(&name).then(|| name.parse().ok()).flatten();
        known.map(Self).ok_or_else(|| format!("there are {}", Self::NAMES.join(", ")))
    }
}

/// The address of an issuer, or of its keys: HTTPS, or plain HTTP to this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerUrl {
    text: String,
    uri: Uri,
}

/// The text is no such address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} must be like https://login.example/realms/shop; http only to localhost, no user, no query"
)]
pub struct InvalidIssuerUrl(String);

impl IssuerUrl {
    /// As it was written; an issuer's name in tokens is the same, letter by letter.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is reached by TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    pub(super) const fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Whether another address is of the same server.
    pub(super) fn has_origin_of(&self, other: &Self) -> bool {
        self.uri.scheme() == other.uri.scheme() && self.uri.authority() == other.uri.authority()
    }

    /// Where its discovery document is.
    pub(super) fn discovery(&self) -> Result<Self, InvalidIssuerUrl> {
        format!("{}/.well-known/openid-configuration", self.text.trim_end_matches('/')).parse()
    }
}

impl FromStr for IssuerUrl {
    type Err = InvalidIssuerUrl;

    fn from_str(text: &str) -> Result<Self, InvalidIssuerUrl> {
        let invalid = || InvalidIssuerUrl(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| invalid())?;
        let authority = uri.authority().ok_or_else(invalid)?;
        let is_safe = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => is_loopback(authority.host()),
            _ => false,
        };
        if !is_safe || authority.as_str().contains('@') || uri.query().is_some() {
            return Err(invalid());
        }
        Ok(Self { text: text.to_owned(), uri })
    }
}

impl fmt::Display for IssuerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// What is accepted of an issuer.
#[derive(Clone, Debug)]
pub struct IssuerConfig {
    /// The issuer, as `iss` names it.
    pub issuer: IssuerUrl,
    /// Where its keys are; found by discovery on the issuer's own server where that is absent.
    pub keys_url: Option<IssuerUrl>,
    /// Whom tokens must be for, as `aud` names it.
    pub audience: String,
    /// The algorithms that they may be signed with.
    pub algorithms: Vec<Algorithm>,
    /// The values that their `typ` may have, in any case.
    pub types: Vec<String>,
    /// Longest time between `iat` and `exp`.
    pub lifetime_max: Duration,
    /// The claim that has the roles, with dots between the names of nested ones.
    pub roles_claim: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithms_with_a_shared_secret_are_none() {
        for name in Algorithm::NAMES {
            name.parse::<Algorithm>().unwrap();
        }
        for name in ["none", "HS256", "HS384", "HS512", "rs256", ""] {
            assert!(name.parse::<Algorithm>().is_err(), "{name}");
        }
    }

    #[test]
    fn issuers_are_reached_by_tls_or_on_this_machine() {
        for text in [
            "https://a",
            "https://a:1/b",
            "http://localhost:1",
            "http://127.0.0.1",
            "http://[::1]:9/x",
        ] {
            assert!(text.parse::<IssuerUrl>().is_ok(), "{text}");
        }
        for text in [
            "http://a",
            "https://u:p@a",
            "https://a?b",
            "file:///a",
            "a",
            "http://localhost.evil.example",
            "",
        ] {
            assert!(text.parse::<IssuerUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn discovery_is_below_the_issuer() {
        let of = |text: &str| text.parse::<IssuerUrl>().unwrap().discovery().unwrap().to_string();
        assert_eq!(of("https://a/b"), "https://a/b/.well-known/openid-configuration");
        assert_eq!(of("https://a/"), "https://a/.well-known/openid-configuration");
    }
}

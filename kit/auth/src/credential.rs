//! What a caller shows, from the headers of its request.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName};

use crate::keys::ApiKey;
use crate::refused::Refused;

/// Carries an API key.
pub const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Longest credential, in bytes; tokens with many roles have some thousands.
const LENGTH_MAX: usize = 8 * 1024;

/// What a caller shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Credential<'h> {
    /// A key of ours.
    Key(&'h str),
    /// A token of an issuer.
    Token(&'h str),
}

impl<'h> Credential<'h> {
    /// The credential of a request. Two of them are refused: to believe one and ignore the other would be a guess.
    pub fn of(headers: &'h HeaderMap) -> Result<Self, Refused> {
        let mut keys = headers.get_all(API_KEY).iter();
        let mut authorizations = headers.get_all(AUTHORIZATION).iter();
        let shown = [keys.next(), authorizations.next(), keys.next(), authorizations.next()];
        let text = |value: &'h http::HeaderValue| match value.to_str() {
            Ok(text) if text.len() <= LENGTH_MAX => Ok(text),
            Ok(_) => Err(Refused::Malformed("it is too long")),
            Err(_) => Err(Refused::Malformed("it has characters that are not visible ASCII")),
        };
        match shown {
            [None, None, ..] => Err(Refused::Missing),
            [Some(key), None, None, _] => Ok(Self::Key(text(key)?)),
            [None, Some(authorization), _, None] => bearer(text(authorization)?),
            _ => Err(Refused::Malformed("send one X-Api-Key or one Authorization header")),
        }
    }
}

fn bearer(authorization: &str) -> Result<Credential<'_>, Refused> {
    let (scheme, value) = authorization.split_once(' ').unwrap_or((authorization, ""));
    let value = value.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || value.is_empty() || value.contains(' ') {
        return Err(Refused::Malformed(
            "write Authorization: Bearer, a space, and the token or key",
        ));
    }
    Ok(if value.starts_with(ApiKey::PREFIX) {
        Credential::Key(value)
    } else {
        Credential::Token(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&'static str, &str)]) -> Result<&'static str, Refused> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        Credential::of(&headers).map(|credential| match credential {
            Credential::Key(_) => "key",
            Credential::Token(_) => "token",
        })
    }

    #[test]
    fn there_is_one_credential_in_one_of_two_headers() {
        assert_eq!(of(&[("x-api-key", "gk_a_b")]), Ok("key"));
        assert_eq!(of(&[("authorization", "Bearer gk_a_b")]), Ok("key"));
        assert_eq!(of(&[("authorization", "bearer a.b.c")]), Ok("token"));
        assert_eq!(of(&[]), Err(Refused::Missing));
        let two: [&[(&str, &str)]; 3] = [
            &[("x-api-key", "a"), ("authorization", "Bearer a.b.c")],
            &[("x-api-key", "a"), ("x-api-key", "a")],
            &[("authorization", "Bearer a"), ("authorization", "Bearer b")],
        ];
        for both in two {
            assert!(matches!(of(both), Err(Refused::Malformed(_))), "{both:?}");
        }
        for one in ["Basic YTpi", "Bearer", "Bearer ", "Bearer a b", "a.b.c", ""] {
            assert!(matches!(of(&[("authorization", one)]), Err(Refused::Malformed(_))), "{one}");
        }
        let long = "a".repeat(LENGTH_MAX + 1);
        assert!(matches!(of(&[("x-api-key", &long)]), Err(Refused::Malformed(_))));
    }
}

//! Where a cache takes purges, in which manner, and what proves that they are ours.

use std::fmt;
use std::str::FromStr;

use http::{HeaderValue, Uri};

use crate::port::NAME_LENGTH_MAX;

/// How a cache wants to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `PURGE /` with `xkey-softpurge`, as in the VCL in `deployment/varnish`.
    Varnish,
    /// `POST` with `Surrogate-Key`, as Fastly has it.
    SurrogateKey,
}

/// The address of a cache: `varnish://HOST:PORT`, or `surrogate-key://HOST:PORT/PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurgeUrl {
    pub(crate) dialect: Dialect,
    pub(crate) target: Uri,
    pub(crate) name: String,
}

/// The text is no such address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "an address for purges must be like varnish://10.0.0.9:6081 or surrogate-key://HOST:PORT/PATH, spoken to by plain HTTP: \
     a host of at most {NAME_LENGTH_MAX} bytes, no user and no query; a secret belongs into the token"
)]
pub struct InvalidPurgeUrl;

impl FromStr for PurgeUrl {
    type Err = InvalidPurgeUrl;

    fn from_str(text: &str) -> Result<Self, InvalidPurgeUrl> {
        let (scheme, place) = text.split_once("://").ok_or(InvalidPurgeUrl)?;
        let target: Uri = format!("http://{place}").parse().map_err(|_| InvalidPurgeUrl)?;
        let dialect = match scheme {
            "varnish" if target.path() == "/" => Dialect::Varnish,
            "surrogate-key" => Dialect::SurrogateKey,
            _ => return Err(InvalidPurgeUrl),
        };
        let name = target.authority().map(ToString::to_string).unwrap_or_default();
        let is_host = !name.is_empty() && !name.contains('@') && name.len() <= NAME_LENGTH_MAX;
        if !is_host || target.query().is_some() {
            return Err(InvalidPurgeUrl);
        }
        Ok(Self { dialect, target, name })
    }
}

/// What a purge brings to prove where it comes from; never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct PurgeToken(pub(crate) HeaderValue);

/// The text is no token; it is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a token for purges must be visible ASCII")]
pub struct InvalidPurgeToken;

impl FromStr for PurgeToken {
    type Err = InvalidPurgeToken;

    fn from_str(text: &str) -> Result<Self, InvalidPurgeToken> {
        let mut value = HeaderValue::from_str(text).map_err(|_| InvalidPurgeToken)?;
        value.set_sensitive(true);
        if text.is_empty() { Err(InvalidPurgeToken) } else { Ok(Self(value)) }
    }
}

impl fmt::Debug for PurgeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PurgeToken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_where_and_how() {
        let parse = |text: &str| text.parse::<PurgeUrl>().unwrap();
        let varnish = parse("varnish://10.0.0.9:6081");
        assert_eq!(varnish.target, "http://10.0.0.9:6081/");
        assert_eq!((varnish.dialect, &*varnish.name), (Dialect::Varnish, "10.0.0.9:6081"));
        let other = parse("surrogate-key://[::1]:80/service/a/purge");
        assert_eq!(other.target, "http://[::1]:80/service/a/purge");
        assert_eq!((other.dialect, &*other.name), (Dialect::SurrogateKey, "[::1]:80"));
        let long = format!("varnish://{}", "a".repeat(NAME_LENGTH_MAX + 1));
        for wrong in ["", "varnish:", "varnish://", "varnish://a/b", "http://a", &long] {
            assert!(wrong.parse::<PurgeUrl>().is_err(), "{wrong:?}");
        }
        for secret in ["varnish://u:hidden@h", "surrogate-key://h/p?token=hidden"] {
            let told = secret.parse::<PurgeUrl>().unwrap_err().to_string();
            assert!(!told.contains("hidden"), "{told}");
        }
    }

    #[test]
    fn a_token_is_not_shown() {
        let token: PurgeToken = "hidden".parse().unwrap();
        assert!(!format!("{token:?} {:?}", token.0).contains("hidden"));
        let told = "hid\nden".parse::<PurgeToken>().unwrap_err().to_string();
        assert!(!told.contains("hid"), "{told}");
        assert!("".parse::<PurgeToken>().is_err());
    }
}

//! Where a process of a service is reached.

use std::fmt;
use std::str::FromStr;

use http::Uri;
use http::uri::Authority;

/// The address of a process: `http://HOST:PORT`, and nothing after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceUrl(Authority);

/// The text is no such address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} must be like http://10.0.0.7:8080: plain HTTP, a host, perhaps a port, no path and no user"
)]
pub struct InvalidUrl {
    text: String,
}

impl ServiceUrl {
    /// Host and port.
    pub fn authority(&self) -> &Authority {
        &self.0
    }
}

impl FromStr for ServiceUrl {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        let invalid = || InvalidUrl { text: text.to_owned() };
        let uri: Uri = text.parse().map_err(|_| invalid())?;
        let plain = uri.scheme_str() == Some("http") && uri.path() == "/" && uri.query().is_none();
        match uri.authority() {
            Some(authority) if plain && !authority.as_str().contains('@') => {
                Ok(Self(authority.clone()))
            }
            _ => Err(invalid()),
        }
    }
}

impl fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::ServiceUrl;

    #[test]
    fn an_address_is_a_host_and_nothing_else() {
        for text in ["http://a:8080", "http://127.0.0.1:1/", "http://[::1]:80", "http://host"] {
            assert!(text.parse::<ServiceUrl>().is_ok(), "{text}");
        }
        for text in
            ["a:80", "https://a", "http://a/b", "http://a/?b", "http://u:p@a", "http://", ""]
        {
            assert!(text.parse::<ServiceUrl>().is_err(), "{text}");
        }
    }
}

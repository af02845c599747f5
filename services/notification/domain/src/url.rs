//! Where a webhook is sent.

use std::fmt;

/// An absolute address with a host: `https://HOST[:PORT][/PATH][?QUERY]`, or `http://...` where that is allowed.
///
/// It is what people wrote, checked for its form. Whether the host may be reached is asked before every attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointUrl(Box<str>);

/// The text is no such address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} must be like https://shop.example/hooks/stock: at most {max} visible ASCII characters, with a host and \
     without user, password and fragment",
    max = EndpointUrl::LENGTH_MAX
)]
pub struct InvalidEndpointUrl {
    text: String,
}

impl EndpointUrl {
    /// Most characters.
    pub const LENGTH_MAX: usize = 1_024;

    /// Checks a text.
    pub fn new(text: &str) -> Result<Self, InvalidEndpointUrl> {
        let invalid = || InvalidEndpointUrl { text: text.chars().take(80).collect() };
        let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if text.len() > Self::LENGTH_MAX || !is_visible || text.contains(['#', '\\']) {
            return Err(invalid());
        }
        let after_scheme = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let rest = after_scheme.ok_or_else(invalid)?;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if authority.is_empty() || authority.starts_with(':') || authority.contains('@') {
            return Err(invalid());
        }
        Ok(Self(text.into()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_no_secrets_of_its_own() {
        for text in ["https://a.example", "https://a.example:8443/b?c=d", "http://127.0.0.1:1/"] {
            assert_eq!(EndpointUrl::new(text).unwrap().as_str(), text);
        }
        let long = format!("https://a.example/{}", "x".repeat(EndpointUrl::LENGTH_MAX));
        let wrong = [
            "",
            "a.example",
            "ftp://a.example",
            "file:///etc/passwd",
            "https://",
            "https:///b",
            "https://:443/",
            "https://user:word@a.example",
            "https://a.example/#b",
            "https://a.example/ b",
            "https://ä.example",
            "https://a.example\\@b.example",
            "HTTPS://a.example",
            &long,
        ];
        for text in wrong {
            assert!(EndpointUrl::new(text).is_err(), "{text}");
        }
    }
}

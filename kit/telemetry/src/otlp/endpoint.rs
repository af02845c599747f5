//! Where a collector is, and what it wants to be told with each request.

use std::str::FromStr;

use http::{HeaderName, HeaderValue, Uri};
use percent_encoding::percent_decode_str;

use crate::secrets::without_passwords;

/// What is behind the base of a collector's address.
const TRACES: &str = "v1/traces";

/// The base address of a collector that takes OTLP over HTTP, such as `http://localhost:4318`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtlpEndpoint(Uri);

/// The text is no address of a collector.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} must be the base address of a collector, like http://localhost:4318 or https://HOST/PATH, without user, \
     query and /v1/traces; secrets belong into the headers"
)]
pub struct InvalidEndpoint {
    text: String,
}

impl OtlpEndpoint {
    /// Whether the connection is encrypted.
    pub fn is_https(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }

    /// Where traces go.
    pub(super) fn traces(&self) -> &Uri {
        &self.0
    }
}

impl FromStr for OtlpEndpoint {
    type Err = InvalidEndpoint;

    fn from_str(text: &str) -> Result<Self, InvalidEndpoint> {
        let invalid = || InvalidEndpoint { text: without_passwords(text).into_owned() };
        let base: Uri = text.parse().map_err(|_| invalid())?;
        let has_scheme =
            base.scheme_str().is_some_and(|scheme| ["http", "https"].contains(&scheme));
        let has_user = base.authority().is_some_and(|place| place.as_str().contains('@'));
        if !has_scheme || has_user || base.query().is_some() || base.path().ends_with(TRACES) {
            return Err(invalid());
        }
        let whole = format!("{}/{TRACES}", text.trim_end_matches('/'));
        whole.parse().map(Self).map_err(|_| invalid())
    }
}

/// A header of each request to a collector, as in `Authorization=Api-Token abc`; never shown. A comma within the value is
/// written `%2C`.
#[derive(Clone, PartialEq, Eq)]
pub struct OtlpHeader {
    pub(super) name: HeaderName,
    pub(super) value: HeaderValue,
}

/// The text is no header; it is not repeated, since it may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a header must be NAME=VALUE, with a comma in the value written %2C")]
pub struct InvalidHeader;

impl std::fmt::Debug for OtlpHeader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={}", self.name, crate::HIDDEN)
    }
}

impl FromStr for OtlpHeader {
    type Err = InvalidHeader;

    fn from_str(text: &str) -> Result<Self, InvalidHeader> {
        let (name, value) = text.split_once('=').ok_or(InvalidHeader)?;
        let value = percent_decode_str(value.trim()).decode_utf8().map_err(|_| InvalidHeader)?;
        let mut value = HeaderValue::try_from(&*value).map_err(|_| InvalidHeader)?;
        value.set_sensitive(true);
        Ok(Self { name: name.trim().parse().map_err(|_| InvalidHeader)?, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_have_a_place_below_the_base() {
        let traces = |text: &str| text.parse::<OtlpEndpoint>().unwrap().0.to_string();
        assert_eq!(traces("http://localhost:4318"), "http://localhost:4318/v1/traces");
        assert_eq!(traces("http://localhost:4318/"), "http://localhost:4318/v1/traces");
        let dynatrace = "https://abc.live.dynatrace.com/api/v2/otlp";
        assert_eq!(traces(dynatrace), format!("{dynatrace}/v1/traces"));
        for text in [
            "localhost:4318",
            "http://u:p@h",
            "http://h/?a=b",
            "http://h/v1/traces",
            "grpc://h",
            "",
        ] {
            let refused = text.parse::<OtlpEndpoint>().unwrap_err().to_string();
            assert!(!refused.contains("u:p"), "{refused}");
        }
    }

    #[test]
    fn a_header_keeps_its_secret() {
        let header: OtlpHeader = "Authorization=Api-Token dt0c01.a%2Cb=".parse().unwrap();
        assert_eq!(header.name, "authorization");
        assert_eq!(header.value, "Api-Token dt0c01.a,b=");
        assert_eq!(format!("{header:?}"), "authorization=***");
        assert_eq!("Api-Token".parse::<OtlpHeader>(), Err(InvalidHeader));
        assert_eq!("a b=c".parse::<OtlpHeader>(), Err(InvalidHeader));
        assert_eq!("a=c\n".parse::<OtlpHeader>().unwrap().value, "c");
        assert_eq!("a=b\nc".parse::<OtlpHeader>(), Err(InvalidHeader));
    }
}

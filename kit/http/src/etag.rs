//! Entity tags made of versions: conditional reads and conditional changes.

use std::fmt;

use http::header::{IF_MATCH, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue};

use crate::{Problem, only_header};

/// The `ETag` of a thing at a version.
///
/// Strong where the version fixes every byte of the answer; weak where the answer also holds such things as the time it
/// was made. Whatever changes the answer's meaning must change the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ETag {
    version: u64,
    weak: bool,
}

impl ETag {
    /// `"7"`.
    #[must_use]
    pub const fn strong(version: u64) -> Self {
        Self { version, weak: false }
    }

    /// `W/"7"`.
    #[must_use]
    pub const fn weak(version: u64) -> Self {
        Self { version, weak: true }
    }

    /// The value for the `ETag` header.
    #[expect(clippy::missing_panics_doc, reason = "digits and quotes are a valid header value")]
    pub fn header_value(self) -> HeaderValue {
        HeaderValue::from_str(&self.to_string()).expect("digits and quotes are visible ASCII")
    }

    /// Whether the caller already has this version (`If-None-Match`, weak comparison): answer 304.
    pub fn matches(self, headers: &HeaderMap) -> bool {
        let tags = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        tags.flat_map(|list| list.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || parse(tag) == Some(self.version))
    }

    /// The version that the caller wants to change (`If-Match`); `None` where any will do.
    ///
    /// One tag or `*` is understood; anything else is 400. A weak tag is as good as a strong one, unlike RFC 9110 has it:
    /// what is compared is the version, and that never stands for two states. So every `ETag` can be sent back as it is.
    pub fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
        let Some(value) = only_header(headers, &IF_MATCH)? else {
            return Ok(None);
        };
        match value.to_str().map(str::trim) {
            Ok("*") => Ok(None),
            Ok(tag) => match parse(tag) {
                Some(version) => Ok(Some(version)),
                None => Err(Problem::bad_request(format!(
                    "header if-match: {tag:?} is not one entity tag as an ETag header gave it"
                ))),
            },
            Err(_) => Err(Problem::bad_request("header if-match is not ASCII")),
        }
    }
}

/// The version of a tag in our form, weak or strong.
fn parse(tag: &str) -> Option<u64> {
    let opaque = tag.strip_prefix("W/").unwrap_or(tag);
    let digits = opaque.strip_prefix('"')?.strip_suffix('"')?;
    let only_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| only_digits)
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\"{}\"", if self.weak { "W/" } else { "" }, self.version)
    }
}

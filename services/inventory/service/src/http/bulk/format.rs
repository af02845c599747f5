//! How a bulk write is written: a line for each command, or one JSON array of all.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use kit_http::Problem;

/// Newline-delimited JSON under its usual name, and the others that it has.
const NDJSON: [&str; 3] = ["application/x-ndjson", "application/jsonl", "application/json-seq"];

const JSON: &str = "application/json";

/// A way to write commands, or their answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// A line for each, without an end that had to be known.
    Lines,
    /// One array, for clients that read a body as a whole.
    Array,
}

impl Format {
    /// How the commands of a request are written.
    pub(super) fn of_commands(headers: &HeaderMap) -> Result<Self, Problem> {
        let media_type = media_types(headers, &CONTENT_TYPE).next().unwrap_or_default();
        Self::named(&media_type).ok_or_else(|| {
            Problem::unsupported_media_type(
                "send Content-Type: application/json with an array of commands, or application/x-ndjson with one JSON \
                 object a line",
            )
        })
    }

    /// How the answers are to be written: as the commands, unless the caller accepts only the other way.
    pub(super) fn of_answers(self, headers: &HeaderMap) -> Self {
        let accepted = media_types(headers, &ACCEPT).filter_map(|it| Self::named(&it));
        let accepted: Vec<Self> = accepted.collect();
        match accepted.first() {
            Some(other) if !accepted.contains(&self) => *other,
            _ => self,
        }
    }

    fn named(media_type: &str) -> Option<Self> {
        if media_type == JSON {
            Some(Self::Array)
        } else {
            NDJSON.contains(&media_type).then_some(Self::Lines)
        }
    }

    /// The media type of answers.
    pub(super) const fn media_type(self) -> HeaderValue {
        match self {
            Self::Lines => HeaderValue::from_static(NDJSON[0]),
            Self::Array => HeaderValue::from_static(JSON),
        }
    }
}

/// The media types that a header names, without parameters.
fn media_types(headers: &HeaderMap, name: &HeaderName) -> impl Iterator<Item = String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let types = values.flat_map(|value| value.split(','));
    types.map(|one| one.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(content_type: &'static str, accept: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        headers
    }

    #[test]
    fn answers_are_written_as_the_commands_unless_only_the_other_way_is_accepted() {
        for (content_type, accept, expected) in [
            ("application/json; charset=utf-8", "*/*", Format::Array),
            ("application/json", "application/json, application/x-ndjson", Format::Array),
            ("application/json", "application/x-ndjson", Format::Lines),
            ("application/x-ndjson", "", Format::Lines),
            ("application/jsonl", "application/json;q=0.9, application/jsonl", Format::Lines),
            ("application/x-ndjson", "Application/JSON, application/problem+json", Format::Array),
            ("application/x-ndjson", "text/html", Format::Lines),
        ] {
            let headers = headers(content_type, accept);
            let commands = Format::of_commands(&headers).unwrap();
            assert_eq!(commands.of_answers(&headers), expected, "{content_type} {accept}");
        }
        let refused = Format::of_commands(&headers("text/plain", "*/*")).unwrap_err();
        assert_eq!(refused.status(), 415);
    }
}

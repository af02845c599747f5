//! What caches in front of the servers, such as a CDN, may keep of answers that are the same for all who ask.

use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderName, HeaderValue};

/// The keys by which an answer can be purged, with spaces between them; as CDNs call it.
pub const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");

/// How long caches in front of the servers may keep public answers, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EdgeLifetimes {
    /// They answer with it without asking; 0 for never.
    pub fresh: u32,
    /// They may answer with it for so much longer while they fetch a newer one.
    pub while_revalidate: u32,
    /// They may answer with it for so much longer while the servers fail.
    pub if_error: u32,
}

/// How public answers are marked.
#[derive(Clone, Debug, Default)]
pub struct EdgeCaching(Option<HeaderValue>);

impl EdgeCaching {
    /// Nothing in front keeps answers: each reader asks again. Also what a lifetime of 0 comes to.
    pub const OFF: Self = Self(None);

    /// Caches in front keep answers, and they are purged by the keys of what has changed. Browsers ask each time, since no
    /// purge reaches them.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "words and digits are a valid header value")]
    pub fn keeping(lifetimes: EdgeLifetimes) -> Self {
        let EdgeLifetimes { fresh, while_revalidate, if_error } = lifetimes;
        if fresh == 0 {
            return Self::OFF;
        }
        let mut value = format!("public, max-age=0, s-maxage={fresh}");
        for (name, seconds) in
            [("stale-while-revalidate", while_revalidate), ("stale-if-error", if_error)]
        {
            if seconds > 0 {
                value = format!("{value}, {name}={seconds}");
            }
        }
        Self(Some(HeaderValue::try_from(value).expect("words and digits are visible ASCII")))
    }

    /// Marks an answer that is the same for all who ask, and not about a position that one of them has seen; `keys` gives its
    /// surrogate keys. A 304 is marked as the answer that it stands for. Never an error: no key would expire it.
    pub fn public(&self, keys: impl FnOnce() -> String, answer: impl IntoResponse) -> Response {
        let mut answer = answer.into_response();
        let headers = answer.headers_mut();
        let Some(keep) = &self.0 else {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            return answer;
        };
        // without keys it could not be purged
        if let Ok(keys) = HeaderValue::try_from(keys()) {
            headers.insert(CACHE_CONTROL, keep.clone());
            headers.insert(SURROGATE_KEY, keys);
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(lifetimes: EdgeLifetimes) -> [Option<String>; 2] {
        let answer = EdgeCaching::keeping(lifetimes).public(|| "a b".to_owned(), "body");
        [CACHE_CONTROL, SURROGATE_KEY]
            .map(|name| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()))
    }

    #[test]
    fn without_a_cache_in_front_every_reader_asks_again() {
        assert_eq!(marked(EdgeLifetimes::default()), [Some("no-cache".to_owned()), None]);
        let stale_only = EdgeLifetimes { fresh: 0, while_revalidate: 5, if_error: 5 };
        assert_eq!(marked(stale_only), [Some("no-cache".to_owned()), None]);
    }

    #[test]
    fn with_one_it_alone_keeps_the_answer_under_its_keys() {
        let lifetimes = EdgeLifetimes { fresh: 30, while_revalidate: 0, if_error: 600 };
        let value = "public, max-age=0, s-maxage=30, stale-if-error=600";
        assert_eq!(marked(lifetimes), [Some(value.to_owned()), Some("a b".to_owned())]);
        let lifetimes = EdgeLifetimes { fresh: 1, while_revalidate: 2, if_error: 0 };
        let value = "public, max-age=0, s-maxage=1, stale-while-revalidate=2";
        assert_eq!(marked(lifetimes)[0].as_deref(), Some(value));
    }
}

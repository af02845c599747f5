//! Caches that are purged by HTTP.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request};
use http_body_util::{BodyExt as _, Empty, Limited};
use kit_http::SURROGATE_KEY;
use kit_http_client::{Connections, connections, innermost};

use crate::address::{Dialect, PurgeToken, PurgeUrl};
use crate::port::{EdgeCache, PurgeError};

/// How long a cache may take to answer, connection included.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);

/// Unused connections that are kept: purges of one cache follow each other, but for those that are repeated.
const IDLE_MAX: usize = 2;

/// Bytes of an answer that are read, so that its connection can be used again.
const ANSWER_BYTES_MAX: usize = 64 << 10;

impl Dialect {
    fn method(self) -> Method {
        match self {
            Self::Varnish => Method::from_bytes(b"PURGE").unwrap_or_default(),
            Self::SurrogateKey => Method::POST,
        }
    }

    /// Where the keys stand.
    const fn keys(self) -> HeaderName {
        match self {
            Self::Varnish => HeaderName::from_static("xkey-softpurge"),
            Self::SurrogateKey => SURROGATE_KEY,
        }
    }

    /// Where the token stands.
    const fn token(self) -> HeaderName {
        match self {
            Self::Varnish => HeaderName::from_static("x-purge-token"),
            Self::SurrogateKey => HeaderName::from_static("fastly-key"),
        }
    }
}

/// Asks a cache for soft purges: what is purged is expired, and kept for the time that it may be shown while the servers
/// fail.
pub struct HttpEdgeCache {
    connections: Connections<Empty<Bytes>>,
    url: PurgeUrl,
    token: Option<PurgeToken>,
}

impl HttpEdgeCache {
    /// A cache at an address. It is reached when it is first needed.
    pub fn new(url: PurgeUrl, token: Option<PurgeToken>) -> Self {
        Self { connections: connections(IDLE_MAX), url, token }
    }

    fn request(&self, keys: &[String]) -> Result<Request<Empty<Bytes>>, PurgeError> {
        let PurgeUrl { dialect, target, .. } = &self.url;
        let keys = HeaderValue::try_from(keys.join(" "));
        let keys = keys.map_err(|error| PurgeError(format!("a key is no text: {error}")))?;
        let mut request = Request::new(Empty::new());
        *request.method_mut() = dialect.method();
        *request.uri_mut() = target.clone();
        let headers = request.headers_mut();
        headers.insert(dialect.keys(), keys);
        if let Some(PurgeToken(token)) = &self.token {
            headers.insert(dialect.token(), token.clone());
        }
        if *dialect == Dialect::SurrogateKey {
            headers.insert("fastly-soft-purge", HeaderValue::from_static("1"));
        }
        Ok(request)
    }

    async fn ask(&self, keys: &[String]) -> Result<(), PurgeError> {
        let asked = self.connections.request(self.request(keys)?).await;
        let answer = asked.map_err(|error| PurgeError(innermost(&error)))?;
        let status = answer.status();
        // what it says beside its status is nothing to act on
        drop(Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await);
        if status.is_success() { Ok(()) } else { Err(PurgeError(format!("it answered {status}"))) }
    }
}

#[async_trait]
impl EdgeCache for HttpEdgeCache {
    fn name(&self) -> &str {
        &self.url.name
    }

    async fn purge(&self, keys: &[String]) -> Result<(), PurgeError> {
        let answered = tokio::time::timeout(ANSWER_TIMEOUT, self.ask(keys)).await;
        let seconds = ANSWER_TIMEOUT.as_secs();
        answered.unwrap_or_else(|_| Err(PurgeError(format!("no answer within {seconds} s"))))
    }
}

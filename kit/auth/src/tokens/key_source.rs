//! Where an issuer's keys come from: addresses of the configuration, and nothing that a token names.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::ACCEPT;
use http::{HeaderValue, Request};
use http_body_util::{BodyExt as _, Empty, Limited};
use kit_http_client::{OutsideConnections, innermost, outside_connections};
use serde::Deserialize;

use super::issuer::{IssuerConfig, IssuerUrl};
use super::key_set::KeySet;

/// How long a document may take, connection included.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

/// Longest document, in bytes.
const DOCUMENT_BYTES_MAX: usize = 256 * 1024;

/// An issuer's keys cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// A document was not given.
    #[error("{url} was not given: {why}")]
    Unanswered {
        /// Where it should be.
        url: String,
        /// What happened.
        why: String,
    },
    /// The discovery document is not of this issuer, or says no place of keys that is accepted.
    #[error("the discovery document of {issuer} cannot be used: {why}")]
    Discovery {
        /// The issuer.
        issuer: String,
        /// Why.
        why: String,
    },
    /// The document of keys has none.
    #[error("the document of keys cannot be used: {0}")]
    NoKeys(String),
}

/// Gives an issuer's keys as they are now.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// Fetches them, in seconds at most.
    async fn fetch(&self) -> Result<KeySet, FetchError>;
}

/// Fetches keys over HTTP. Redirects are not followed.
pub(super) struct HttpKeySource {
    connections: OutsideConnections<Empty<Bytes>>,
    issuer: IssuerUrl,
    keys_url: Option<IssuerUrl>,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl HttpKeySource {
    pub(super) fn new(config: &IssuerConfig) -> std::io::Result<Self> {
        Ok(Self {
            connections: outside_connections()?,
            issuer: config.issuer.clone(),
            keys_url: config.keys_url.clone(),
        })
    }

    /// Where the keys are.
    async fn keys_url(&self) -> Result<IssuerUrl, FetchError> {
        if let Some(url) = &self.keys_url {
            return Ok(url.clone());
        }
        let unusable =
            |why: String| FetchError::Discovery { issuer: self.issuer.as_str().to_owned(), why };
        let url = self.issuer.discovery().map_err(|error| unusable(error.to_string()))?;
        let document = self.get(&url).await?;
        let found: Discovery =
            serde_json::from_slice(&document).map_err(|error| unusable(error.to_string()))?;
        if found.issuer != self.issuer.as_str() {
            return Err(unusable(format!("it is of {:?}", found.issuer)));
        }
        let keys: IssuerUrl =
            found.jwks_uri.parse().map_err(|error| unusable(format!("jwks_uri: {error}")))?;
        if !keys.has_origin_of(&self.issuer) {
            return Err(unusable(format!("its keys are on another server: configure {keys}")));
        }
        Ok(keys)
    }

    async fn get(&self, url: &IssuerUrl) -> Result<Bytes, FetchError> {
        let answered = tokio::time::timeout(FETCH_TIMEOUT, self.ask(url)).await;
        let answered = answered
            .unwrap_or_else(|_| Err(format!("no answer within {} s", FETCH_TIMEOUT.as_secs())));
        answered.map_err(|why| FetchError::Unanswered { url: url.to_string(), why })
    }

    async fn ask(&self, url: &IssuerUrl) -> Result<Bytes, String> {
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = url.uri().clone();
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        let answer = self.connections.request(request).await.map_err(|error| innermost(&error))?;
        if answer.status() != http::StatusCode::OK {
            return Err(format!("it answered {}", answer.status()));
        }
        let body = Limited::new(answer.into_body(), DOCUMENT_BYTES_MAX).collect().await;
        Ok(body.map_err(|error| error.to_string())?.to_bytes())
    }
}

#[async_trait]
impl KeySource for HttpKeySource {
    async fn fetch(&self) -> Result<KeySet, FetchError> {
        let url = self.keys_url().await?;
        KeySet::parse(&self.get(&url).await?)
    }
}

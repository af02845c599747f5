//! One request to a collector.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::{OtlpEndpoint, OtlpHeader};

#[cfg(feature = "tls")]
type Connector = hyper_rustls::HttpsConnector<HttpConnector>;
#[cfg(not(feature = "tls"))]
type Connector = HttpConnector;

/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long a collector may take to answer, connection included.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes of an answer that are read, so that its connection can be used again.
const ANSWER_BYTES_MAX: usize = 64 << 10;

const PROTOBUF: HeaderValue = HeaderValue::from_static("application/x-protobuf");
const US: HeaderValue = HeaderValue::from_static(concat!("gondola/", env!("CARGO_PKG_VERSION")));

/// Sends requests.
pub(super) struct Client {
    hyper: HyperClient<Connector, Full<Bytes>>,
    endpoint: OtlpEndpoint,
    headers: Vec<OtlpHeader>,
}

impl Client {
    pub(super) fn new(endpoint: OtlpEndpoint, headers: Vec<OtlpHeader>) -> std::io::Result<Self> {
        let mut builder = HyperClient::builder(TokioExecutor::new());
        let hyper = builder.pool_timer(TokioTimer::new()).build(connector()?);
        Ok(Self { hyper, endpoint, headers })
    }

    /// Sends a request; the error says in words why it was not taken.
    pub(super) async fn send(&self, body: Vec<u8>) -> Result<(), String> {
        let answered = tokio::time::timeout(ANSWER_TIMEOUT, self.ask(body)).await;
        answered.unwrap_or_else(|_| Err(format!("no answer within {} s", ANSWER_TIMEOUT.as_secs())))
    }

    async fn ask(&self, body: Vec<u8>) -> Result<(), String> {
        let mut request = Request::new(Full::from(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.endpoint.traces().clone();
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, PROTOBUF);
        headers.insert(USER_AGENT, US);
        for OtlpHeader { name, value } in &self.headers {
            headers.insert(name, value.clone());
        }
        let answer = self.hyper.request(request).await.map_err(|error| innermost(&error))?;
        let status = answer.status();
        // what it says beside its status is nothing to act on
        drop(Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await);
        if status.is_success() { Ok(()) } else { Err(format!("it answered {status}")) }
    }
}

fn http() -> HttpConnector {
    let mut http = HttpConnector::new();
    http.set_nodelay(true);
    http.set_connect_timeout(Some(CONNECT_TIMEOUT));
    http
}

#[cfg(not(feature = "tls"))]
#[expect(clippy::unnecessary_wraps, reason = "with TLS the machine's certificates may be missing")]
fn connector() -> std::io::Result<Connector> {
    Ok(http())
}

/// With the certificates that the machine trusts.
#[cfg(feature = "tls")]
fn connector() -> std::io::Result<Connector> {
    let mut http = http();
    http.enforce_http(false);
    let builder = hyper_rustls::HttpsConnectorBuilder::new().with_native_roots()?;
    Ok(builder.https_or_http().enable_http1().wrap_connector(http))
}

/// The reason behind an error's reasons.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.last().map_or_else(String::new, ToString::to_string)
}

//! One request to a collector.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt as _, Full, Limited};
use kit_http_client::{OutsideConnections, innermost, outside_connections};

use super::{OtlpEndpoint, OtlpHeader};

/// How long a collector may take to answer, connection included.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes of an answer that are read, so that its connection can be used again.
const ANSWER_BYTES_MAX: usize = 64 << 10;

const PROTOBUF: HeaderValue = HeaderValue::from_static("application/x-protobuf");
const US: HeaderValue = HeaderValue::from_static(concat!("gondola/", env!("CARGO_PKG_VERSION")));

/// Sends requests.
pub(super) struct Client {
    connections: OutsideConnections<Full<Bytes>>,
    endpoint: OtlpEndpoint,
    headers: Vec<OtlpHeader>,
}

impl Client {
    pub(super) fn new(endpoint: OtlpEndpoint, headers: Vec<OtlpHeader>) -> std::io::Result<Self> {
        Ok(Self { connections: outside_connections()?, endpoint, headers })
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
        let answer = self.connections.request(request).await.map_err(|error| innermost(&error))?;
        let status = answer.status();
        // what it says beside its status is nothing to act on
        drop(Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await);
        if status.is_success() { Ok(()) } else { Err(format!("it answered {status}")) }
    }
}

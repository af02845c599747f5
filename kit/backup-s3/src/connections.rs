//! Requests to an object store, over the connections to others that everything here has.

use std::time::Duration;

use async_trait::async_trait;
use http_body_util::BodyExt as _;
use kit_http_client::{OutsideConnections, certificate_fault, innermost, outside_connections};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody,
    HttpResponse, HttpResponseBody, HttpService,
};

/// How long a request may take until its answer begins; some megabytes are sent meanwhile.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(1);

/// Makes clients for the library.
#[derive(Debug)]
pub(crate) struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, _options: &ClientOptions) -> object_store::Result<HttpClient> {
        let connections = outside_connections().map_err(|source| object_store::Error::Generic {
            store: "S3",
            source: Box::new(source),
        })?;
        Ok(HttpClient::new(Connections(connections)))
    }
}

#[derive(Debug)]
struct Connections(OutsideConnections<HttpRequestBody>);

#[async_trait]
impl HttpService for Connections {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answered = tokio::time::timeout(ANSWER_TIMEOUT, self.0.request(request)).await;
        let answered = answered.map_err(|_| {
            let told = format!("no answer within {} s", ANSWER_TIMEOUT.as_secs());
            HttpError::new(HttpErrorKind::Timeout, Failed(told))
        })?;
        let (parts, body) = answered
            .map_err(|error| {
                let kind = if error.is_connect() {
                    HttpErrorKind::Connect
                } else {
                    HttpErrorKind::Interrupted
                };
                HttpError::new(kind, Failed::told(&error))
            })?
            .into_parts();
        let body =
            body.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, Failed::told(&error)));
        Ok(HttpResponse::from_parts(parts, HttpResponseBody::new(body)))
    }
}

/// Why there is no answer, in words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Failed(String);

impl Failed {
    fn told(error: &(dyn std::error::Error + 'static)) -> Self {
        Self(certificate_fault(error).unwrap_or_else(|| innermost(error)))
    }
}

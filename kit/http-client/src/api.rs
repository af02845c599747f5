//! An API as a command for people asks it: one request after another, with an API key, and answers of JSON.

use std::str::FromStr;
use std::time::Duration;

use http::uri::{Authority, Scheme};
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use serde_json::Value;
use tokio::time::timeout;

use crate::connections::innermost;
use crate::outside::{OutsideConnections, outside_connections};
use crate::peer::API_KEY;

/// How long an answer may take: longer than a server takes by itself.
const ANSWER_WAIT: Duration = Duration::from_mins(1);

/// How long a file may take, on its way there or back.
const FILE_WAIT: Duration = Duration::from_mins(15);

/// Most bytes of an answer.
const ANSWER_BYTES_MAX: usize = 16 << 20;

/// Where an API is reached: `http://HOST:PORT` or `https://HOST:PORT`, and nothing after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiUrl(Scheme, Authority);

/// The text is no such address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this must be like http://127.0.0.1:8000 or https://stock.example.com: a host, perhaps a port, no path and no user"
)]
pub struct InvalidApiUrl;

/// An answer that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiAnswer {
    /// Its status.
    pub status: StatusCode,
    /// Its body; null when it has none.
    pub body: Value,
}

/// There is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The request cannot be written.
    #[error("{0:?} is no path of an API")]
    Path(String),
    /// The server did not answer, or not in JSON.
    #[error("no answer from {server}: {why}; is this its address, and does it run?")]
    Unanswered {
        /// Where it was expected.
        server: String,
        /// What happened.
        why: String,
    },
}

/// An API, asked with a key if there is one.
pub struct ApiClient {
    url: ApiUrl,
    key: Option<HeaderValue>,
    connections: OutsideConnections<Full<Bytes>>,
}

impl ApiClient {
    /// An API at an address. Fails where TLS is built in and the machine's certificates cannot be read.
    pub fn new(url: ApiUrl, key: Option<HeaderValue>) -> std::io::Result<Self> {
        Ok(Self { url, key, connections: outside_connections()? })
    }

    /// What is at a path.
    pub async fn get(&self, path: &str) -> Result<ApiAnswer, ApiError> {
        self.send(Method::GET, path, None).await
    }

    /// Posts JSON to a path.
    pub async fn post(&self, path: &str, body: &Value) -> Result<ApiAnswer, ApiError> {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Posts a file of a media type to a path.
    pub async fn send_file(
        &self,
        path: &str,
        media_type: &'static str,
        file: Vec<u8>,
    ) -> Result<ApiAnswer, ApiError> {
        let mut request = self.request(Method::POST, path, None)?;
        *request.body_mut() = Full::new(file.into());
        let media_type = HeaderValue::from_static(media_type);
        request.headers_mut().insert(header::CONTENT_TYPE, media_type);
        self.within(FILE_WAIT, self.read(request)).await
    }

    /// Gets a file piece by piece; what is answered instead of one, if it is.
    pub async fn download(
        &self,
        path: &str,
        take: impl FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<Option<ApiAnswer>, ApiError> {
        let request = self.request(Method::GET, path, None)?;
        self.within(FILE_WAIT, self.take(request, take)).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<ApiAnswer, ApiError> {
        let request = self.request(method, path, body)?;
        self.within(ANSWER_WAIT, self.read(request)).await
    }

    async fn within<T>(
        &self,
        wait: Duration,
        answer: impl Future<Output = Result<T, String>>,
    ) -> Result<T, ApiError> {
        let late = || Err(format!("nothing within {} s", wait.as_secs()));
        let answer = timeout(wait, answer).await.unwrap_or_else(|_| late());
        answer.map_err(|why| ApiError::Unanswered { server: self.url.to_string(), why })
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Request<Full<Bytes>>, ApiError> {
        let ApiUrl(scheme, authority) = &self.url;
        let place = Uri::builder()
            .scheme(scheme.clone())
            .authority(authority.clone())
            .path_and_query(path)
            .build()
            .map_err(|_| ApiError::Path(path.to_owned()))?;
        let bytes = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let mut request = Request::new(Full::new(bytes));
        *request.method_mut() = method;
        *request.uri_mut() = place;
        let headers = request.headers_mut();
        if body.is_some() {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(key) = &self.key {
            headers.insert(API_KEY, key.clone());
        }
        Ok(request)
    }

    async fn read(&self, request: Request<Full<Bytes>>) -> Result<ApiAnswer, String> {
        let answer = self.connections.request(request).await;
        let answer = answer.map_err(|error| innermost(&error))?;
        Self::answer(answer).await
    }

    async fn take(
        &self,
        request: Request<Full<Bytes>>,
        mut take: impl FnMut(&[u8]) -> std::io::Result<()>,
    ) -> Result<Option<ApiAnswer>, String> {
        let answer = self.connections.request(request).await;
        let answer = answer.map_err(|error| innermost(&error))?;
        if !answer.status().is_success() {
            return Self::answer(answer).await.map(Some);
        }
        let mut body = answer.into_body();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| format!("its answer broke off: {error}"))?;
            if let Ok(piece) = frame.into_data() {
                take(&piece).map_err(|error| format!("what it sends cannot be kept: {error}"))?;
            }
        }
        Ok(None)
    }

    async fn answer(answer: Response<Incoming>) -> Result<ApiAnswer, String> {
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|error| format!("its answer broke off: {error}"))?.to_bytes();
        if body.is_empty() {
            return Ok(ApiAnswer { status, body: Value::Null });
        }
        let body = serde_json::from_slice(&body);
        let body = body.map_err(|_| format!("it answered {status} with what is no JSON"))?;
        Ok(ApiAnswer { status, body })
    }
}

impl FromStr for ApiUrl {
    type Err = InvalidApiUrl;

    fn from_str(text: &str) -> Result<Self, InvalidApiUrl> {
        let uri: Uri = text.parse().map_err(|_| InvalidApiUrl)?;
        let plain = uri.path() == "/" && uri.query().is_none();
        let known = [Some(&Scheme::HTTP), Some(&Scheme::HTTPS)].contains(&uri.scheme());
        match (uri.scheme(), uri.authority()) {
            (Some(scheme), Some(authority))
                if known && plain && !authority.as_str().contains('@') =>
            {
                Ok(Self(scheme.clone(), authority.clone()))
            }
            _ => Err(InvalidApiUrl),
        }
    }
}

impl std::fmt::Display for ApiUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::ApiUrl;

    #[test]
    fn an_address_is_a_scheme_and_a_host_and_nothing_else() {
        for text in ["http://a:8080", "https://stock.example.com", "http://[::1]:80"] {
            assert_eq!(text.parse::<ApiUrl>().unwrap().to_string(), text);
        }
        for text in ["a:80", "ftp://a", "http://a/b", "http://a/?b", "https://u:p@a", ""] {
            assert!(text.parse::<ApiUrl>().is_err(), "{text}");
        }
    }
}

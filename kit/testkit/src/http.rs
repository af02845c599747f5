//! Calls of a router in process, and assertions about its answers.

#![expect(clippy::missing_panics_doc, reason = "in a test a panic is the report")]

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

/// How long [`TestClient::get`] asks again: long enough for anything that is expected to happen.
const PATIENCE: Duration = Duration::from_mins(1);

/// Calls the routes of a router below a base path; copies call the same router.
#[derive(Clone, Debug)]
pub struct TestClient {
    router: Router,
    base: &'static str,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub bytes: Bytes,
    /// The body as text; what is not UTF-8 is replaced.
    pub text: String,
    /// The body as JSON; null when it is none.
    pub body: Value,
}

impl TestClient {
    /// A client of a router; paths are given without the base.
    #[must_use]
    pub const fn new(router: Router, base: &'static str) -> Self {
        Self { router, base }
    }

    /// A client of the same router below another base.
    #[must_use]
    pub fn below(&self, base: &'static str) -> Self {
        Self { router: self.router.clone(), base }
    }

    /// Answers with the body still open. The request's address is not put below the base.
    pub async fn open(&self, request: Request<Body>) -> Response<Body> {
        let Ok(response) = self.router.clone().oneshot(request).await;
        response
    }

    /// Answers with the body read to its end. The request's address is not put below the base.
    pub async fn call(&self, request: Request<Body>) -> Answer {
        Answer::read(self.open(request).await).await
    }

    /// Sends a request, with a JSON body if there is one.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(json) => {
                request = request.header("content-type", "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.call(request.body(body).expect("path and headers are valid")).await
    }

    /// Asks; a read whose views are behind, as they are when the machine stalls, is asked again as its answer says.
    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(&[], path).await
    }

    /// As [`Self::get`], with headers.
    pub async fn get_with(&self, headers: &[(&str, &str)], path: &str) -> Answer {
        let asked = async {
            loop {
                let answer = self.send(Method::GET, path, headers, None).await;
                if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                    return answer;
                }
            }
        };
        let answered = tokio::time::timeout(PATIENCE, asked).await;
        answered.unwrap_or_else(|_| panic!("{path} was unavailable for {PATIENCE:?}"))
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[], Some(body)).await
    }

    /// Posts JSON under an idempotency key.
    pub async fn post_with_key(&self, path: &str, key: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[("idempotency-key", key)], Some(body)).await
    }

    /// Patches with JSON.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, &[], Some(body)).await
    }
}

/// Calls a router once.
pub async fn call(router: &Router, request: Request<Body>) -> Answer {
    TestClient::new(router.clone(), "").call(request).await
}

/// Calls a router once, to get what is at a path.
pub async fn fetch(router: &Router, path: &str) -> Answer {
    TestClient::new(router.clone(), "").send(Method::GET, path, &[], None).await
}

impl Answer {
    /// Reads a response to its end.
    async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("the body can be read").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Self { status: parts.status, headers: parts.headers, bytes, text, body }
    }

    /// Insists on a status.
    #[expect(clippy::return_self_not_must_use, reason = "often the status is all that matters")]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// Insists on a problem of this kind, and gives its body.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let answer = self.expect(status);
        assert_eq!(answer.problem_code(), code, "{}", answer.text);
        answer.body
    }

    /// Insists on a problem whose head and body agree, and gives its code.
    #[track_caller]
    pub fn problem_code(&self) -> &str {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let code = self.body["code"].as_str().expect("a problem has a code");
        assert_eq!(self.body["status"], self.status.as_u16());
        assert_eq!(self.body["type"], format!("/problems/{code}"));
        assert!(self.body["title"].is_string(), "{}", self.text);
        code
    }

    /// A header's text; empty when it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("headers are ASCII"))
    }

    /// Whether it repeats the answer to an earlier request.
    #[must_use]
    pub fn is_replayed(&self) -> bool {
        self.header("idempotency-replayed") == "true"
    }
}

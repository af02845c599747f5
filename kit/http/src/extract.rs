//! Extractors whose refusals are problems: JSON bodies, path and query parameters.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kept::KeptBody;
use crate::objects::Objects;
use crate::words::{A_UUID, A_WHOLE_NUMBER, short};
use crate::{Fault, FaultCode, Problem, body_failed, body_too_slow, reading};

/// How long a request body may take to arrive.
pub const BODY_READ_TIMEOUT: Duration = Duration::from_secs(20);

/// Room for an answer from the beginning, so that a usual one is written without moving, in bytes.
const ANSWER_BYTES_USUAL: usize = 512;

/// A JSON body, in a request or an answer.
///
/// A body of PATCH may be called a merge patch (RFC 7396) too. Refuses with 415 another media type, 413 a body over the route's limit, 408 one that takes longer than
/// [`BODY_READ_TIMEOUT`], 400 malformed JSON (line and column given; nesting over 128 levels included) and
/// 422 a wrong shape: `errors` has every fault, where the standard layers know the operation. Put `#[serde(deny_unknown_fields)]` on `T`; beware that
/// `#[serde(flatten)]` makes serde accept repeated keys.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.method(), request.headers()) {
            let detail = "send the body as content-type: application/json";
            return Err(Problem::unsupported_media_type(detail));
        }
        let kept = request.extensions().get::<KeptBody>().cloned();
        let mut reading = pin!(Bytes::from_request(request, state));
        // nearly every body arrives with its head: no timer for those
        let body = match poll_fn(|context| Poll::Ready(reading.as_mut().poll(context))).await {
            Poll::Ready(body) => body,
            Poll::Pending => {
                tokio::time::timeout(BODY_READ_TIMEOUT, reading).await.map_err(|_| slow_body())?
            }
        };
        let body = body.map_err(|rejection| body_unreadable(&rejection))?;
        if let Some(kept) = kept {
            kept.keep(&body);
        }
        Self::parse(&body).map(Self)
    }
}

impl<T: DeserializeOwned> Json<T> {
    /// Parses text with the extractor's own refusals, for formats that hold JSON, such as a line of NDJSON.
    ///
    /// One pass; only refused text is read again to find out which field is to blame.
    pub fn parse(json: &[u8]) -> Result<T, Problem> {
        match read(json) {
            Ok(_) if escapes_nul(json) => {
                Err(Problem::unprocessable("text must not contain the character \\u0000"))
            }
            Ok(value) => Ok(value),
            Err(error) => Err(reading::refused::<T>(json, &error)),
        }
    }
}

fn read<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    let mut parser = serde_json::Deserializer::from_slice(json);
    let value = T::deserialize(Objects(&mut parser))?;
    parser.end()?;
    Ok(value)
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let mut body = Vec::with_capacity(ANSWER_BYTES_USUAL);
        match serde_json::to_writer(&mut body, &self.0) {
            Ok(()) => {
                let media_type = HeaderValue::from_static("application/json");
                ([(CONTENT_TYPE, media_type)], body).into_response()
            }
            Err(error) => {
                Problem::internal(format_args!("answer as JSON: {error}")).into_response()
            }
        }
    }
}

/// True for `application/json` with or without parameters, and for a merge patch where one is sent.
fn is_json(method: &Method, headers: &HeaderMap) -> bool {
    let stated = headers.get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let media_type = stated.split(|byte| *byte == b';').next().unwrap_or_default();
    let is = |name: &[u8]| media_type.trim_ascii().eq_ignore_ascii_case(name);
    is(b"application/json") || method == Method::PATCH && is(b"application/merge-patch+json")
}

fn slow_body() -> Problem {
    body_too_slow(format!("the body did not arrive within {} s", BODY_READ_TIMEOUT.as_secs()))
}

fn body_unreadable(rejection: &BytesRejection) -> Problem {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Problem::payload_too_large("the body is over this route's limit, send it in parts")
        }
        other => body_failed(other),
    }
}

/// Whether a string of this valid JSON holds `\u0000`, which databases and logs take badly. (serde refuses
/// the raw byte itself.) An escape counts where the backslashes before its `u` are odd in number.
fn escapes_nul(json: &[u8]) -> bool {
    let Some(first) = memchr::memchr(b'\\', json) else {
        return false;
    };
    let mut rest = &json[first..];
    while let [byte, tail @ ..] = rest {
        rest = match (byte, tail) {
            (b'\\', [b'u', b'0', b'0', b'0', b'0', ..]) => return true,
            (b'\\', [_, tail @ ..]) | (_, tail) => tail,
        };
    }
    false
}

/// Parameters from the path. Refuses with 400 what is not UTF-8 or holds NUL and 422 what does not parse.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if parts.uri.path().contains("%00") {
            return Err(Problem::bad_request("the path must not contain the character %00"));
        }
        let path = axum::extract::Path::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Self(value)).map_err(path_problem)
    }
}

fn path_problem(rejection: PathRejection) -> Problem {
    let PathRejection::FailedToDeserializePathParams(failed) = rejection else {
        return Problem::internal(rejection);
    };
    match failed.into_kind() {
        ErrorKind::InvalidUtf8InPathParam { key } => {
            Problem::bad_request(format!("{key} in the path is not UTF-8"))
        }
        ErrorKind::ParseErrorAtKey { key, value, expected_type } => {
            Problem::fault(in_path(&key, &value, expected_type, ""))
        }
        ErrorKind::DeserializeError { key, value, message } => {
            Problem::fault(in_path(&key, &value, "", &message))
        }
        kind @ (ErrorKind::ParseError { .. }
        | ErrorKind::ParseErrorAtIndex { .. }
        | ErrorKind::Message(_)) => Problem::unprocessable(format!("path: {kind}")),
        kind => Problem::internal(kind),
    }
}

/// A parameter of the path that is not of its type, or not acceptable for what a message says.
fn in_path(name: &str, value: &str, kind: &str, message: &str) -> Fault {
    let but = format!("but it is {:?}", short(value));
    let (code, detail) = if message.starts_with("UUID parsing failed") || kind.contains("Uuid") {
        (FaultCode::WrongFormat, format!("{name} in the path must be {A_UUID}, {but}"))
    } else if message.is_empty() {
        (FaultCode::WrongType, format!("{name} in the path must be {A_WHOLE_NUMBER}, {but}"))
    } else {
        (FaultCode::Invalid, format!("{name} in the path, {but}: {message}"))
    };
    Fault::in_parameter(name, code, detail)
}

/// Parameters from the query string. Refuses with 400 what is not UTF-8 or holds NUL and 422 what does not
/// parse.
///
/// Put `#[serde(deny_unknown_fields)]` on `T`, so that a misspelt filter is refused rather than ignored, and
/// do not `#[serde(flatten)]` numbers: serde then sees their text only.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        // The parser below would silently replace broken characters and search for something else.
        match percent_encoding::percent_decode_str(query).decode_utf8() {
            Ok(text) if !text.contains('\0') => {}
            _ => {
                return Err(Problem::bad_request("the query string is not UTF-8 without NUL"));
            }
        }
        let parsed = axum::extract::Query::try_from_uri(&parts.uri);
        parsed
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| query_problem(query, &rejection))
    }
}

fn query_problem(query: &str, rejection: &QueryRejection) -> Problem {
    let said = match std::error::Error::source(rejection) {
        Some(source) => source.to_string(),
        None => rejection.to_string(),
    };
    reading::query_refused(query, &said)
}

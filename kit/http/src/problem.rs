//! Errors as the caller sees them: RFC 9457 problem details with a stable code.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, ResponseBuilder, Schema};
use utoipa::{IntoResponses, PartialSchema, ToSchema};

use crate::{Fault, RequestId};

/// Longest `detail`, in bytes; what is longer (a parser quoting the caller's own text, say) is cut.
const DETAIL_BYTES_MAX: usize = 400;

/// What every problem says of itself, as RFC 9457 and this API name it.
const OWN_MEMBERS: [&str; 8] =
    ["type", "title", "status", "code", "detail", "instance", "requestId", "errors"];

/// The code of requests with values that are not acceptable.
pub(crate) const INVALID: &str = "invalid";

/// The member that names the field that is not acceptable.
const FIELD: &str = "field";

const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was not served: an RFC 9457 body whose `code` is stable and has a page at `type`.
///
/// A handler returns `Result<_, Problem>`. In an OpenAPI document list [`Problems`] among an operation's
/// responses and `Problem` once among the components' schemas.
#[derive(Clone, Debug)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: StatusCode,
    body: Body,
    retry_after: Option<Duration>,
    cause: Option<Cause>,
}

/// Why a request was refused or failed (RFC 9457). Further fields depend on the code.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct Body {
    /// Where the problem is explained, such as `/problems/insufficient-stock`.
    r#type: String,
    /// The problem in general, the same for every occurrence.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// Stable name for programs, such as `insufficient-stock`.
    code: &'static str,
    /// This occurrence, with the values that matter and what to do next.
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    /// The request, as in the header `X-Request-Id` and in the log.
    #[serde(rename = "requestId", skip_serializing_if = "Option::is_none")]
    request_id: Option<Box<str>>,
    /// All that is wrong with the request, where it is the request that is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(ignore)]
    errors: Vec<Fault>,
    #[serde(flatten)]
    #[schema(additional_properties)]
    extensions: Map<String, Value>,
}

/// What a problem says of itself, for a page about it.
#[derive(Clone, Copy, Debug)]
pub struct Told<'p> {
    /// The problem in general.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// Stable name for programs.
    pub code: &'static str,
    /// This occurrence; empty where there is nothing to add.
    pub detail: &'p str,
    /// The request; empty outside the standard layers.
    pub request_id: &'p str,
    /// All that is wrong with the request.
    pub errors: &'p [Fault],
}

/// The internal cause, for the log only; the standard layers take it from the response.
#[derive(Clone, Debug)]
pub(crate) struct Cause(pub(crate) String);

/// The code of a request that cannot be served as it is, for the log; the standard layers take it from the response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused(pub(crate) &'static str);

/// What only another request would change. That something is not there, or not in the state for it, is an answer; who may not
/// ask, or asks too often, is told by those who decide it.
const REFUSALS: [StatusCode; 9] = [
    StatusCode::BAD_REQUEST,
    StatusCode::METHOD_NOT_ALLOWED,
    StatusCode::NOT_ACCEPTABLE,
    StatusCode::REQUEST_TIMEOUT,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::URI_TOO_LONG,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    StatusCode::MISDIRECTED_REQUEST,
    StatusCode::UNPROCESSABLE_ENTITY,
];

impl Problem {
    /// A problem of the given kind; `code` is kebab-case and `title` a short phrase, both fixed per kind.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        let body = Body {
            r#type: format!("/problems/{code}"),
            title,
            status: status.as_u16(),
            code,
            detail: String::new(),
            request_id: None,
            errors: Vec::new(),
            extensions: Map::new(),
        };
        Self(Box::new(Parts { status, body, retry_after: None, cause: None }))
    }

    /// Says what happened this time; at most 400 bytes are kept.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        let mut detail = detail.into();
        if detail.len() > DETAIL_BYTES_MAX {
            detail.truncate(detail.floor_char_boundary(DETAIL_BYTES_MAX));
            detail.push('…');
        }
        self.0.body.detail = detail;
        self
    }

    /// Adds to what happened this time.
    #[must_use]
    pub fn note(self, note: &str) -> Self {
        let detail = format!("{}; {note}", self.0.body.detail);
        self.detail(detail)
    }

    /// Adds a field for programs, such as how many units are available.
    ///
    /// # Panics
    /// In a debug build, when the name is that of a member of every problem: a body would have it twice.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        debug_assert!(!OWN_MEMBERS.contains(&name), "{name} is a member of every problem");
        let value = serde_json::to_value(value).unwrap_or(Value::Null);
        self.0.body.extensions.insert(name.to_owned(), value);
        self
    }

    /// Tells all that is wrong with the request; `field` is that of the first.
    #[must_use]
    pub fn faults(mut self, faults: Vec<Fault>) -> Self {
        if let Some(first) = faults.first().map(Fault::field).filter(|field| !field.is_empty()) {
            self.0.body.extensions.insert(FIELD.to_owned(), Value::String(first));
        }
        self.0.body.errors = faults;
        self
    }

    /// 422 of one fault that was seen first, in its words; the standard layers look for the others.
    pub(crate) fn fault(fault: Fault) -> Self {
        Self::unprocessable(fault.detail()).faults(vec![fault])
    }

    /// All that is wrong with the request, as far as it is known.
    pub(crate) fn known_faults(&self) -> &[Fault] {
        &self.0.body.errors
    }

    /// The field that is not acceptable, and why.
    pub(crate) fn blamed(&self) -> Option<(&str, &str)> {
        let field = self.0.body.extensions.get(FIELD)?.as_str()?;
        Some((field, &self.0.body.detail))
    }

    /// Says which request it is about.
    pub(crate) fn of_request(mut self, id: &RequestId) -> Self {
        self.0.body.request_id = Some(id.as_str().into());
        self
    }

    /// What it says of itself: title, status, code and detail, and the request that it is about.
    pub fn told(&self) -> Told<'_> {
        let Body { title, status, code, detail, request_id, errors, .. } = &self.0.body;
        let request_id = request_id.as_deref().unwrap_or_default();
        Told { title, status: *status, code, detail, request_id, errors }
    }

    /// The same problem about a field within a larger one: `quantity` becomes `lines[2].quantity`.
    #[must_use]
    pub fn within(mut self, place: impl fmt::Display) -> Self {
        if let Some(Value::String(field)) = self.0.body.extensions.get_mut(FIELD) {
            *field = format!("{place}.{field}");
        }
        self
    }

    /// Tells when trying again makes sense: `Retry-After` in whole seconds, rounded up, at least 1.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable name.
    pub fn code(&self) -> &'static str {
        self.0.body.code
    }

    /// 400: the request cannot be understood.
    #[must_use]
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", "Malformed request").detail(detail)
    }

    /// 404: what the request names does not exist.
    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found").detail(detail)
    }

    /// 409: the request is sound but the present state does not allow it.
    #[must_use]
    pub fn conflict(code: &'static str, title: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code, title)
    }

    /// 410: what the request names existed and has ended.
    #[must_use]
    pub fn gone(code: &'static str, title: &'static str) -> Self {
        Self::new(StatusCode::GONE, code, title)
    }

    /// 412: the caller's version is no longer the present one.
    #[must_use]
    pub fn precondition_failed(detail: impl Into<String>) -> Self {
        let (code, title) = ("precondition-failed", "Changed meanwhile");
        Self::new(StatusCode::PRECONDITION_FAILED, code, title).detail(detail)
    }

    /// 413: the body is longer than the route accepts.
    #[must_use]
    pub fn payload_too_large(detail: impl Into<String>) -> Self {
        let (code, title) = ("payload-too-large", "Request body too large");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, code, title).detail(detail)
    }

    /// 415: the body is not of a type the route reads.
    #[must_use]
    pub fn unsupported_media_type(detail: impl Into<String>) -> Self {
        let (code, title) = ("unsupported-media-type", "Unsupported media type");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, code, title).detail(detail)
    }

    /// 422: the request is well-formed, but the named field (such as `lines[2].quantity`) is not acceptable.
    #[must_use]
    pub fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Self::unprocessable(detail).with(FIELD, field)
    }

    /// 422 where no single field is to blame.
    pub(crate) fn unprocessable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, INVALID, "Invalid value").detail(detail)
    }

    /// 503: not now; try again after the given time.
    #[must_use]
    pub fn unavailable(detail: impl Into<String>, retry_after: Duration) -> Self {
        let (code, title) = ("unavailable", "Temporarily unavailable");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, title)
            .detail(detail)
            .retry_after(retry_after)
    }

    /// 409: other writers kept changing the same state.
    #[must_use]
    pub fn concurrency_conflict(detail: impl Into<String>) -> Self {
        Self::conflict("concurrency-conflict", "Concurrent change").detail(detail)
    }

    /// 422: the idempotency key belongs to another request.
    #[must_use]
    pub fn idempotency_key_reused(detail: impl Into<String>) -> Self {
        let (code, title) = ("idempotency-key-reused", "Idempotency key used for another request");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, title).detail(detail)
    }

    /// 503: the change may or may not have happened; only a repetition under the same key finds out.
    #[must_use]
    pub fn outcome_unknown(retry_after: Duration) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "outcome-unknown", "Outcome unknown")
            .detail(
                "the log failed while writing; the change may or may not have happened. Send the same \
                 request with the same Idempotency-Key again to find out",
            )
            .retry_after(retry_after)
    }

    /// 500: our fault. The cause is logged once by [`standard_layers`](crate::standard_layers) beside the
    /// request id; the caller learns only that id.
    #[must_use]
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error")
            .detail("something failed on our side: report the requestId of this answer")
            .caused_by(cause)
    }

    /// Adds what went wrong inside, which the log has once beside the request id and the caller does not learn.
    #[must_use]
    pub fn caused_by(mut self, cause: impl fmt::Display) -> Self {
        self.0.cause = Some(Cause(cause.to_string()));
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { status, body, .. } = &*self.0;
        write!(f, "{} {}: {}", status.as_u16(), body.code, body.detail)
    }
}

impl std::error::Error for Problem {}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.body.serialize(to)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut problem = self;
        let Parts { status, body, retry_after, cause } = &mut *problem.0;
        let (status, code) = (*status, body.code);
        let (retry_after, cause) = (*retry_after, cause.take());
        let body = serde_json::to_vec(body).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(wait) = retry_after {
            let part_of_second = u64::from(wait.subsec_nanos() > 0);
            let seconds = wait.as_secs().saturating_add(part_of_second).max(1);
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if let Some(cause) = cause {
            response.extensions_mut().insert(cause);
        }
        if REFUSALS.contains(&status) {
            response.extensions_mut().insert(Refused(code));
        }
        // the standard layers say more
        response.extensions_mut().insert(problem);
        response
    }
}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        Body::schema()
    }
}

impl ToSchema for Problem {}

/// The problems that any operation may answer with, for OpenAPI:
/// `#[utoipa::path(responses((status = 200, body = StockLevel), Problems))]`.
///
/// Refers to the schema `Problem`: list it in the document's `components(schemas(Problem))`.
#[derive(Clone, Copy, Debug)]
pub struct Problems;

/// Statuses every operation may answer with, and what they mean.
const COMMON: [(StatusCode, &str); 8] = [
    (StatusCode::BAD_REQUEST, "The request is malformed"),
    (StatusCode::NOT_FOUND, "What the request names does not exist"),
    (StatusCode::CONFLICT, "The present state does not allow it"),
    (StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large"),
    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The request body is of another media type"),
    (StatusCode::UNPROCESSABLE_ENTITY, "Values are not acceptable; `errors` has each"),
    (StatusCode::INTERNAL_SERVER_ERROR, "Our fault; the log has it under the `requestId`"),
    (StatusCode::SERVICE_UNAVAILABLE, "Not now; try again after `Retry-After` seconds"),
];

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let problem = Ref::from_schema_name(Problem::name());
        let content = ContentBuilder::new().schema(Some(problem)).build();
        let documented = |(status, description): (StatusCode, &str)| {
            let response = ResponseBuilder::new()
                .description(description)
                .content(MEDIA_TYPE, content.clone());
            (status.as_str().to_owned(), RefOr::T(response.build()))
        };
        COMMON.into_iter().map(documented).collect()
    }
}

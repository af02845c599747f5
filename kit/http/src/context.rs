//! The request context: actor and ids, read once per request by the standard layers.

use std::fmt;
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use kit_core::{Actor, Clock, IdSource, Scope};
use uuid::Uuid;

use crate::{Problem, only_header};

/// Carries the request id in both directions.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// States on whose behalf the caller asks.
const ACTOR: HeaderName = HeaderName::from_static("x-actor");

/// States how many milliseconds the caller will wait for the answer's head.
pub const TIMEOUT_MS: HeaderName = HeaderName::from_static("x-request-timeout-ms");

/// Labels with this beginning are for our own processes; no caller may claim them.
const RESERVED_ACTORS: &str = "system:";

/// Namespace of correlation ids that are derived from request ids which are not UUIDs.
const CORRELATION_NAMESPACE: Uuid = Uuid::from_u128(0x6b1d_4f0e_92c7_5a38_8e41_d3b0_27f6_c9a5);

/// Names one request in logs and answers; 1 to [`RequestId::LENGTH_MAX`] visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// Longest id taken over from a caller, in bytes.
    pub const LENGTH_MAX: usize = 128;

    /// The caller's id, if there is one and it is usable. Shares the header's memory.
    fn stated(headers: &HeaderMap) -> Option<Self> {
        let value = only_header(headers, &REQUEST_ID).ok()??;
        let length_fits = (1..=Self::LENGTH_MAX).contains(&value.len());
        let usable = length_fits && value.as_bytes().iter().all(u8::is_ascii_graphic);
        usable.then(|| Self(value.clone()))
    }

    fn of_uuid(id: Uuid) -> Self {
        let mut text = Uuid::encode_buffer();
        let text = id.hyphenated().encode_lower(&mut text);
        Self(HeaderValue::from_str(text).expect("a UUID is visible ASCII"))
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        // Only visible ASCII gets in, so the empty text is never seen.
        self.0.to_str().unwrap_or_default()
    }

    /// The id as a header.
    pub fn header_value(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What every handler may want to know about its request. Needs the
/// [`standard_layers`](crate::standard_layers), which echo the request id as `x-request-id`.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// The caller's `x-request-id`, or a new `UUIDv7` where that is absent or unusable.
    pub request_id: RequestId,
    /// For event metadata: the request id where that is a UUID, else a `UUIDv5` derived from it.
    pub correlation_id: Uuid,
    /// The actor: the value of `x-actor`, or `api` without one. Where callers must say who they are, the one who has proven it.
    pub actor: Actor,
    /// What the caller may see and change: everything where nobody is asked who they are.
    pub scope: Scope,
    /// When the answer's head is too late: the server's own limit after the request came, or sooner when the caller says so in
    /// `x-request-timeout-ms`.
    pub deadline: Instant,
}

impl RequestContext {
    /// Reads the headers. An unusable actor is a problem of its own, given beside a context for the answer.
    pub(crate) fn read(
        headers: &HeaderMap,
        anonymous: &Actor,
        ids: &dyn IdSource,
        clock: &dyn Clock,
        deadline: Duration,
    ) -> (Self, Option<Problem>) {
        let (request_id, correlation_id) = if let Some(stated) = RequestId::stated(headers) {
            let text = stated.as_str();
            let id = Uuid::parse_str(text)
                .unwrap_or_else(|_| Uuid::new_v5(&CORRELATION_NAMESPACE, text.as_bytes()));
            (stated, id)
        } else {
            let id = ids.next_id(clock.now());
            (RequestId::of_uuid(id), id)
        };
        let (actor, refusal) = match stated_actor(headers) {
            Ok(stated) => (stated.unwrap_or_else(|| anonymous.clone()), None),
            Err(problem) => (anonymous.clone(), Some(problem)),
        };
        let deadline = Instant::now()
            + stated_timeout(headers).map_or(deadline, |at_most| at_most.min(deadline));
        let scope = Scope::All;
        (Self { request_id, correlation_id, actor, scope, deadline }, refusal)
    }

    /// How long the caller will still wait.
    pub fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

/// The caller's own limit, if there is one and it is a number.
fn stated_timeout(headers: &HeaderMap) -> Option<Duration> {
    let value = only_header(headers, &TIMEOUT_MS).ok()??;
    value.to_str().ok()?.parse().ok().map(Duration::from_millis)
}

fn stated_actor(headers: &HeaderMap) -> Result<Option<Actor>, Problem> {
    let Some(value) = only_header(headers, &ACTOR)? else {
        return Ok(None);
    };
    let text = std::str::from_utf8(value.as_bytes())
        .map_err(|_| Problem::bad_request("header x-actor is not UTF-8"))?;
    if text.starts_with(RESERVED_ACTORS) {
        let detail =
            format!("header x-actor: {text:?} is reserved, name the user or till that asks");
        return Err(Problem::bad_request(detail));
    }
    let actor = Actor::new(text)
        .map_err(|invalid| Problem::bad_request(format!("header x-actor: {invalid}")))?;
    Ok(Some(actor))
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let context = parts.extensions.get::<Self>().cloned();
        context.ok_or_else(|| Problem::internal("the router lacks kit_http::standard_layers"))
    }
}

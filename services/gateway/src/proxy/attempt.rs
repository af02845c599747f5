//! A request as it is sent to one process after the other.

use std::time::Duration;

use axum::body::{Body, Bytes};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::uri::{PathAndQuery, Scheme, Uri};
use http::{HeaderMap, HeaderName, Method, Request};
use kit_http::TIMEOUT_MS;

use super::begun::Begun;
use super::headers;
use super::named::Named;
use super::upstream::{Failure, Upstream};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Where a reservation id of the caller's own makes a repetition harmless.
const REPEATABLE_BY_RESERVATION: [&str; 3] =
    ["/api/v1/inventory/reserve", "/api/v1/inventory/reservations", "/api/v1/inventory/commit"];

/// What a process needs of the time that is left, so that its answer still finds the caller.
const WAY_BACK: Duration = Duration::from_millis(20);

/// A request that can be sent, and perhaps sent again.
pub(super) struct Outgoing {
    method: Method,
    place: PathAndQuery,
    pub(super) headers: HeaderMap,
    body: OutgoingBody,
    /// Whether doing it twice is doing it once.
    pub(super) is_repeatable: bool,
}

enum OutgoingBody {
    Whole(Bytes),
    /// Gone once it was sent.
    Stream(Option<Begun>),
}

impl Outgoing {
    /// A request with a body that was read to its end or has only begun.
    pub(super) fn new(
        mut head: Parts,
        named: &Named,
        beginning: Bytes,
        rest: Option<Body>,
    ) -> Self {
        let by_reservation =
            named.reservation.is_some() && REPEATABLE_BY_RESERVATION.contains(&head.uri.path());
        let is_repeatable =
            head.method.is_safe() || head.headers.contains_key(IDEMPOTENCY_KEY) || by_reservation;
        let root = PathAndQuery::from_static("/");
        Self {
            headers: headers::passed_on(&mut head),
            place: head.uri.path_and_query().cloned().unwrap_or(root),
            method: head.method,
            body: match rest {
                None => OutgoingBody::Whole(beginning),
                Some(rest) => OutgoingBody::Stream(Some(Begun::new(beginning, rest))),
            },
            is_repeatable,
        }
    }

    /// Whether it may be sent again after this.
    pub(super) fn may_follow(&self, failure: Failure) -> bool {
        match failure {
            Failure::NotSent => true,
            Failure::Unanswered => self.is_repeatable,
            Failure::TooLate => false,
        }
    }

    /// For a process, which has so much time to answer. `None` when its body has been sent.
    pub(super) fn to(&mut self, upstream: &Upstream, time: Duration) -> Option<Request<Body>> {
        let body = match &mut self.body {
            OutgoingBody::Whole(bytes) if bytes.is_empty() => Body::empty(),
            OutgoingBody::Whole(bytes) => Body::from(bytes.clone()),
            OutgoingBody::Stream(stream) => Body::new(stream.take()?),
        };
        let place = Uri::builder()
            .scheme(Scheme::HTTP)
            .authority(upstream.url.authority().clone())
            .path_and_query(self.place.clone());
        let mut request = Request::new(body);
        *request.uri_mut() = place.build().ok()?;
        *request.method_mut() = self.method.clone();
        *request.headers_mut() = self.headers.clone();
        let millis = time.saturating_sub(WAY_BACK).as_millis();
        let millis = u64::try_from(millis).unwrap_or(u64::MAX).max(1);
        request.headers_mut().insert(TIMEOUT_MS, millis.into());
        Some(request)
    }
}

/// Whether the gateway looks into a body of this type. It waits for the beginning of such a body, so never of one whose sender
/// may wait for answers to its first lines.
pub(super) fn is_looked_into(head: &Parts) -> bool {
    let stated = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = stated.and_then(|stated| stated.split(';').next()).unwrap_or_default().trim();
    media.eq_ignore_ascii_case("application/json") || media.to_ascii_lowercase().ends_with("+json")
}

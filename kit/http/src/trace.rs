//! The span of a request, from when it comes in until its answer has a head.

use axum::extract::{MatchedPath, Request};
use http::{HeaderName, Method, StatusCode};
use kit_trace::Entered;
use uuid::Uuid;

/// Carries the trace of a request (W3C Trace Context).
pub const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Begins the span of a request, in its caller's trace or in one of its own; `None` where nothing is traced.
#[inline]
pub(crate) fn enter(request: &Request, correlation_id: Uuid) -> Option<Box<Entered>> {
    let stated = || request.headers().get(TRACEPARENT)?.to_str().ok();
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let name = || format!("{} {route}", known(request.method())).trim_end().to_owned().into();
    let mut entered = Box::new(kit_trace::enter(stated, correlation_id, name)?);
    if let Some(span) = &mut entered.span {
        span.set("http.request.method", known(request.method()).to_owned());
        span.set("url.path", request.uri().path().to_owned());
        if !route.is_empty() {
            span.set("http.route", route.to_owned());
        }
    }
    Some(entered)
}

/// Callers can make up methods, and names of spans are to be few.
fn known(method: &Method) -> &str {
    let is_known = [Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE]
        .iter()
        .any(|known| known == method);
    if is_known || [Method::HEAD, Method::OPTIONS].contains(method) {
        method.as_str()
    } else {
        "_OTHER"
    }
}

/// Ends the span of a request that was answered; only what the server is to blame for is a failure.
pub(crate) fn end(trace: Option<Box<Entered>>, status: StatusCode) {
    if let Some(mut span) = trace.and_then(|trace| trace.span) {
        span.set("http.response.status_code", usize::from(status.as_u16()));
        if status.is_server_error() {
            span.fail(status.canonical_reason().unwrap_or("server error"));
        }
    }
}

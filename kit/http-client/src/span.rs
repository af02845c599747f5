//! The span of a request to another process, which that process continues.

use http::{HeaderValue, Request, StatusCode};
use kit_http::TRACEPARENT;
use kit_trace::{Kind, Span};

/// Begins the span of a request to a service, and says in its headers which it is. Where the trace is not sampled, the
/// process is told that.
#[inline]
pub fn begin_span<B>(request: &mut Request<B>, service: &'static str) -> Option<Span> {
    let current = kit_trace::current()?;
    let span = Span::begin(current, Kind::Client, || request.method().as_str().to_owned().into());
    let told = span.as_ref().map_or(current, Span::context);
    if let Ok(told) = HeaderValue::try_from(told.to_string()) {
        request.headers_mut().insert(TRACEPARENT, told);
    }
    let method = request.method().as_str().to_owned();
    let span = span?.with("http.request.method", method).with("gondola.service", service);
    let host = request.uri().authority().map(ToString::to_string).unwrap_or_default();
    Some(span.with("server.address", host).with("url.path", request.uri().path().to_owned()))
}

/// Ends the span of a request that was answered.
pub fn end_span(span: Option<Span>, status: StatusCode) {
    let Some(span) = span else { return };
    let mut span = span.with("http.response.status_code", usize::from(status.as_u16()));
    if status.is_client_error() || status.is_server_error() {
        span.fail(status.canonical_reason().unwrap_or("error"));
    }
}

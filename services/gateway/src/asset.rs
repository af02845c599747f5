//! Something served as it is: bytes with a type, an entity tag and, for a page, its content security policy.

use std::hash::BuildHasher;
use std::sync::Arc;

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use foldhash::quality::FixedState;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use kit_http::ETag;

pub(crate) const CSS: &str = "text/css; charset=utf-8";
pub(crate) const HTML: &str = "text/html; charset=utf-8";
pub(crate) const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
pub(crate) const JSON: &str = "application/json";
pub(crate) const SVG: &str = "image/svg+xml";
pub(crate) const YAML: &str = "application/yaml";

/// For pages of our own: everything from this server, nothing inline.
pub(crate) const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// For viewers that others wrote: these also style inline, embed their icons, and search in a worker.
const VIEWER: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// Bytes that stay the same as long as this process lives.
#[derive(Clone, Debug)]
pub(crate) struct Asset {
    body: Bytes,
    media_type: &'static str,
    policy: Option<&'static str>,
    tag: ETag,
}

impl Asset {
    /// Bytes known when this was compiled.
    pub(crate) fn fixed(media_type: &'static str, body: &'static str) -> Self {
        Self::new(media_type, Bytes::from_static(body.as_bytes()))
    }

    /// Bytes made at start.
    pub(crate) fn new(media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        // weak, because the layers around may compress it
        let tag = ETag::weak(FixedState::default().hash_one(&body));
        Self { body, media_type, policy: None, tag }
    }

    /// A page of our own.
    pub(crate) fn page(html: String) -> Self {
        Self { policy: Some(STRICT), ..Self::new(HTML, html) }
    }

    /// A page that runs a third-party viewer.
    pub(crate) fn viewer(html: String) -> Self {
        Self { policy: Some(VIEWER), ..Self::new(HTML, html) }
    }

    /// Serves it to `GET` and `HEAD`.
    pub(crate) fn route(self) -> MethodRouter {
        let asset = Arc::new(self);
        get(move |headers: HeaderMap| async move { asset.answer(&headers) })
    }

    /// 200, or 304 when the caller has it already.
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let mut response = if self.tag.matches(request) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([(CONTENT_TYPE, self.media_type)], self.body.clone()).into_response()
        };
        let headers = response.headers_mut();
        headers.insert(ETAG, self.tag.header_value());
        // cached, but revalidated each time: an upgrade is visible immediately
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(policy) = self.policy {
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        response
    }
}

//! Changes that a caller makes dependent on what it has read.

use axum::extract::FromRequestParts;
use http::request::Parts;
use kit_core::Version;
use kit_http::{ETag, Problem};

use crate::use_cases::StockRequest;

/// The version of the stock level in `If-Match`: the `ETag` of a read as it is, or `"7"`.
pub(super) struct IfMatch(Option<Version>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(ETag::if_match(&parts.headers)?.map(Version::new)))
    }
}

/// No `If-Match`: the operation is about more than one stock level, so no version would say what the caller means.
pub(super) struct Unconditional;

impl<S: Sync> FromRequestParts<S> for Unconditional {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match IfMatch::from_request_parts(parts, state).await? {
            IfMatch(None) => Ok(Self),
            IfMatch(Some(_)) => Err(Problem::bad_request(
                "header if-match: this operation is not about one stock level; leave it out",
            )),
        }
    }
}

impl IfMatch {
    /// The request, to be performed only at the version that header and body name.
    pub(super) fn on(
        self,
        body: Option<u64>,
        request: StockRequest,
    ) -> Result<StockRequest, Problem> {
        let body = body.map(Version::new);
        match (self.0, body) {
            (Some(header), Some(body)) if header != body => Err(Problem::invalid(
                "expectedVersion",
                format!("it is {body}, but the header if-match names {header}: give one of them"),
            )),
            (header, body) => Ok(if_version(header.or(body), request)),
        }
    }
}

/// A request, to be performed only at a version if one is named.
pub(super) fn if_version(expected: Option<Version>, request: StockRequest) -> StockRequest {
    match expected {
        Some(expected) => StockRequest::IfVersion { expected, request: Box::new(request) },
        None => request,
    }
}

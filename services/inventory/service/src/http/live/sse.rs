//! A live stream as server-sent events.

use std::convert::Infallible;

use axum::response::sse::Sse;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use http::{HeaderName, HeaderValue};

use super::session::Session;
use super::streams::SSE;

/// Asks proxies such as nginx to pass on each event at once.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// All messages of a stream. It ends where the client does not read: with the connection, which the server gives up.
pub(super) fn sent(mut session: Session) -> Response {
    session.count_as(SSE);
    let messages = stream::unfold(session, |mut session| async move {
        let message = session.next().await?;
        Some((Ok::<_, Infallible>(message.into_sse()), session))
    });
    let mut response = Sse::new(messages).into_response();
    response.headers_mut().insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}

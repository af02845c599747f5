//! A body that is read no faster than its caller's quota of lines allows.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use futures_util::stream;
use http_body_util::{BodyExt as _, StreamBody};
use kit_rate_limit::{Key, Limiter};

/// The body, each piece of which waits until its lines are paid for. The peer is held back by TCP meanwhile; nothing of a body
/// that has begun is refused.
pub(super) fn paced(body: Body, limiter: Arc<Limiter>, key: Key) -> Body {
    let pieces = stream::unfold((body, limiter, key), |(mut body, limiter, key)| async move {
        let piece = body.frame().await?;
        let lines = piece.as_ref().ok().and_then(|piece| piece.data_ref()).map_or(0, lines);
        limiter.wait_for(&key, lines).await;
        Some((piece, (body, limiter, key)))
    });
    Body::new(StreamBody::new(pieces))
}

/// Line ends, since a line may come in several pieces; the request itself has paid for the last line. Commands of an array may stand
/// in one line, so objects count as lines too.
fn lines(piece: &Bytes) -> u32 {
    let count = |byte| memchr::memchr_iter(byte, piece).count();
    u32::try_from(count(b'\n').max(count(b'{'))).unwrap_or(u32::MAX)
}

//! Two connections that were upgraded, as to a WebSocket, joined to one.

use std::io;

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;

/// Passes on all bytes of each connection to the other one, until both have ended.
pub async fn tunnel(one: Upgraded, other: Upgraded) -> io::Result<()> {
    copy_bidirectional(&mut TokioIo::new(one), &mut TokioIo::new(other)).await.map(|_bytes| ())
}

//! A live stream over a WebSocket.

use std::pin::pin;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket, close_code};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::time::{Instant, timeout};

use super::message::{Message, Reason};
use super::session::{HEARTBEAT, Session};
use super::streams::WEBSOCKET;

/// How long a message may wait until the client takes it.
const TAKEN_WITHIN: Duration = Duration::from_secs(20);

/// How long a client may be silent, which answers each ping.
const SILENT_MAX: Duration = HEARTBEAT.saturating_mul(3);

/// How long the client's own close is waited for.
const CLOSED_WITHIN: Duration = Duration::from_secs(1);

/// Sends all messages of a stream, until one side ends it.
pub(super) async fn serve(socket: WebSocket, mut session: Session) {
    session.count_as(WEBSOCKET);
    let (mut sink, mut source) = socket.split();
    let mut heard = Instant::now();
    while let Some(message) = next(&mut session, &mut source, &mut heard).await {
        match timeout(TAKEN_WITHIN, send(&mut sink, &message)).await {
            Ok(Ok(())) => {}
            Ok(Err(_gone)) => return,
            Err(_elapsed) => return session.too_slow(),
        }
        if message.last.is_some() {
            break;
        }
        if heard.elapsed() > SILENT_MAX {
            return;
        }
    }
    // what was sent is lost to a client that still sends when the connection goes away
    let until_closed = async { while let Some(Ok(_)) = source.next().await {} };
    let _ = timeout(CLOSED_WITHIN, until_closed).await;
}

/// The next message of the stream, while what the client sends is read and passed over; `None` when it has gone.
async fn next(
    session: &mut Session,
    source: &mut SplitStream<WebSocket>,
    heard: &mut Instant,
) -> Option<Message> {
    let mut message = pin!(session.next());
    loop {
        tokio::select! {
            message = &mut message => return message,
            frame = source.next() => match frame {
                Some(Ok(Frame::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => *heard = Instant::now(),
            }
        }
    }
}

async fn send(
    sink: &mut SplitSink<WebSocket, Frame>,
    message: &Message,
) -> Result<(), axum::Error> {
    let text = message.to_text().map_err(axum::Error::new)?;
    sink.send(Frame::text(text)).await?;
    if let Some(reason) = message.last {
        let (code, reason) = (code_of(reason), reason.as_str().into());
        return sink.send(Frame::Close(Some(CloseFrame { code, reason }))).await;
    }
    if message.is_heartbeat() {
        sink.send(Frame::Ping(Vec::new().into())).await?;
    }
    Ok(())
}

/// How RFC 6455 and its registry say it.
const fn code_of(reason: Reason) -> u16 {
    match reason {
        Reason::TooSlow => close_code::AGAIN,
        Reason::Credential => close_code::POLICY,
        Reason::Shutdown => close_code::RESTART,
        Reason::LogFailed => close_code::ERROR,
    }
}

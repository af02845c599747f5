//! A way to the server that cuts a connection when a marked event passes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// What must be in an event's data for the connection to be cut.
pub(super) const MARK: &str = "cut the connection here";

/// Silence of a server that has said all it has to say.
const SILENCE: Duration = Duration::from_secs(1);

/// When the connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The server never gets the request.
    BeforeRequest,
    /// The server has the request, and nobody waits for its answer.
    AfterRequest,
    /// The server has answered, and the answer is lost.
    BeforeAnswer,
}

/// A server's address by way of a proxy that cuts the first connection with a marked event.
pub async fn cutting(url: &str, cut: Cut) -> String {
    let (before, after) = url.rsplit_once('@').unwrap();
    let (server, database) = after.split_once('/').unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let through = format!("{before}@{}/{database}", listener.local_addr().unwrap());
    tokio::spawn(accept(listener, server.to_owned(), cut));
    through
}

async fn accept(listener: TcpListener, server: String, cut: Cut) {
    let is_armed = Arc::new(AtomicBool::new(true));
    while let Ok((client, _)) = listener.accept().await {
        let server = TcpStream::connect(&server).await.unwrap();
        tokio::spawn(forward(client, server, cut, Arc::clone(&is_armed)));
    }
}

/// Forwards both ways until it is time to cut; both sockets are closed at the end.
async fn forward(
    mut client: TcpStream,
    mut server: TcpStream,
    cut: Cut,
    is_armed: Arc<AtomicBool>,
) {
    let (mut requests, mut answers) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let mut loses_answer = false;
    loop {
        tokio::select! {
            read = client.read(&mut requests) => {
                let request = &requests[..read.unwrap_or(0)];
                let is_marked = request.windows(MARK.len()).any(|part| part == MARK.as_bytes())
                    && is_armed.swap(false, Ordering::Relaxed);
                if request.is_empty() || (is_marked && cut == Cut::BeforeRequest) {
                    return;
                }
                let sent = server.write_all(request).await;
                if sent.is_err() || (is_marked && cut == Cut::AfterRequest) {
                    return;
                }
                loses_answer |= is_marked;
            }
            read = server.read(&mut answers) => {
                let answer = &answers[..read.unwrap_or(0)];
                if loses_answer {
                    return swallow(&mut server).await;
                }
                if answer.is_empty() || client.write_all(answer).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Takes in all that a server has to say: it may answer a request in several parts.
async fn swallow(server: &mut TcpStream) {
    let mut rest = [0; 1 << 10];
    while let Ok(Ok(1..)) = timeout(SILENCE, server.read(&mut rest)).await {}
}

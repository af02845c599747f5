//! A way to Redis on which answers may take long.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// Listens until the test ends.
pub(crate) struct SlowProxy {
    pub(crate) port: u16,
    /// Before each answer, in milliseconds.
    delay: Arc<AtomicU64>,
}

impl SlowProxy {
    /// A fast one, at first.
    pub(crate) async fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let delay = Arc::new(AtomicU64::new(0));
        tokio::spawn(accept(listener, server, Arc::clone(&delay)));
        Self { port, delay }
    }

    pub(crate) fn answer_after(&self, delay: Duration) {
        self.delay.store(u64::try_from(delay.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

async fn accept(listener: TcpListener, server: u16, delay: Arc<AtomicU64>) {
    while let Ok((client, _)) = listener.accept().await {
        let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
        let ((from_client, to_client), (from_server, to_server)) =
            (client.into_split(), server.into_split());
        tokio::spawn(forward(from_client, to_server, Arc::default()));
        tokio::spawn(forward(from_server, to_client, Arc::clone(&delay)));
    }
}

/// Forwards one way until the other side closes.
async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, delay: Arc<AtomicU64>) {
    let mut bytes = vec![0; 1 << 16];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        sleep(Duration::from_millis(delay.load(Ordering::SeqCst))).await;
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

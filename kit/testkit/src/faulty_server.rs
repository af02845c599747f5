//! A server that misbehaves in a chosen manner: it hangs, is slow, answers 500, garbage or well.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How it treats a request.
#[derive(Clone, Debug)]
pub enum Manner {
    /// It takes it and never answers.
    Hangs,
    /// It answers after a while, as the other manner does.
    Slow(Duration, Box<Manner>),
    /// It answers with this status line, such as `200 OK`, and JSON.
    Answers(&'static str, String),
    /// It closes the connection.
    BreaksOff,
}

/// The server; it ends when this is dropped.
pub struct FaultyServer {
    /// Where it is, as in `http://127.0.0.1:4711`.
    pub url: String,
    manner: watch::Sender<Manner>,
    heard: Arc<AtomicUsize>,
    last: watch::Receiver<String>,
    accepting: tokio::task::JoinHandle<()>,
}

impl FaultyServer {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (manner, heard) = (watch::Sender::new(manner), Arc::new(AtomicUsize::new(0)));
        let (tell, last) = watch::channel(String::new());
        let (how, counted) = (manner.subscribe(), Arc::clone(&heard));
        let accepting = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serve(stream, how.clone(), Arc::clone(&counted), tell.clone());
                connections.spawn(serving);
            }
        });
        Self { url, manner, heard, last, accepting }
    }

    /// Treats requests otherwise from now on, those that hang as well.
    pub fn now(&self, manner: Manner) {
        self.manner.send_replace(manner);
    }

    /// How many requests have come.
    pub fn heard(&self) -> usize {
        self.heard.load(Ordering::SeqCst)
    }

    /// The last request, head and body.
    pub fn last(&self) -> String {
        self.last.borrow().clone()
    }
}

impl Drop for FaultyServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Serves the requests of a connection, one after the other.
async fn serve(
    mut stream: TcpStream,
    mut manner: watch::Receiver<Manner>,
    heard: Arc<AtomicUsize>,
    last: watch::Sender<String>,
) {
    while let Some(request) = request(&mut stream).await {
        heard.fetch_add(1, Ordering::SeqCst);
        last.send_replace(request);
        let mut how = manner.borrow_and_update().clone();
        while let Manner::Hangs = how {
            if manner.changed().await.is_err() {
                return;
            }
            how = manner.borrow_and_update().clone();
        }
        if let Manner::Slow(time, then) = how {
            tokio::time::sleep(time).await;
            how = *then;
        }
        let Manner::Answers(status, body) = how else { return };
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The next whole request of a connection.
async fn request(stream: &mut TcpStream) -> Option<String> {
    let (mut text, mut piece) = (String::new(), [0; 4_096]);
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_lowercase();
            let length = length.split("content-length: ").nth(1).and_then(|it| it.lines().next());
            if body.len() >= length.and_then(|it| it.trim().parse().ok()).unwrap_or(0) {
                return Some(text);
            }
        }
        let count = stream.read(&mut piece).await.ok().filter(|count| *count > 0)?;
        text.push_str(&String::from_utf8_lossy(&piece[..count]));
    }
}

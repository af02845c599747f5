//! One kept-alive HTTP connection, cheap enough to leave the machine to the server.
//!
//! A general client costs as much processor time per exchange as an empty handler, and on a machine that the clients
//! share with the server that is measured with it. This one sends bytes that were laid out beforehand and reads only
//! what the bench needs: the status and the body.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::answer::{self, Framing, Head};

/// Content type of one JSON document.
pub(super) const JSON: &str = "application/json";

/// Content type of JSON documents, one a line.
pub(super) const NDJSON: &str = "application/x-ndjson";

/// Room for each read from the socket: most answers fit.
const READ_BYTES: usize = 16 << 10;

/// A request that can be sent over and over, on any connection.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The request line.
    start: String,
    /// Every header but `Host`, the empty line, and the body.
    rest: String,
}

impl Prepared {
    /// A request without a body.
    pub(super) fn get(path: &str) -> Self {
        Self { start: format!("GET {path} HTTP/1.1\r\n"), rest: "\r\n".to_owned() }
    }

    /// A request with a body.
    pub(super) fn post(path: &str, content_type: &str, body: &str) -> Self {
        let length = body.len();
        Self {
            start: format!("POST {path} HTTP/1.1\r\n"),
            rest: format!("content-type: {content_type}\r\ncontent-length: {length}\r\n\r\n{body}"),
        }
    }
}

/// A connection that carries one exchange at a time.
pub(super) struct Connection {
    stream: TcpStream,
    host: String,
    /// What is being sent.
    request: Vec<u8>,
    /// What was received and not read yet.
    received: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    /// Opens a TCP connection to the server.
    pub(super) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            host: format!("host: {address}\r\n"),
            request: Vec::new(),
            received: Vec::new(),
            answer: Vec::new(),
        })
    }

    /// Sends the request and reads the whole answer; its body is then in [`Connection::answer`]. After an
    /// error the connection is of no more use.
    pub(super) async fn exchange(&mut self, prepared: &Prepared) -> anyhow::Result<StatusCode> {
        self.request.clear();
        for part in [&prepared.start, &self.host, &prepared.rest] {
            self.request.extend_from_slice(part.as_bytes());
        }
        self.stream.write_all(&self.request).await?;
        self.answer.clear();
        let Head { status, length, framing } = self.read_head().await?;
        self.received.drain(..length);
        match framing {
            Framing::Length(length) => self.read_body(length).await?,
            Framing::Chunked => self.read_chunks().await?,
        }
        ensure!(self.received.is_empty(), "the server sent more than its answer");
        Ok(status)
    }

    /// Body of the latest answer.
    pub(super) fn answer(&self) -> &[u8] {
        &self.answer
    }

    async fn read_head(&mut self) -> anyhow::Result<Head> {
        loop {
            self.receive().await?;
            if let Some(head) = answer::head(&self.received)? {
                return Ok(head);
            }
        }
    }

    async fn read_body(&mut self, length: usize) -> anyhow::Result<()> {
        while self.received.len() < length {
            self.receive().await?;
        }
        self.answer.extend(self.received.drain(..length));
        Ok(())
    }

    async fn read_chunks(&mut self) -> anyhow::Result<()> {
        loop {
            let (read, last) = answer::chunks(&self.received, &mut self.answer)?;
            self.received.drain(..read);
            if last {
                return Ok(());
            }
            self.receive().await?;
        }
    }

    async fn receive(&mut self) -> anyhow::Result<()> {
        self.received.reserve(READ_BYTES);
        let read = self.stream.read_buf(&mut self.received).await?;
        ensure!(read > 0, "the server closed the connection");
        Ok(())
    }
}

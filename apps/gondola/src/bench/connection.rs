//! One kept-alive HTTP connection, cheap enough to leave the machine to the server.

use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::Poll;

use anyhow::{Context, anyhow};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Content type of one JSON document.
pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Content type of JSON documents, one a line.
pub(super) const NDJSON: HeaderValue = HeaderValue::from_static("application/x-ndjson");

/// A request that can be sent over and over.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    method: Method,
    path: Uri,
    content_type: Option<HeaderValue>,
    body: Bytes,
}

impl Prepared {
    /// A request without a body.
    pub(super) fn get(path: &str) -> anyhow::Result<Self> {
        Ok(Self {
            method: Method::GET,
            path: path.parse().with_context(|| format!("{path:?} is no path"))?,
            content_type: None,
            body: Bytes::new(),
        })
    }

    /// A request with a body.
    pub(super) fn post(
        path: &'static str,
        content_type: HeaderValue,
        body: impl Into<Bytes>,
    ) -> Self {
        Self {
            method: Method::POST,
            path: Uri::from_static(path),
            content_type: Some(content_type),
            body: body.into(),
        }
    }
}

type Driver = http1::Connection<TokioIo<TcpStream>, Full<Bytes>>;

/// A connection that carries one exchange at a time.
pub(super) struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    /// Polled by the task that waits for the answer: a task of its own would cost a switch per exchange.
    driver: Pin<Box<Driver>>,
    host: HeaderValue,
    answer: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub(super) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        let (sender, driver) = http1::handshake(TokioIo::new(stream)).await?;
        Ok(Self {
            sender,
            driver: Box::pin(driver),
            host: HeaderValue::try_from(address.to_string())?,
            answer: Vec::new(),
        })
    }

    /// Sends the request and reads the whole answer; its body is then in [`Connection::answer`]. After an
    /// error the connection is of no more use.
    pub(super) async fn exchange(&mut self, prepared: &Prepared) -> anyhow::Result<StatusCode> {
        let mut request = Request::new(Full::new(prepared.body.clone()));
        request.method_mut().clone_from(&prepared.method);
        request.uri_mut().clone_from(&prepared.path);
        request.headers_mut().insert(HOST, self.host.clone());
        if let Some(content_type) = &prepared.content_type {
            request.headers_mut().insert(CONTENT_TYPE, content_type.clone());
        }
        let (sender, answer) = (&mut self.sender, &mut self.answer);
        let exchange = async move {
            sender.ready().await?;
            let response = sender.send_request(request).await?;
            let status = response.status();
            let mut body = response.into_body();
            answer.clear();
            while let Some(frame) = body.frame().await {
                if let Ok(data) = frame?.into_data() {
                    answer.extend_from_slice(&data);
                }
            }
            Ok::<_, hyper::Error>(status)
        };
        Ok(drive(self.driver.as_mut(), exchange).await??)
    }

    /// Body of the latest answer.
    pub(super) fn answer(&self) -> &[u8] {
        &self.answer
    }
}

/// Awaits the exchange while moving the connection that it needs.
async fn drive<F: Future>(mut driver: Pin<&mut Driver>, exchange: F) -> anyhow::Result<F::Output> {
    let mut exchange = pin!(exchange);
    std::future::poll_fn(move |context| {
        if let Poll::Ready(output) = exchange.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        let closed = driver.as_mut().poll(context).is_ready();
        match exchange.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending if closed => {
                Poll::Ready(Err(anyhow!("the server closed the connection")))
            }
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

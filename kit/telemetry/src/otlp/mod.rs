//! Sends the spans of this process to a collector of OpenTelemetry: OTLP over HTTP with Protocol Buffers.
//!
//! Nobody waits for a collector. Spans wait in a bounded queue, what finds no room there is dropped and counted, and so is
//! what the collector does not take; nothing is sent twice.

mod client;
mod encode;
mod endpoint;
mod protobuf;
mod queue;

use std::time::Duration;

use kit_trace::{AlreadyStarted, FinishedSpan, SamplingRatio};
use metrics::Counter;
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use client::Client;

pub use endpoint::{InvalidEndpoint, InvalidHeader, OtlpEndpoint, OtlpHeader};

/// Spans of one request.
const BATCH_MAX: usize = 512;

/// How long a span waits for more.
const BATCH_WAIT: Duration = Duration::from_secs(1);

/// Where spans go, and what is said of this process.
#[derive(Clone, Debug)]
pub struct OtlpConfig {
    /// The collector.
    pub endpoint: OtlpEndpoint,
    /// What it is told with each request.
    pub headers: Vec<OtlpHeader>,
    /// The share of the traces beginning here that is recorded.
    pub ratio: SamplingRatio,
    /// What the spans are of, by the names of OpenTelemetry's conventions.
    pub resource: Vec<(&'static str, String)>,
}

/// Sending could not begin.
#[derive(Debug, thiserror::Error)]
pub enum OtlpError {
    /// Traces are recorded already.
    #[error(transparent)]
    Started(#[from] AlreadyStarted),
    /// The connection cannot be encrypted.
    #[error("the certificates that this machine trusts cannot be read")]
    Certificates(#[from] std::io::Error),
}

/// Spans on their way.
#[derive(Debug)]
pub struct Sending {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Sending {
    /// Records spans from now on and sends them; once in a process, on a runtime.
    pub fn start(config: OtlpConfig) -> Result<Self, OtlpError> {
        let OtlpConfig { endpoint, headers, ratio, resource } = config;
        let client = Client::new(endpoint, headers)?;
        let (queue, spans) = queue::queue();
        let (sent, dropped) = (queue::sent(), queue::dropped("not_taken"));
        let stop = CancellationToken::new();
        let sender =
            Sender { client, resource, spans, sent, dropped, failing: false, stop: stop.clone() };
        kit_trace::start(queue, ratio)?;
        Ok(Self { stop, task: tokio::spawn(sender.run()) })
    }

    /// Sends what waits, for so long at most; later spans are dropped.
    pub async fn flush(self, at_most: Duration) {
        self.stop.cancel();
        let mut task = self.task;
        if timeout(at_most, &mut task).await.is_err() {
            task.abort();
            tracing::warn!(waited_ms = at_most.as_millis(), "last_spans_not_sent");
        }
    }
}

/// What the sending task works with.
struct Sender {
    client: Client,
    resource: Vec<(&'static str, String)>,
    spans: Receiver<FinishedSpan>,
    sent: Counter,
    dropped: Counter,
    /// Whether the last request failed, which is told once.
    failing: bool,
    stop: CancellationToken,
}

impl Sender {
    /// Sends until it is told to stop, and then what waits still.
    async fn run(mut self) {
        let stop = self.stop.clone();
        let mut batch = Vec::with_capacity(BATCH_MAX);
        while stop.run_until_cancelled(self.fill(&mut batch)).await.is_some() {
            self.send(&mut batch).await;
        }
        self.spans.close();
        loop {
            while batch.len() < BATCH_MAX
                && let Ok(span) = self.spans.try_recv()
            {
                batch.push(span);
            }
            if batch.is_empty() {
                return;
            }
            self.send(&mut batch).await;
        }
    }

    /// Takes spans: all that come within a while after the first, up to a limit.
    async fn fill(&mut self, batch: &mut Vec<FinishedSpan>) {
        let Some(first) = self.spans.recv().await else { return };
        batch.push(first);
        let end = Instant::now() + BATCH_WAIT;
        while batch.len() < BATCH_MAX
            && let Ok(Some(span)) = timeout_at(end, self.spans.recv()).await
        {
            batch.push(span);
        }
    }

    async fn send(&mut self, batch: &mut Vec<FinishedSpan>) {
        let count = batch.len() as u64;
        let request = encode::request(&self.resource, batch);
        batch.clear();
        match self.client.send(request).await {
            Ok(()) => {
                self.sent.increment(count);
                if std::mem::take(&mut self.failing) {
                    tracing::info!("spans_are_sent_again");
                }
            }
            Err(cause) => {
                self.dropped.increment(count);
                if !std::mem::replace(&mut self.failing, true) {
                    tracing::warn!(cause, "spans_cannot_be_sent");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

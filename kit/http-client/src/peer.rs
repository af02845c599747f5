//! One process of a service that is asked: whether it is, and how that ended.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use kit_http::{PassedOn, REQUEST_ID, TIMEOUT_MS};
use kit_resilience::{Breaker, BreakerConfig, Call, Opens};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout};

use crate::connections::{Connections, innermost};
use crate::metrics::PeerMetrics;
use crate::span::{begin_span, end_span};
use crate::url::ServiceUrl;

/// Questions are of one kind: a process answers them or does not.
const BREAKER: BreakerConfig = BreakerConfig {
    opens: Opens::InARow(5),
    pause_min: Duration::from_millis(500),
    pause_max: Duration::from_secs(5),
};

/// A process that had less time than this and did not answer has shown nothing.
const FAIR_TIME: Duration = Duration::from_millis(20);

/// Longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 4 << 20;

/// Says who asks, where that is asked for.
pub(crate) const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// A question, as it is sent to one process after the other.
pub(crate) struct Question {
    pub(crate) service: &'static str,
    pub(crate) path: &'static str,
    pub(crate) body: Bytes,
    pub(crate) passed_on: Option<PassedOn>,
    pub(crate) credential: Option<HeaderValue>,
}

/// A process.
pub(crate) struct Peer {
    url: ServiceUrl,
    label: String,
    breaker: Breaker,
    metrics: PeerMetrics,
}

/// A place before a process whose breaker lets a question pass.
pub(crate) struct Admitted<'a>(&'a Peer, Call<'a>);

impl Peer {
    pub(crate) fn new(service: &str, url: ServiceUrl) -> Self {
        let label = format!("{service} {}", url.authority());
        let metrics = PeerMetrics::new(&label);
        metrics.note(kit_resilience::Mode::Closed);
        Self { url, label, breaker: Breaker::new(BREAKER), metrics }
    }

    /// Lets a question pass, unless the process is left alone.
    pub(crate) fn admit(&self) -> Option<Admitted<'_>> {
        let call = self.breaker.call()?;
        self.metrics.note(self.breaker.mode());
        Some(Admitted(self, call))
    }

    /// Sends a question and reads the whole answer; the error says why there is none.
    async fn send<A: DeserializeOwned>(
        &self,
        connections: &Connections<Full<Bytes>>,
        request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, A), String> {
        let answer = connections.request(request).await.map_err(|error| innermost(&error))?;
        let status = answer.status();
        if status != StatusCode::OK {
            return Err(format!("it answered {status}"));
        }
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await;
        let body = body.map_err(|error| format!("its answer broke off: {error}"))?;
        let answer = serde_json::from_slice(&body.to_bytes());
        Ok((status, answer.map_err(|error| format!("its answer is none: {error}"))?))
    }
}

impl Admitted<'_> {
    /// Asks, and waits so long for the answer; the error says why there is none.
    pub(crate) async fn ask<A: DeserializeOwned>(
        self,
        connections: &Connections<Full<Bytes>>,
        question: &Question,
        time: Duration,
    ) -> Result<A, String> {
        let Self(peer, call) = self;
        let mut request = request(&peer.url, question, time)?;
        let mut span = begin_span(&mut request, question.service);
        let began = Instant::now();
        let late = || Err(format!("no answer within {} ms", time.as_millis()));
        let sent = timeout(time, peer.send(connections, request)).await.unwrap_or_else(|_| late());
        match sent {
            Ok((status, answer)) => {
                end_span(span, status);
                call.succeeded();
                peer.metrics.note(peer.breaker.mode());
                Ok(answer)
            }
            Err(why) => {
                if let Some(span) = &mut span {
                    span.fail("no answer");
                }
                let is_fair = began.elapsed() < time || time >= FAIR_TIME;
                if is_fair {
                    peer.failed(call, &why);
                }
                Err(why)
            }
        }
    }
}

impl Peer {
    fn failed(&self, call: Call<'_>, why: &str) {
        let was_closed = self.breaker.is_closed();
        call.failed();
        self.metrics.failed();
        self.metrics.note(self.breaker.mode());
        if was_closed && !self.breaker.is_closed() {
            tracing::warn!(upstream = self.label, cause = why, "service_left_alone");
        } else {
            tracing::debug!(upstream = self.label, cause = why, "service_did_not_answer");
        }
    }
}

/// A question to a process, which has so much time to answer.
fn request(
    url: &ServiceUrl,
    question: &Question,
    time: Duration,
) -> Result<Request<Full<Bytes>>, String> {
    let place: Uri = format!("{url}{}", question.path)
        .parse()
        .map_err(|error| format!("{:?} is no path: {error}", question.path))?;
    let mut request = Request::new(Full::new(question.body.clone()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = place;
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1);
    headers.insert(TIMEOUT_MS, millis.into());
    if let Some(passed_on) = &question.passed_on {
        headers.insert(REQUEST_ID, passed_on.request_id.header_value());
    }
    if let Some(credential) = &question.credential {
        headers.insert(API_KEY, credential.clone());
    }
    Ok(request)
}

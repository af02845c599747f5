//! One process of a service: whether it is up, what of it is in use, and how its requests end.

use std::error::Error;
use std::time::Duration;

use axum::body::Body;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use kit_http_client::{Connections, ServiceUrl, innermost};
use kit_resilience::{Breaker, BreakerConfig, Call, Mode, Opens};
use parking_lot::Mutex;
use tokio::sync::{Notify, Semaphore, SemaphorePermit, watch};

use super::metrics::UpstreamMetrics;
use super::rendezvous::key_of;

/// Connections to all processes of a service.
pub(super) type Client = Connections<Body>;

/// Requests to one process that wait for the head of an answer; beyond, others are asked, or the caller is told to wait.
const WAITING_MAX: usize = 1_024;

/// One kind of request may fail while others are answered.
const BREAKER: BreakerConfig = BreakerConfig {
    opens: Opens::HalfOf { failures_min: 10, within: Duration::from_secs(10) },
    pause_min: Duration::from_secs(5),
    pause_max: Duration::from_secs(5),
};

/// A process that had less time than this and did not answer has shown nothing: its callers choose the time, and none of them is
/// to have it left alone. With more time a process that is well answers at least that it was too little.
const FAIR_TIME: Duration = Duration::from_millis(100);

/// A process.
pub(super) struct Upstream {
    pub(super) url: ServiceUrl,
    /// The service that it is one of, and where it is.
    pub(super) label: String,
    /// Its name for rendezvous hashing.
    pub(super) hash: u64,
    presence: watch::Sender<Presence>,
    trouble: Mutex<String>,
    /// Told when a request has failed, so that nobody waits for the next look.
    pub(super) suspected: Notify,
    breaker: Breaker,
    places: Semaphore,
    metrics: UpstreamMetrics,
}

/// Whether a process is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    Up,
    /// It answers, and wants no more requests: it is being started or about to end. It finishes those that it has.
    NotReady,
    /// It does not answer.
    Gone,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// No connection: nothing was sent.
    NotSent,
    /// The connection broke, or the process went away: nobody knows what happened.
    Unanswered,
    /// The caller waits no longer.
    TooLate,
}

impl Upstream {
    /// A process that is taken to be up until it is looked at.
    pub(super) fn new(service: &str, url: ServiceUrl) -> Self {
        let label = format!("{service} {}", url.authority());
        Self {
            metrics: UpstreamMetrics::new(&label),
            label,
            hash: key_of(url.authority().as_str()),
            url,
            presence: watch::Sender::new(Presence::Up),
            trouble: Mutex::default(),
            suspected: Notify::new(),
            breaker: Breaker::new(BREAKER),
            places: Semaphore::new(WAITING_MAX),
        }
    }

    /// What is wrong with it; `None` when nothing is.
    pub(super) fn trouble(&self) -> Option<String> {
        if !self.is_up() {
            return Some(self.trouble.lock().clone());
        }
        match self.breaker.mode() {
            Mode::Closed => None,
            _ => Some("too many of its answers failed; few requests are tried".to_owned()),
        }
    }

    /// It is up from now on.
    pub(super) fn came_up(&self) {
        if self.presence.send_replace(Presence::Up) != Presence::Up {
            tracing::info!(upstream = self.label, "upstream_is_back");
        }
    }

    /// It gets no more requests until it comes up, and keeps those that it has.
    pub(super) fn not_ready(&self, trouble: String) {
        self.leaves(Presence::NotReady, trouble);
    }

    /// It gets no more requests until it comes up, and those that it has are given up where they may be sent again.
    pub(super) fn went_down(&self, trouble: String) {
        self.leaves(Presence::Gone, trouble);
    }

    fn leaves(&self, presence: Presence, trouble: String) {
        if self.presence.send_replace(presence) == Presence::Up {
            tracing::warn!(upstream = self.label, cause = trouble, "upstream_is_out");
        }
        *self.trouble.lock() = trouble;
    }

    /// Counts how it is; to be called now and then.
    pub(super) fn note(&self) {
        self.metrics.note(self.is_up(), self.breaker.mode());
    }

    fn is_up(&self) -> bool {
        *self.presence.borrow() == Presence::Up
    }

    /// Lets a request in, unless the process is out, fails too often, or has too many already.
    pub(super) fn enter(&self) -> Option<Visit<'_>> {
        let place = self.places.try_acquire().ok()?;
        let call = if self.is_up() { self.breaker.call() } else { None };
        call.map(|call| Visit { upstream: self, _place: place, call: Some(call) })
    }

    /// How long it is left alone for its failures. One that is out may be back at any time.
    pub(super) fn rest(&self) -> Duration {
        if self.is_up() { self.breaker.rest() } else { Duration::ZERO }
    }

    /// Ends when the process is gone.
    async fn is_gone(&self) {
        // the sender lives as long as this
        drop(self.presence.subscribe().wait_for(|presence| *presence == Presence::Gone).await);
    }
}

/// A request in a process, until the head of its answer.
pub(super) struct Visit<'a> {
    upstream: &'a Upstream,
    _place: SemaphorePermit<'a>,
    /// Until it is known how it ends; dropped before, it says nothing of the process.
    call: Option<Call<'a>>,
}

impl Visit<'_> {
    /// Sends a request and waits for the head of its answer. One that may be sent again is given up when the process is gone.
    pub(super) async fn send(
        &mut self,
        client: &Client,
        request: Request<Body>,
        is_repeatable: bool,
    ) -> Result<Response<Incoming>, Failure> {
        let answer = tokio::select! {
            answer = client.request(request) => answer,
            () = self.upstream.is_gone(), if is_repeatable => return Err(self.failed(Failure::Unanswered)),
        };
        match answer {
            Ok(answer) => {
                self.ended(is_failure(answer.status()));
                Ok(answer)
            }
            Err(error) if error.is_connect() => {
                self.upstream.went_down(format!("no connection: {}", innermost(&error)));
                Err(self.failed(Failure::NotSent))
            }
            Err(error) => {
                tracing::debug!(upstream = self.upstream.label, %error, "request_broke_off");
                if is_of_its_body(&error) {
                    self.call = None;
                    return Err(Failure::Unanswered);
                }
                Err(self.failed(Failure::Unanswered))
            }
        }
    }

    /// The caller waits no longer, after so much time.
    pub(super) fn too_late(&mut self, time: Duration) -> Failure {
        if time < FAIR_TIME {
            self.call = None;
            return Failure::TooLate;
        }
        self.failed(Failure::TooLate)
    }

    fn failed(&mut self, failure: Failure) -> Failure {
        self.ended(true);
        self.upstream.suspected.notify_one();
        failure
    }

    fn ended(&mut self, failed: bool) {
        let Some(call) = self.call.take() else { return };
        if failed {
            self.upstream.metrics.failed();
            call.failed();
        } else {
            call.succeeded();
        }
    }
}

impl Failure {
    /// How traces tell it.
    pub(super) const fn told(self) -> &'static str {
        match self {
            Self::NotSent => "no connection",
            Self::Unanswered => "the connection broke",
            Self::TooLate => "no answer in time",
        }
    }
}

/// Whether a request broke off since its caller sent no more of its body: that says nothing of the process.
fn is_of_its_body(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |&error| error.source()).any(<dyn Error>::is::<axum::Error>)
}

/// Whether a status tells of a process that does not work. 503 does not: it is an answer of one that has too much to do.
fn is_failure(status: StatusCode) -> bool {
    status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE
}

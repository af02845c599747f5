//! Questions to a service that may be slow, wrong or away, which then cost their askers little.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::HeaderValue;
use http_body_util::Full;
use hyper::body::Bytes;
use kit_http::PassedOn;
use kit_resilience::RetryBudget;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::connections::{Connections, connections};
use crate::metrics::ServiceMetrics;
use crate::peer::{Peer, Question};
use crate::url::ServiceUrl;

/// Questions that are asked at once; beyond, none is: their askers go on without an answer.
const CALLS_MAX: usize = 64;

/// Repetitions that may come at once, as when a process dies with questions in it.
const REPETITIONS_AT_ONCE: u32 = 16;

/// A service, asked through its processes in turn.
///
/// Before each process is a breaker, before all of them a limit of questions at once; a question that one process did not
/// answer is put to one other, as long as there is time and the retry budget allows it.
pub struct ServiceClient {
    service: &'static str,
    peers: Vec<Peer>,
    next: AtomicUsize,
    places: Semaphore,
    budget: RetryBudget,
    connections: Connections<Full<Bytes>>,
    credential: Option<Credential>,
    metrics: ServiceMetrics,
}

/// Gives the API key that questions are asked with, as it is now; `None` where there is none.
pub type Credential = Box<dyn Fn() -> Option<HeaderValue> + Send + Sync>;

/// There is no answer; its asker goes on without one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Too many questions are under way.
    #[error("the {0} service is not asked: {CALLS_MAX} questions to it are under way")]
    TooMany(&'static str),
    /// Its processes have failed again and again, and none is to be asked yet.
    #[error("the {0} service is not asked for a moment: all of its processes have failed")]
    LeftAlone(&'static str),
    /// It was asked and did not answer.
    #[error("the {service} service did not answer: {why}")]
    Unanswered {
        /// What it is called.
        service: &'static str,
        /// What happened, at the last process that was asked.
        why: String,
    },
}

impl ServiceClient {
    /// A service by its name for people and metrics, and its processes.
    pub fn new(service: &'static str, processes: Vec<ServiceUrl>) -> Self {
        Self {
            service,
            peers: processes.into_iter().map(|url| Peer::new(service, url)).collect(),
            next: AtomicUsize::new(0),
            places: Semaphore::new(CALLS_MAX),
            budget: RetryBudget::new(REPETITIONS_AT_ONCE),
            connections: connections(CALLS_MAX),
            credential: None,
            metrics: ServiceMetrics::new(service),
        }
    }

    /// The same service, which asks who asks it: each question brings the key that there is then, if there is one.
    #[must_use]
    pub fn showing(self, credential: Credential) -> Self {
        Self { credential: Some(credential), ..self }
    }

    /// Puts a question that may be put again, since it changes nothing or is done once however often it comes, as JSON, and waits for the answer at most so long, and no longer than the caller
    /// of the present request does.
    pub async fn ask<A: DeserializeOwned>(
        &self,
        path: &'static str,
        question: &impl Serialize,
        at_most: Duration,
    ) -> Result<A, CallError> {
        let Ok(_place) = self.places.try_acquire() else {
            self.metrics.not_made();
            return Err(CallError::TooMany(self.service));
        };
        let passed_on = PassedOn::current();
        let left = passed_on.as_ref().and_then(PassedOn::time_left);
        let deadline = Instant::now() + left.map_or(at_most, |left| left.min(at_most));
        let body =
            serde_json::to_vec(question).map_err(|error| self.unanswered(error.to_string()))?;
        let credential = self.credential.as_ref().and_then(|credential| credential());
        let (service, body) = (self.service, body.into());
        let question = Question { service, path, body, passed_on, credential };
        let began = Instant::now();
        let answer = self.ask_in_turn(&question, deadline).await;
        match &answer {
            Ok(_) => self.metrics.answered(),
            Err(CallError::Unanswered { .. }) => self.metrics.unanswered(),
            Err(_) => self.metrics.not_made(),
        }
        if !matches!(answer, Err(CallError::LeftAlone(_))) {
            self.metrics.duration.record(began.elapsed());
        }
        answer
    }

    /// Asks one process, and one more where that is worth it.
    async fn ask_in_turn<A: DeserializeOwned>(
        &self,
        question: &Question,
        deadline: Instant,
    ) -> Result<A, CallError> {
        self.budget.earn();
        let mut failed = None;
        for peer in self.in_turn() {
            let Some(admitted) = peer.admit() else { continue };
            if failed.is_some() {
                if !self.budget.spend() {
                    break;
                }
                self.metrics.repetitions.increment(1);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            // half of the time is kept for another process, where there is one
            let is_last = failed.is_some() || self.peers.len() == 1;
            let time = if is_last { left } else { left / 2 };
            match admitted.ask(&self.connections, question, time).await {
                Ok(answer) => return Ok(answer),
                Err(why) if is_last => return Err(self.unanswered(why)),
                Err(why) => failed = Some(why),
            }
        }
        Err(failed.map_or(CallError::LeftAlone(self.service), |why| self.unanswered(why)))
    }

    fn unanswered(&self, why: String) -> CallError {
        CallError::Unanswered { service: self.service, why }
    }

    /// The processes, each time beginning with the next.
    fn in_turn(&self) -> impl Iterator<Item = &Peer> {
        let (first, count) = (self.next.fetch_add(1, Ordering::Relaxed), self.peers.len());
        (0..count).map(move |index| &self.peers[first.wrapping_add(index) % count])
    }
}

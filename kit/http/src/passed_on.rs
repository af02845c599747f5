//! What a request passes on to the services that are asked on its behalf.

use std::time::{Duration, Instant};

use crate::{RequestContext, RequestId};

/// What a request passes on to the services that are asked on its behalf.
#[derive(Clone, Debug)]
pub struct PassedOn {
    /// The request's id.
    pub request_id: RequestId,
    /// When its caller waits no longer; `None` for work that goes on after the answer's head.
    pub deadline: Option<Instant>,
}

tokio::task_local! {
    static CURRENT: PassedOn;
}

impl PassedOn {
    /// What the request passes on that the current future works for; `None` where it works for none.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// How long the caller will still wait, if anybody does.
    pub fn time_left(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Runs a future as work for a request.
    pub(crate) fn within<F: Future>(
        context: &RequestContext,
        work: F,
    ) -> impl Future<Output = F::Output> {
        let RequestContext { request_id, deadline, .. } = context;
        CURRENT.scope(Self { request_id: request_id.clone(), deadline: Some(*deadline) }, work)
    }
}

/// A future that works for the present request and in its trace, to be run as a task that may outlive the answer's head.
pub fn carry<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let passed_on = PassedOn::current().map(|request| PassedOn { deadline: None, ..request });
    kit_trace::carry(async move {
        match passed_on {
            None => work.await,
            Some(passed_on) => CURRENT.scope(passed_on, work).await,
        }
    })
}

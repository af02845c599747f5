//! Looking at whether a process is ready, so that it gets requests only then.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use kit_http::{Check, Health};
use kit_http_client::innermost;
use kit_process::critical_task;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::upstream::{Client, Upstream};

/// Between two looks at a process.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Shortest pause between two looks, however many requests fail.
const PAUSE_MIN: Duration = Duration::from_millis(50);

/// How long an answer may take.
const ANSWER_WAIT: Duration = Duration::from_secs(1);

/// Answers in a row that were too late until the process is out: a busy one is late at times.
const LATE_MAX: u32 = 3;

/// Looks at a process again and again, until told to stop.
pub(super) fn watch(
    upstream: Arc<Upstream>,
    client: Client,
    tasks: &TaskTracker,
    stop: CancellationToken,
) {
    let looking = async move {
        let mut late = 0;
        loop {
            late = peek(&upstream, &client, late).await;
            upstream.note();
            tokio::time::sleep(PAUSE_MIN).await;
            // a request that failed asks for a look at once
            let suspected = upstream.suspected.notified();
            drop(tokio::time::timeout(LOOK_EVERY, suspected).await);
        }
    };
    tasks.spawn(critical_task("upstream-watch", stop.run_until_cancelled_owned(looking)));
}

/// One look; gives how many answers in a row were too late.
async fn peek(upstream: &Upstream, client: &Client, late: u32) -> u32 {
    let request = Request::get(format!("{}/health/ready", upstream.url)).body(Body::empty());
    let Ok(request) = request else { return late };
    match tokio::time::timeout(ANSWER_WAIT, client.request(request)).await {
        Ok(Ok(answer)) if answer.status() == StatusCode::OK => upstream.came_up(),
        Ok(Ok(answer)) => upstream.went_down(format!("not ready: {}", answer.status())),
        Ok(Err(error)) => upstream.went_down(format!("no answer: {}", innermost(&error))),
        Err(_late) => {
            if late + 1 >= LATE_MAX {
                let seconds = ANSWER_WAIT.as_secs();
                upstream.went_down(format!("no answer within {seconds} s, {LATE_MAX} times"));
            }
            return late + 1;
        }
    }
    0
}

/// Shows a process in the gateway's own health: without it there is less, but not nothing.
pub(super) fn check(upstream: &Arc<Upstream>) -> Check {
    let shown = Arc::clone(upstream);
    Check::graded(upstream.label.clone(), move || {
        let health = shown.trouble().map_or(Health::Up, Health::Degraded);
        std::future::ready(health)
    })
}

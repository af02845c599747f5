//! Health as probes and people read it: alive, ready, and which dependency is to blame.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use serde::Serialize;
use tokio::task::JoinSet;

use crate::Json;

/// How long one check may take before its dependency counts as down.
pub const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

type CheckFuture = Pin<Box<dyn Future<Output = Health> + Send>>;

/// How a dependency is. The texts say what is wrong and what to do, without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// As it should be.
    Up,
    /// A part of it does not work; the process can serve all the rest.
    Degraded(String),
    /// The process cannot serve.
    Down(String),
}

/// A question to one dependency without which this process cannot serve.
#[derive(Clone)]
pub struct Check {
    name: Cow<'static, str>,
    ask: Arc<dyn Fn() -> CheckFuture + Send + Sync>,
}

impl Check {
    /// A check under the dependency's name (camelCase); an error says what is wrong, without secrets.
    pub fn new<F, A>(name: impl Into<Cow<'static, str>>, ask: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self::graded(name, move || {
            let asked = ask();
            async { asked.await.map_or_else(Health::Down, |()| Health::Up) }
        })
    }

    /// A check of a dependency of which parts may fail.
    pub fn graded<F, A>(name: impl Into<Cow<'static, str>>, ask: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Health> + Send + 'static,
    {
        Self { name: name.into(), ask: Arc::new(move || Box::pin(ask())) }
    }

    /// Asks now, for a check that stands for others.
    pub async fn ask(&self) -> Health {
        (self.ask)().await
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Check").field(&self.name).finish()
    }
}

/// Whether this process should get traffic: no check says down and it is not draining. Cheap to clone.
///
/// At shutdown call [`drain`](Self::drain) first and keep serving for some seconds, since load balancers notice it
/// late; then cancel the token given to [`serve`](crate::serve).
#[derive(Clone, Debug)]
pub struct Readiness(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    checks: Vec<Check>,
    draining: AtomicBool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    Up,
    Degraded,
    Down,
    OutOfService,
}

impl Status {
    /// Whether the process should get traffic.
    const fn is_ready(self) -> bool {
        matches!(self, Self::Up | Self::Degraded)
    }
}

#[derive(Serialize)]
struct Component {
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl From<Health> for Component {
    fn from(health: Health) -> Self {
        match health {
            Health::Up => Self { status: Status::Up, detail: None },
            Health::Degraded(detail) => Self { status: Status::Degraded, detail: Some(detail) },
            Health::Down(detail) => Self { status: Status::Down, detail: Some(detail) },
        }
    }
}

#[derive(Serialize)]
struct Report {
    status: Status,
    components: BTreeMap<Cow<'static, str>, Component>,
}

impl Readiness {
    /// Ready when no check says down.
    #[must_use]
    pub fn new(checks: Vec<Check>) -> Self {
        Self(Arc::new(Inner { checks, draining: AtomicBool::new(false) }))
    }

    /// Declares this process not ready from now on, whatever the checks say.
    pub fn drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    /// Whether [`drain`](Self::drain) was called.
    pub fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }

    /// `/health` and `/health/ready` (each dependency named; 503 unless ready) and `/health/live` (no
    /// dependencies: 200 as long as requests are answered at all).
    pub fn routes(&self) -> Router {
        Router::new()
            .route("/health", get(report))
            .route("/health/ready", get(report))
            .route("/health/live", get(live))
            .with_state(self.clone())
    }

    /// Asks all dependencies at once.
    async fn report(&self) -> Report {
        let mut asked = JoinSet::new();
        let mut components: BTreeMap<_, Component> = BTreeMap::new();
        for Check { name, ask } in self.0.checks.iter().cloned() {
            // Kept until the check answers, so a check that panics counts as down.
            components.insert(name.clone(), Health::Down("no answer".to_owned()).into());
            asked.spawn(async move { (name, tokio::time::timeout(CHECK_TIMEOUT, ask()).await) });
        }
        while let Some(answer) = asked.join_next().await {
            let Ok((name, Ok(answer))) = answer else {
                continue;
            };
            components.insert(name, answer.into());
        }
        let is_any = |status| components.values().any(|component| component.status == status);
        let status = match () {
            () if self.is_draining() => Status::OutOfService,
            () if is_any(Status::Down) => Status::Down,
            () if is_any(Status::Degraded) => Status::Degraded,
            () => Status::Up,
        };
        Report { status, components }
    }
}

/// Whether a path is one of health.
pub(crate) fn is_health(path: &str) -> bool {
    path == "/health" || path.starts_with("/health/")
}

async fn report(State(readiness): State<Readiness>) -> Response {
    let report = readiness.report().await;
    let status =
        if report.status.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(report)).into_response()
}

async fn live() -> Response {
    Json(Component { status: Status::Up, detail: None }).into_response()
}

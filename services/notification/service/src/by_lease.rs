//! The notification context where several processes share the logs: the one that has its lease runs it, the others wait.
//!
//! Its state is in files of one process, so two that ran it would each deliver everything. A process that loses the lease
//! stops to follow and to send, answers 503, and begins again with the same files when it gets the lease back.

use std::future::pending;
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;

use async_trait::async_trait;
use kit_core::Epoch;
use kit_http::{Check, Health};
use kit_lease::{Ended, Singleton, Singletons};
use kit_service::Module;
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::adapters::SqliteWebhooks;
use crate::http::{self, Running};
use crate::module::{Config, Deps, NAME, Started, start};
use crate::use_cases::OrderConfirmations;

/// Said while the lease is another process's, or nobody can be asked for it.
const WAITS: &str = "this process waits for the lease of the notification service: another process has it and is to be asked, or the \
                     database that keeps it does not answer";

/// Said from the lease on until everything runs.
const STARTS: &str = "the notification service is being started";

/// Pause after a start that has failed.
const RETRY_PAUSE: Duration = Duration::from_secs(5);

/// Pause between two looks at whether the state of before is closed.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Makes the dependencies of a start, whose tasks end with the token. Each start has followers of its own.
pub type MakeDeps = Box<dyn Fn(CancellationToken) -> Deps + Send + Sync>;

/// What a context that runs by lease needs from outside.
pub struct LeaseDeps {
    /// What each start needs.
    pub deps: MakeDeps,
    /// Who has the lease.
    pub singletons: Singletons,
    /// Whether the process serves nothing else: then it is not ready while it waits, else degraded.
    pub is_alone: bool,
    /// Where its tasks run.
    pub tasks: TaskTracker,
    /// Ends its tasks, and gives the lease back.
    pub stop: CancellationToken,
}

/// The context, running here or waiting for its lease.
pub struct LeasedContext {
    /// What a server runs: the routes answer 503 while the context does not run here.
    pub module: Module,
    /// Takes part in checkouts while the context runs here.
    pub order_confirmations: CurrentConfirmations,
}

/// The door to order confirmations, which may be shut.
#[derive(Clone)]
pub struct CurrentConfirmations(Running);

impl CurrentConfirmations {
    /// Takes them now; an error says why not.
    pub fn get(&self) -> Result<OrderConfirmations, String> {
        self.0.context().map(|context| context.order_confirmations)
    }
}

/// Has the context run whenever this process has its lease. It is ready when it runs.
pub fn by_lease(config: Config, deps: LeaseDeps) -> LeasedContext {
    let LeaseDeps { deps, singletons, is_alone, tasks, stop } = deps;
    let running = Running::not_yet(WAITS);
    let checks: Checks = Arc::default();
    let readiness = vec![check(running.clone(), Arc::clone(&checks), is_alone)];
    let service = Service { config, deps, running, checks, before: Weak::new() };
    let running = service.running.clone();
    tasks.spawn(async move { singletons.run(service, stop).await });
    let module = Module { name: NAME, routes: http::routes(running.clone()), readiness };
    LeasedContext { module, order_confirmations: CurrentConfirmations(running) }
}

/// The health of the followers that run now.
type Checks = Arc<RwLock<Vec<Check>>>;

/// One check for all followers, of which there are none while it waits.
fn check(running: Running, checks: Checks, is_alone: bool) -> Check {
    Check::graded(NAME, move || {
        let (running, checks) = (running.clone(), Arc::clone(&checks));
        async move {
            if let Err(why) = running.context() {
                return if is_alone { Health::Down(why) } else { Health::Degraded(why) };
            }
            let checks = checks.read().unwrap_or_else(PoisonError::into_inner).clone();
            let mut worst = Health::Up;
            for check in checks {
                worst = match (worst, check.ask().await) {
                    (worst, Health::Up) => worst,
                    (_, down @ Health::Down(_)) | (down @ Health::Down(_), _) => down,
                    (_, degraded) => degraded,
                };
            }
            worst
        }
    })
}

/// The context, as the holder of the lease runs it.
struct Service {
    config: Config,
    deps: MakeDeps,
    running: Running,
    checks: Checks,
    /// The state of the last start.
    before: Weak<SqliteWebhooks>,
}

/// Ends what a start has begun: the lease is lost, or the process ends.
struct Holding {
    running: Running,
    _tasks: DropGuard,
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.running.set(Err(WAITS.to_owned()));
    }
}

#[async_trait]
impl Singleton for Service {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&mut self, _: Epoch) -> Ended {
        loop {
            let stop = CancellationToken::new();
            let holding =
                Holding { running: self.running.clone(), _tasks: stop.clone().drop_guard() };
            self.running.set(Err(STARTS.to_owned()));
            // two states of one file would not know of each other's changes
            while self.before.strong_count() > 0 {
                sleep(LOOK_EVERY).await;
            }
            match start(self.config.clone(), (self.deps)(stop)).await {
                Ok(Started { context, readiness, state, .. }) => {
                    self.before = Arc::downgrade(&state);
                    drop(state);
                    *self.checks.write().unwrap_or_else(PoisonError::into_inner) = readiness;
                    self.running.set(Ok(context));
                    pending::<()>().await;
                }
                Err(error) => {
                    let why = chain(&error);
                    tracing::error!(error = why, "notification_cannot_start");
                    drop(holding);
                    self.running.set(Err(format!("it could not be started: {why}")));
                    sleep(RETRY_PAUSE).await;
                }
            }
        }
    }
}

/// An error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

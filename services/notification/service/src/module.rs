//! The one door of the notification context: dependencies in, the running context out.

mod shared;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use kit_core::{Clock, IdSource};
use kit_event_store::EventStore;
use kit_event_store::projection::{self, Projection, ProjectionError};
use kit_http::{Check, Health};
use kit_http_client::{AllowedPlaces, AuthoritiesError};
use kit_service::{Module, ReadError, ViewFreshness};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::adapters::{ChannelsConfig, ChannelsError, OpenError, SqliteWebhooks};
use crate::http::{self, Running};
use crate::use_cases::alerts::{AlertSource, Measurements, Observations};
use crate::use_cases::subscriptions::{CatalogueNames, MessageError};
use crate::use_cases::{NewsSource, OrderConfirmations};
use shared::Shared;

/// Name of the context.
pub(crate) const NAME: &str = "notification";

/// Settings of the notification context.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of its state; made when missing.
    pub folder: PathBuf,
    /// What webhooks, and providers of SMS and push, may reach beside public addresses.
    pub allowed: AllowedPlaces,
    /// How people are reached.
    pub channels: ChannelsConfig,
}

/// What the notification context needs from outside.
pub struct Deps {
    /// The logs that webhooks are told of.
    pub sources: Vec<NewsSource>,
    /// The log that the rules of alerts look at.
    pub alerts: AlertSource,
    /// What is measured where no log tells it; `None` where that is in another process.
    pub measurements: Option<Arc<dyn Measurements>>,
    /// Who knows what stores and products are called.
    pub names: Arc<dyn CatalogueNames>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// Where its tasks run.
    pub tasks: TaskTracker,
    /// Ends its tasks.
    pub stop: CancellationToken,
}

/// The notification context could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its state could not be opened.
    #[error("the state of webhooks and alerts cannot be used")]
    Open(#[from] OpenError),
    /// A log could not be followed.
    #[error("webhooks or rules cannot follow a log")]
    Follow(#[from] ProjectionError),
    /// Receivers could not be reached by HTTPS.
    #[error("the machine's certificates cannot be read")]
    Certificates(#[source] io::Error),
    /// The authorities of `--notification-ca` cannot be trusted.
    #[error("the file of --notification-ca cannot be used")]
    Authorities(#[from] AuthoritiesError),
    /// A way to people cannot be used as it is configured.
    #[error("a channel cannot be used")]
    Channel(#[from] ChannelsError),
    /// The alerts that there are could not be read.
    #[error("the alerts cannot be read")]
    Alerts(#[from] ReadError),
    /// The templates of this program are wrong.
    #[error("messages cannot be written")]
    Messages(#[from] MessageError),
}

/// The running notification context.
pub struct NotificationContext {
    /// What a server runs: routes below `/api/v1/webhooks`, `/api/v1/subscriptions`, `/api/v1/notifications`,
    /// `/api/v1/alerts` and `/api/v1/alert-rules`, and health checks.
    pub module: Module,
    /// How far webhooks are told of each log, and how far rules have seen theirs, by the name of its follower.
    pub told: Vec<(&'static str, ViewFreshness)>,
    /// Takes part in checkouts.
    pub order_confirmations: OrderConfirmations,
    /// Takes what is observed elsewhere than in a log.
    pub observations: Arc<dyn Observations>,
}

/// The context, started.
pub(crate) struct Started {
    /// What handlers work with.
    pub(crate) context: http::Context,
    /// The health of each follower.
    pub(crate) readiness: Vec<Check>,
    /// Its state: with the last owner its file is closed.
    pub(crate) state: Arc<SqliteWebhooks>,
    told: Vec<(&'static str, ViewFreshness)>,
    observations: Arc<dyn Observations>,
}

/// Starts the notification context: logs followed, sender running.
pub async fn module(config: Config, deps: Deps) -> Result<NotificationContext, StartError> {
    let Started { context, readiness, told, observations, .. } = start(config, deps).await?;
    let order_confirmations = context.order_confirmations.clone();
    let routes = http::routes(Running::with(context));
    let module = Module { name: NAME, routes, readiness };
    Ok(NotificationContext { module, told, order_confirmations, observations })
}

/// Starts everything but the routes.
pub(crate) async fn start(config: Config, deps: Deps) -> Result<Started, StartError> {
    let Deps { sources, alerts: looked_at, measurements, names, clock, ids, tasks, stop } = deps;
    let shared = Shared::open(config, clock, ids)?;
    let mut following =
        Following { tasks: &tasks, stop: &stop, told: Vec::new(), checks: Vec::new() };
    shared.follow(sources, looked_at, &mut following).await?;
    let Following { told, checks: readiness, .. } = following;
    let alert_commands = shared.run_alerts(measurements, &tasks, &stop).await?;
    shared.send(names, &tasks, stop)?;
    let context = shared.context(alert_commands);
    let Shared { state, alerts: observations, .. } = shared;
    Ok(Started { context, readiness, state, told, observations })
}

/// The logs that are followed.
struct Following<'t> {
    tasks: &'t TaskTracker,
    stop: &'t CancellationToken,
    told: Vec<(&'static str, ViewFreshness)>,
    /// The health of each follower.
    checks: Vec<Check>,
}

impl Following<'_> {
    /// Brings a follower to the end of its log, where what was parked may be readable by now, and lets it go on.
    async fn follow(
        &mut self,
        log: Arc<dyn EventStore>,
        mut follower: impl Projection + 'static,
    ) -> Result<(), ProjectionError> {
        let name = follower.name();
        projection::catch_up(log.as_ref(), &mut follower).await?;
        let (follower, stop) = (Box::new(follower), self.stop.clone());
        let freshness = ViewFreshness::follow(log as _, follower, self.tasks, stop.clone());
        self.checks.push(freshness.check(name, Health::Degraded, self.tasks, stop));
        self.told.push((name, freshness));
        Ok(())
    }
}

/// The documentation of this context's routes, without starting it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    http::openapi()
}

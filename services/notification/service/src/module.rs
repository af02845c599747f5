//! The one door of the notification context: dependencies in, the running context out.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use kit_core::{Clock, IdSource};
use kit_event_store::projection::{self, ProjectionError};
use kit_http::Health;
use kit_http_client::AllowedPlaces;
use kit_service::{Module, ViewFreshness};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::adapters::{
    AlertFollower, AlertNews, ChannelsConfig, ChannelsError, ConfiguredChannels, HttpReceiver,
    NewsFollower, OpenError, SqliteAlerts, SqliteWebhooks,
};
use crate::http;
use crate::use_cases::alerts::{
    AlertReadModel, AlertRepository, AlertSource, Alerts, AlertsDeps, Observations, Sweeper,
    SweeperDeps,
};
use crate::use_cases::subscriptions::{
    CatalogueNames, Channels, MessageError, Messages, NotificationSender, NotificationSenderDeps,
    Subscriptions, SubscriptionsDeps,
};
use crate::use_cases::{
    Dispatcher, NewsSource, OrderConfirmations, OrderConfirmationsDeps, Receiver, Sender,
    SenderDeps, WebhookReadModel, Webhooks, WebhooksDeps,
};

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
    /// A way to people cannot be used as it is configured.
    #[error("a channel cannot be used")]
    Channel(#[from] ChannelsError),
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

/// Starts the notification context: logs followed, sender running.
pub async fn module(config: Config, deps: Deps) -> Result<NotificationContext, StartError> {
    let Deps { sources, alerts: looked_at, names, clock, ids, tasks, stop } = deps;
    let state = Arc::new(SqliteWebhooks::open(&config.folder)?);
    let alerts = SqliteAlerts::open(&config.folder, Arc::clone(&ids), clock.now())?;
    let alerts = Arc::new(alerts);
    let channels: Arc<dyn Channels> =
        Arc::new(ConfiguredChannels::new(config.channels, &config.allowed)?);
    let receiver = HttpReceiver::new(config.allowed).map_err(StartError::Certificates)?;
    let receiver: Arc<dyn Receiver> = Arc::new(receiver);
    let (wake, wake_people) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (mut told, mut readiness) = (Vec::new(), Vec::new());
    for source in sources {
        let (name, log) = (source.name, Arc::clone(&source.log));
        let time = (Arc::clone(&clock), Arc::clone(&ids));
        let woken = [Arc::clone(&wake), Arc::clone(&wake_people)];
        let following = NewsFollower::new(source, Arc::clone(&state), time, woken);
        let mut follower = following.await?;
        // what is parked may be readable by now
        projection::catch_up(log.as_ref(), &mut follower).await?;
        let follower = Box::new(follower);
        let freshness = ViewFreshness::follow(log as _, follower, &tasks, stop.clone());
        readiness.push(freshness.check(name, Health::Degraded, &tasks, stop.clone()));
        told.push((name, freshness));
    }
    let name = looked_at.name;
    let (log, mut follower) = AlertFollower::new(looked_at, Arc::clone(&alerts)).await?;
    projection::catch_up(log.as_ref(), &mut follower).await?;
    let freshness = ViewFreshness::follow(log as _, Box::new(follower), &tasks, stop.clone());
    readiness.push(freshness.check(name, Health::Degraded, &tasks, stop.clone()));
    told.push((name, freshness));
    let news = AlertNews {
        alerts: Arc::clone(&alerts),
        webhooks: Arc::clone(&state),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
        wake: [Arc::clone(&wake), Arc::clone(&wake_people)],
    };
    news.begin().await?;
    tasks.spawn(news.run(stop.clone()));
    let repository = Arc::clone(&alerts) as Arc<dyn AlertRepository>;
    let sweeper = SweeperDeps { repository: Arc::clone(&repository), clock: Arc::clone(&clock) };
    tasks.spawn(Sweeper::new(sweeper).run(stop.clone()));
    let deps = AlertsDeps { repository, clock: Arc::clone(&clock), ids: Arc::clone(&ids) };
    let alert_commands = Alerts::new(deps);
    let sender = Sender::new(SenderDeps {
        queue: Arc::clone(&state) as _,
        receiver: Arc::clone(&receiver),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
    });
    tasks.spawn(Dispatcher::new(sender, Arc::clone(&wake)).run(stop.clone()));
    let notifier = NotificationSender::new(NotificationSenderDeps {
        queue: Arc::clone(&state) as _,
        messages: Messages::new()?,
        names,
        channels: Arc::clone(&channels),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
    });
    tasks.spawn(Dispatcher::new(notifier, Arc::clone(&wake_people)).run(stop));
    let order_confirmations = OrderConfirmations::new(OrderConfirmationsDeps {
        repository: Arc::clone(&state) as _,
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
        wake: [Arc::clone(&wake), Arc::clone(&wake_people)],
    });
    let subscriptions = Subscriptions::new(SubscriptionsDeps {
        repository: Arc::clone(&state) as _,
        channels,
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
        wake: wake_people,
    });
    let repository = Arc::clone(&state) as _;
    let webhooks = Webhooks::new(WebhooksDeps { repository, receiver, clock, ids, wake });
    let read_model: Arc<dyn WebhookReadModel> = Arc::clone(&state) as _;
    let alerts_shown = Arc::clone(&alerts) as Arc<dyn AlertReadModel>;
    let alerts_context = http::alerts::Context { alerts: alert_commands, read_model: alerts_shown };
    let context = http::Context { webhooks, read_model, subscriptions, notifications: state };
    let routes = http::routes(context, alerts_context);
    let module = Module { name: "notification", routes, readiness };
    Ok(NotificationContext { module, told, order_confirmations, observations: alerts })
}

/// The documentation of this context's routes, without starting it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    http::openapi()
}

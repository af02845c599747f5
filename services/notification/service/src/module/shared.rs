//! What the parts of the notification context share, and the parts that are made of it.

use std::sync::Arc;

use kit_core::{Clock, IdSource};
use kit_http_client::TrustedAuthorities;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Config, Following, StartError};
use crate::adapters::{
    AlertFollower, AlertNews, ConfiguredChannels, HttpReceiver, NewsFollower, SqliteAlerts,
    SqliteWebhooks,
};
use crate::http;
use crate::use_cases::alerts::{
    AlertReadModel, AlertSource, Alerts, AlertsDeps, Measurements, Measuring, MeasuringDeps,
    Sweeper, SweeperDeps,
};
use crate::use_cases::subscriptions::{
    CatalogueNames, Channels, Messages, NotificationSender, NotificationSenderDeps, Subscriptions,
    SubscriptionsDeps,
};
use crate::use_cases::{
    Dispatcher, NewsSource, OrderConfirmations, OrderConfirmationsDeps, Receiver, Sender,
    SenderDeps, Senders, Webhooks, WebhooksDeps,
};

/// State, ways out, time and chance.
pub(super) struct Shared {
    pub(super) state: Arc<SqliteWebhooks>,
    pub(super) alerts: Arc<SqliteAlerts>,
    /// How people are reached.
    channels: Arc<dyn Channels>,
    /// How webhooks are reached.
    receiver: Arc<dyn Receiver>,
    senders: Senders,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
}

impl Shared {
    pub(super) fn open(
        config: Config,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
    ) -> Result<Self, StartError> {
        let state = Arc::new(SqliteWebhooks::open(&config.folder)?);
        let alerts = SqliteAlerts::open(&config.folder, Arc::clone(&ids), clock.now())?;
        let authorities = config.channels.authorities.as_deref().map(TrustedAuthorities::read);
        let authorities = authorities.transpose()?.unwrap_or_default();
        let channels = ConfiguredChannels::new(config.channels, &config.allowed, &authorities)?;
        let receiver = HttpReceiver::new(config.allowed, &authorities);
        let receiver = receiver.map_err(StartError::Certificates)?;
        Ok(Self {
            state,
            alerts: Arc::new(alerts),
            channels: Arc::new(channels),
            receiver: Arc::new(receiver),
            senders: Senders::default(),
            clock,
            ids,
        })
    }

    /// Has the logs followed: by webhooks and people, and by the rules of alerts.
    pub(super) async fn follow(
        &self,
        sources: Vec<NewsSource>,
        looked_at: AlertSource,
        following: &mut Following<'_>,
    ) -> Result<(), StartError> {
        for source in sources {
            let log = Arc::clone(&source.log);
            let time = (Arc::clone(&self.clock), Arc::clone(&self.ids));
            let state = Arc::clone(&self.state);
            let follower = NewsFollower::new(source, state, time, self.senders.clone()).await?;
            following.follow(log, follower).await?;
        }
        let (log, follower) = AlertFollower::new(looked_at, Arc::clone(&self.alerts)).await?;
        Ok(following.follow(log, follower).await?)
    }

    /// Has alerts told of, those of transfers swept and what is measured observed, and gives their commands.
    pub(super) async fn run_alerts(
        &self,
        measurements: Option<Arc<dyn Measurements>>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Result<Alerts, StartError> {
        let clock = || Arc::clone(&self.clock);
        let news = AlertNews {
            alerts: Arc::clone(&self.alerts),
            webhooks: Arc::clone(&self.state),
            clock: clock(),
            ids: Arc::clone(&self.ids),
            senders: self.senders.clone(),
        };
        news.begin().await?;
        tasks.spawn(news.run(stop.clone()));
        let sweeper = SweeperDeps { repository: Arc::clone(&self.alerts) as _, clock: clock() };
        tasks.spawn(Sweeper::new(sweeper).run(stop.clone()));
        if let Some(measurements) = measurements {
            let measuring = MeasuringDeps {
                measurements,
                observations: Arc::clone(&self.alerts) as _,
                alerts: Arc::clone(&self.alerts) as _,
                clock: clock(),
            };
            tasks.spawn(Measuring::new(measuring).await?.run(stop.clone()));
        }
        Ok(Alerts::new(AlertsDeps {
            repository: Arc::clone(&self.alerts) as _,
            read_model: Arc::clone(&self.alerts) as _,
            clock: clock(),
            ids: Arc::clone(&self.ids),
        }))
    }

    /// Has what is due sent, to webhooks and to people.
    pub(super) fn send(
        &self,
        names: Arc<dyn CatalogueNames>,
        tasks: &TaskTracker,
        stop: CancellationToken,
    ) -> Result<(), StartError> {
        let webhooks = Sender::new(SenderDeps {
            queue: Arc::clone(&self.state) as _,
            receiver: Arc::clone(&self.receiver),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
        });
        let webhooks = Dispatcher::new(webhooks, Arc::clone(&self.senders.webhooks));
        tasks.spawn(webhooks.run(stop.clone()));
        let people = NotificationSender::new(NotificationSenderDeps {
            queue: Arc::clone(&self.state) as _,
            messages: Messages::new()?,
            names,
            channels: Arc::clone(&self.channels),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
        });
        tasks.spawn(Dispatcher::new(people, Arc::clone(&self.senders.people)).run(stop));
        Ok(())
    }

    /// What handlers work with.
    pub(super) fn context(&self, alert_commands: Alerts) -> http::Context {
        let (clock, ids) = (|| Arc::clone(&self.clock), || Arc::clone(&self.ids));
        let alerts_shown = Arc::clone(&self.alerts) as Arc<dyn AlertReadModel>;
        http::Context {
            webhooks: Webhooks::new(WebhooksDeps {
                repository: Arc::clone(&self.state) as _,
                read_model: Arc::clone(&self.state) as _,
                receiver: Arc::clone(&self.receiver),
                clock: clock(),
                ids: ids(),
                wake: Arc::clone(&self.senders.webhooks),
            }),
            read_model: Arc::clone(&self.state) as _,
            subscriptions: Subscriptions::new(SubscriptionsDeps {
                repository: Arc::clone(&self.state) as _,
                read_model: Arc::clone(&self.state) as _,
                channels: Arc::clone(&self.channels),
                clock: clock(),
                ids: ids(),
                wake: Arc::clone(&self.senders.people),
            }),
            notifications: Arc::clone(&self.state) as _,
            order_confirmations: OrderConfirmations::new(OrderConfirmationsDeps {
                repository: Arc::clone(&self.state) as _,
                clock: clock(),
                ids: ids(),
                senders: self.senders.clone(),
            }),
            alerts: http::alerts::Context { alerts: alert_commands, read_model: alerts_shown },
        }
    }
}

//! Starting the notification context: at once where one process has the logs, by lease where several share them.

use std::sync::Arc;

use anyhow::Context as _;
use gondola_inventory::use_cases::CatalogueLookUp;
use gondola_notification::use_cases::alerts::Measurements;
use gondola_notification::{Config, Deps, LeaseDeps, LeasedContext};
use kit_core::{Clock, IdSource};
use kit_event_store::EventStore;
use kit_service::Module;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Process, Settings, alerts, channels, webhooks};
use crate::roles::Roles;

/// What webhooks and people are told of: two logs, with who knows the names in them.
pub(super) struct Told {
    pub(super) inventory: Arc<dyn EventStore>,
    pub(super) store: Arc<dyn EventStore>,
    pub(super) names: Arc<dyn CatalogueLookUp>,
    /// What is measured of stock; `None` where no inventory is in this process.
    pub(super) measured: Option<Arc<dyn Measurements>>,
}

/// What every start needs.
struct Parts {
    told: Told,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    tasks: TaskTracker,
}

impl Parts {
    /// For one start, whose tasks end with the token.
    fn deps(&self, stop: CancellationToken) -> Deps {
        let Self { told, clock, ids, tasks } = self;
        let Told { inventory, store, names, measured } = told;
        Deps {
            alerts: alerts::looked_at(Arc::clone(inventory)),
            measurements: measured.clone(),
            sources: webhooks::sources(Arc::clone(inventory), Arc::clone(store)),
            names: Arc::new(channels::NamesOfCatalogue(Arc::clone(names))),
            clock: Arc::clone(clock),
            ids: Arc::clone(ids),
            tasks: tasks.clone(),
            stop,
        }
    }
}

impl Process {
    /// The notification context of a process with these roles, which follows these logs.
    pub(super) async fn notification(
        &self,
        settings: &Settings,
        roles: Roles,
        told: Told,
    ) -> anyhow::Result<Module> {
        let (clock, ids) = (Arc::clone(&self.clock), Arc::clone(&self.ids));
        let parts = Parts { told, clock, ids, tasks: self.tasks.clone() };
        let config = Config {
            folder: self.views.of("notification"),
            allowed: settings.webhooks.clone().unwrap_or_default(),
            channels: settings.channels.clone(),
        };
        if settings.data.event_store.is_shared() {
            return self.notification_by_lease(settings, roles, config, parts);
        }
        let deps = parts.deps(self.stop.clone());
        let started = Box::pin(gondola_notification::module(config, deps)).await;
        let started = started.context("cannot start the notification context")?;
        let confirmations = started.order_confirmations;
        self.confirmations.started(Box::new(move || Ok(confirmations.clone())));
        Ok(started.module)
    }

    fn notification_by_lease(
        &self,
        settings: &Settings,
        roles: Roles,
        config: Config,
        parts: Parts,
    ) -> anyhow::Result<Module> {
        let deps = LeaseDeps {
            deps: Box::new(move |stop| parts.deps(stop)),
            // where the log is that it follows most; the context has no database of its own
            singletons: settings.data.singletons("inventory")?,
            is_alone: !roles.inventory && !roles.store,
            tasks: self.tasks.clone(),
            stop: self.stop.clone(),
        };
        let LeasedContext { module, order_confirmations } =
            gondola_notification::by_lease(config, deps);
        self.confirmations.started(Box::new(move || order_confirmations.get()));
        Ok(module)
    }
}

//! A bounded context in miniature: addresses are told of alarms. It shows what a service costs.
//!
//! `http` and `alarms` (the bus) -> the executor with the `rules` -> event store -> `inboxes` (the view).

mod alarms;
mod http;
mod inboxes;
mod rules;
mod stored;

use std::sync::Arc;

use kit_core::{Clock, IdSource};
use kit_event_bus::{BusError, Consumer, EventBus};
use kit_event_store::{EventStore, MonotonicClock};
use kit_executor::{Executor, ExecutorConfig};
use kit_http::Health;
use kit_service::{Module, ViewFreshness};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) use alarms::TOPIC;

/// What the context needs from outside.
pub(crate) struct Deps {
    pub(crate) event_store: Arc<dyn EventStore>,
    pub(crate) bus: Arc<dyn EventBus>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    /// Where its tasks run.
    pub(crate) tasks: TaskTracker,
    /// Ends its tasks.
    pub(crate) stop: CancellationToken,
}

/// Starts the context, its one door: executor, view and consumer running.
pub(crate) async fn module(config: ExecutorConfig, deps: Deps) -> Result<Module, BusError> {
    let Deps { event_store, bus, clock, ids, tasks, stop } = deps;
    let executor_deps = kit_executor::Deps {
        decider: Arc::new(rules::Rules),
        event_store: Arc::clone(&event_store),
        clock: Arc::new(MonotonicClock::new(clock, event_store.last_recorded_at())),
        ids,
    };
    let executor = Executor::start(&executor_deps, config, &tasks);
    let inboxes = inboxes::Inboxes::default();
    let view = Box::new(inboxes.clone());
    let freshness = ViewFreshness::follow(event_store as _, view, &tasks, stop.clone());
    let consumer = Consumer::join(bus, "notification.alarms", &[TOPIC]).await?;
    tasks.spawn(consumer.run(alarms::Alarms(executor.clone()), stop.clone()));
    let readiness = vec![freshness.check("inboxes", Health::Down, &tasks, stop)];
    let routes = http::routes(http::Context { executor, inboxes, freshness });
    Ok(Module { name: "notification", routes, readiness })
}

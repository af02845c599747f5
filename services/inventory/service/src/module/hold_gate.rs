//! The gate of holds: its counts up to date and following the log, where anything is limited.

use std::sync::Arc;

use kit_event_store::projection;
use kit_http::{Check, Health};
use kit_service::ViewFreshness;

use super::{Config, Deps, StartError};
use crate::adapters::open_holders;
use crate::use_cases::HoldGate;

/// Starts it, and gives the health of its counts too; `None` where nothing is limited.
pub(super) async fn start(
    config: &Config,
    deps: &Deps,
) -> Result<Option<(Arc<HoldGate>, Check)>, StartError> {
    if config.hold_limits.is_off() {
        return Ok(None);
    }
    let Deps { event_store, clock, tasks, stop, .. } = deps;
    let ledger = Arc::default();
    let mut view = open_holders(&config.transfers_folder, event_store.end(), Arc::clone(&ledger))?;
    projection::catch_up(event_store.as_ref(), &mut view).await?;
    let log = Arc::clone(event_store) as _;
    let freshness = ViewFreshness::follow(log, Box::new(view), tasks, stop.clone());
    // counts that stand still only ever count too much
    let check = freshness.check("holdersView", Health::Degraded, tasks, stop.clone());
    let gate = HoldGate {
        limits: config.hold_limits,
        ledger,
        freshness,
        log: Arc::clone(event_store),
        clock: Arc::clone(clock),
        tasks: tasks.clone(),
    };
    Ok(Some((Arc::new(gate), check)))
}

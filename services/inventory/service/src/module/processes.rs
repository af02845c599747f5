//! The process managers of the inventory context: each with its list up to date and its runner running.

use std::sync::Arc;

use kit_event_store::projection;
use kit_http::{Check, Health};
use kit_service::ViewFreshness;

use super::{Config, Deps, StartError};
use crate::adapters::{
    SqliteProcesses, SqliteTills, SqliteTransfers, due_pos_batches, open_process_list,
    open_till_list, open_transfer_list,
};
use crate::process_managers::checkouts::{CheckoutProcess, Checkouts, CheckoutsDeps};
use crate::process_managers::driven::DrivenDeps;
use crate::process_managers::pos_batches::{PosBatches, PosBatchesDeps, TillReadModel};
use crate::process_managers::process_list::Listed;
use crate::process_managers::split_reservations::{
    SplitReservationProcess, SplitReservations, SplitReservationsDeps,
};
use crate::process_managers::stocktakes::{StocktakeProcess, Stocktakes, StocktakesDeps};
use crate::process_managers::transfers::{TransferReadModel, Transfers, TransfersDeps};
use crate::use_cases::StockCommands;

/// All of them, running.
pub(super) struct Running {
    pub(super) transfers: Arc<Transfers>,
    pub(super) split_reservations: Arc<SplitReservations>,
    pub(super) checkouts: Arc<Checkouts>,
    pub(super) pos_batches: Arc<PosBatches>,
    pub(super) stocktakes: Arc<Stocktakes>,
    /// The health of their lists.
    pub(super) readiness: [Check; 5],
}

/// Starts all.
pub(super) async fn start(
    config: &Config,
    deps: &Deps,
    commands: &Arc<StockCommands>,
) -> Result<Running, StartError> {
    let (transfers, transfers_check) = transfers(config, deps, commands).await?;
    let (split_reservations, split_check) = split_reservations(config, deps, commands).await?;
    let (checkouts, checkouts_check) = checkouts(config, deps, commands).await?;
    let (pos_batches, tills_check) = pos_batches(config, deps, commands).await?;
    let (stocktakes, stocktakes_check) = stocktakes(config, deps, commands).await?;
    let readiness = [transfers_check, split_check, checkouts_check, tills_check, stocktakes_check];
    Ok(Running { transfers, split_reservations, checkouts, pos_batches, stocktakes, readiness })
}

/// Transfers with their list up to date and their runner running, and the health of the list.
async fn transfers(
    config: &Config,
    deps: &Deps,
    commands: &Arc<StockCommands>,
) -> Result<(Arc<Transfers>, Check), StartError> {
    let Deps { event_store, clock, ids, tasks, stop, .. } = deps;
    let (mut view, path) = open_transfer_list(&config.transfers_folder, event_store.end())?;
    projection::catch_up(event_store.as_ref(), &mut view).await?;
    let log = Arc::clone(event_store) as _;
    let freshness = ViewFreshness::follow(log, Box::new(view), tasks, stop.clone());
    let check = freshness.check("transfersView", Health::Degraded, tasks, stop.clone());
    let list: Arc<dyn TransferReadModel> = Arc::new(SqliteTransfers::new(path, freshness));
    let given = TransfersDeps {
        event_store: Arc::clone(event_store),
        commands: Arc::clone(commands),
        catalogue: Arc::clone(&commands.catalogue),
        list,
        clock: Arc::clone(clock),
        ids: Arc::clone(ids),
    };
    let (transfers, runner) = Transfers::start(given, config.executor, tasks);
    let (singletons, stop) = (deps.singletons.clone(), stop.clone());
    tasks.spawn(async move { singletons.run(runner, stop).await });
    Ok((Arc::new(transfers), check))
}

/// Split reservations with their list up to date and their runner running, and the health of the list.
async fn split_reservations(
    config: &Config,
    deps: &Deps,
    commands: &Arc<StockCommands>,
) -> Result<(Arc<SplitReservations>, Check), StartError> {
    let (driven, check) =
        driven::<SplitReservationProcess>(config, deps, "splitReservationsView").await?;
    let given = SplitReservationsDeps { driven, commands: Arc::clone(commands) };
    let (split_reservations, runner) = SplitReservations::start(given, config.executor);
    let (singletons, stop) = (deps.singletons.clone(), deps.stop.clone());
    deps.tasks.spawn(async move { singletons.run(runner, stop).await });
    Ok((Arc::new(split_reservations), check))
}

/// Checkouts with their list up to date and their runner running, and the health of the list.
async fn checkouts(
    config: &Config,
    deps: &Deps,
    commands: &Arc<StockCommands>,
) -> Result<(Arc<Checkouts>, Check), StartError> {
    let (driven, check) = driven::<CheckoutProcess>(config, deps, "checkoutsView").await?;
    let (commands, confirmations) = (Arc::clone(commands), deps.confirmations.clone());
    let given = CheckoutsDeps { driven, commands, confirmations };
    let (checkouts, runner) = Checkouts::start(given, config.executor);
    let (singletons, stop) = (deps.singletons.clone(), deps.stop.clone());
    deps.tasks.spawn(async move { singletons.run(runner, stop).await });
    Ok((Arc::new(checkouts), check))
}

/// Stocktakes with their list up to date and their runner running, and the health of the list.
async fn stocktakes(
    config: &Config,
    deps: &Deps,
    commands: &Arc<StockCommands>,
) -> Result<(Arc<Stocktakes>, Check), StartError> {
    let (driven, check) = driven::<StocktakeProcess>(config, deps, "stocktakesView").await?;
    let (commands, look_up) = (Arc::clone(commands), deps.catalogue.clone());
    let given = StocktakesDeps { driven, commands, look_up };
    let (stocktakes, runner) = Stocktakes::start(given, config.executor);
    let (singletons, stop) = (deps.singletons.clone(), deps.stop.clone());
    deps.tasks.spawn(async move { singletons.run(runner, stop).await });
    Ok((Arc::new(stocktakes), check))
}

/// What processes of a kind work with, with their list up to date, and the health of the list.
async fn driven<K: Listed>(
    config: &Config,
    deps: &Deps,
    name: &'static str,
) -> Result<(DrivenDeps<K::State>, Check), StartError> {
    let Deps { event_store, clock, ids, tasks, stop, .. } = deps;
    let (mut view, path) = open_process_list::<K>(&config.transfers_folder, event_store.end())?;
    projection::catch_up(event_store.as_ref(), &mut view).await?;
    let log = Arc::clone(event_store) as _;
    let freshness = ViewFreshness::follow(log, Box::new(view), tasks, stop.clone());
    let check = freshness.check(name, Health::Degraded, tasks, stop.clone());
    let driven = DrivenDeps {
        event_store: Arc::clone(event_store),
        list: Arc::new(SqliteProcesses::<K>::new(path, freshness)) as _,
        clock: Arc::clone(clock),
        ids: Arc::clone(ids),
        tasks: tasks.clone(),
    };
    Ok((driven, check))
}

/// Batches of tills with the list of tills up to date and their runner running, and the health of the list.
async fn pos_batches(
    config: &Config,
    deps: &Deps,
    commands: &Arc<StockCommands>,
) -> Result<(Arc<PosBatches>, Check), StartError> {
    let Deps { event_store, clock, ids, tasks, stop, .. } = deps;
    let (mut view, path) = open_till_list(&config.transfers_folder, event_store.end())?;
    projection::catch_up(event_store.as_ref(), &mut view).await?;
    let log = Arc::clone(event_store) as _;
    let freshness = ViewFreshness::follow(log, Box::new(view), tasks, stop.clone());
    let check = freshness.check("tillsView", Health::Degraded, tasks, stop.clone());
    let tills: Arc<dyn TillReadModel> = Arc::new(SqliteTills::new(path.clone(), freshness));
    let given = PosBatchesDeps {
        event_store: Arc::clone(event_store),
        commands: Arc::clone(commands),
        tills,
        due: Arc::new(due_pos_batches(path)),
        clock: Arc::clone(clock),
        ids: Arc::clone(ids),
        tasks: tasks.clone(),
    };
    let (pos_batches, runner) = PosBatches::start(given, config.executor);
    let (singletons, stop) = (deps.singletons.clone(), stop.clone());
    tasks.spawn(async move { singletons.run(runner, stop).await });
    Ok((Arc::new(pos_batches), check))
}

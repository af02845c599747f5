//! The sweeper: ends reservations whose deadline has passed.
//!
//! It only tidies. Overdue units are free at their deadline whether or not it has run, because every decision
//! frees what it needs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gondola_inventory_domain::{Command, ExpireReservations, LineCommand, StoreId};
use kit_core::{Actor, Caller, Epoch, IdSource, Scope};
use kit_lease::{Ended, Singleton};
use kit_service::ReadError;
use metrics::{Gauge, describe_gauge, gauge};

use super::command::{StoreCommand, Subject};
use super::conditions::Conditions;
use super::queries::Queries;
use super::read_models::{HoldCount, OverdueLevel};
use super::stock_commands::StockCommands;

const OVERDUE: &str = "inventory_overdue_stock_levels";
const ACTIVE_HOLDS: &str = "inventory_active_holds";
const OVERDUE_HOLDS: &str = "inventory_overdue_holds";

/// Looks between two counts of all holds: a million of them take a tenth of a second.
const LOOKS_PER_COUNT: u32 = 15;

/// Pause between two looks.
const INTERVAL: Duration = Duration::from_secs(1);

/// Holds ended per look, and so the most events that one look writes.
const HOLDS_MAX: usize = 1_000;

/// Ends overdue reservations periodically, in one process: several would do the same work, and all but one in vain.
///
/// It needs no fence but the one that every command has: what another has ended is not overdue in the stream itself.
pub struct Sweeper {
    /// Ends reservations.
    pub commands: Arc<StockCommands>,
    /// Finds those that are overdue.
    pub queries: Arc<Queries>,
    /// Names each look.
    pub ids: Arc<dyn IdSource>,
}

#[async_trait]
impl Singleton for Sweeper {
    fn name(&self) -> &'static str {
        "sweeper"
    }

    async fn run(&mut self, _epoch: Epoch) -> Ended {
        describe_gauge!(
            OVERDUE,
            "Stock levels with holds past their deadline, at most 1000, as the sweeper last looked"
        );
        let (overdue, holds) = (gauge!(OVERDUE), HoldMetrics::new());
        loop {
            holds.show(&self.queries).await;
            for _ in 0..LOOKS_PER_COUNT {
                tokio::time::sleep(INTERVAL).await;
                while let Some(swept) = self.sweep(&overdue).await
                    && swept > 0
                {}
            }
        }
    }
}

/// How many holds there are, shown by the process that sweeps.
struct HoldMetrics {
    active: Gauge,
    overdue: Gauge,
}

impl HoldMetrics {
    fn new() -> Self {
        describe_gauge!(
            ACTIVE_HOLDS,
            "Holds of reservations, one in each stock level, that nothing has ended; counted every 15 s, at most 1000000"
        );
        describe_gauge!(
            OVERDUE_HOLDS,
            "Active holds whose deadline has passed, counted as they are"
        );
        Self { active: gauge!(ACTIVE_HOLDS), overdue: gauge!(OVERDUE_HOLDS) }
    }

    /// Counts anew; what fails now is counted the next time.
    async fn show(&self, queries: &Queries) {
        match queries.count_holds().await {
            Ok(holds) => self.set(holds),
            Err(error) => tracing::warn!(%error, "holds_not_counted"),
        }
    }

    fn set(&self, holds: HoldCount) {
        self.active.set(holds.active);
        self.overdue.set(holds.overdue);
    }
}

impl Sweeper {
    /// One look; `None` when it failed.
    async fn sweep(&self, overdue: &Gauge) -> Option<usize> {
        let (commands, queries, ids) = (&self.commands, &self.queries, self.ids.as_ref());
        let swept = sweep_once(commands, queries, ids, overdue).await;
        swept.inspect_err(|error| tracing::warn!(%error, "sweep_failed")).ok()
    }
}

/// One look: in how many stores something was ended. What only seems overdue to a read model is no reason to look again
/// at once.
async fn sweep_once(
    commands: &StockCommands,
    queries: &Queries,
    ids: &dyn IdSource,
    overdue: &Gauge,
) -> Result<usize, ReadError> {
    let now = queries.now();
    let mut stores: BTreeMap<StoreId, Vec<OverdueLevel>> = BTreeMap::new();
    let found = queries.overdue(now, HOLDS_MAX).await?;
    overdue.set(u32::try_from(found.len()).unwrap_or(u32::MAX));
    for level in found {
        stores.entry(level.store).or_default().push(level);
    }
    let correlation_id = ids.next_id(now);
    let mut position = kit_core::Position::ZERO;
    let mut swept = 0;
    for (store, levels) in stores {
        let caller = Caller {
            actor: Actor::system("system:sweeper"),
            correlation_id,
            idempotency: None,
            scope: Scope::All,
        };
        match commands.execute(expire(store, levels), caller).await {
            Ok(done) => {
                position = position.max(done.position);
                let ended = done.answer.lines.iter().any(|line| line.quantity > 0);
                swept += usize::from(ended);
            }
            Err(error) => tracing::warn!(%error, %store, "sweep_of_store_failed"),
        }
    }
    // the next look must not see what this one has ended
    queries.reach(position).await?;
    Ok(swept)
}

fn expire(store: StoreId, mut levels: Vec<OverdueLevel>) -> StoreCommand {
    levels.sort_unstable_by_key(|level| level.product);
    let line = |level: OverdueLevel| {
        let command = Command::ExpireReservations(ExpireReservations { limit: level.holds });
        LineCommand::required(level.product, command)
    };
    StoreCommand {
        store,
        lines: levels.into_iter().map(line).collect(),
        subject: Subject::Levels,
        sale: None,
        conditions: Conditions::default(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    /// What a gauge shows.
    fn gauge() -> (Gauge, impl Fn() -> f64) {
        let shown = Arc::new(AtomicU64::new(0));
        let gauge = Gauge::from_arc(Arc::clone(&shown));
        (gauge, move || f64::from_bits(shown.load(Ordering::Relaxed)))
    }

    #[test]
    fn active_holds_and_overdue_ones_are_shown_each_by_itself() {
        let ((active, active_shown), (overdue, overdue_shown)) = (gauge(), gauge());
        HoldMetrics { active, overdue }.set(HoldCount { active: 7, overdue: 2 });
        assert_eq!([active_shown(), overdue_shown()], [7.0, 2.0]);
    }
}

//! The stock read model in PostgreSQL: shared by all processes, written by one of them, read by each.

mod columns;
mod compare;
mod follower;
mod level_rows;
mod levels;
mod lines;
mod many;
mod news;
mod rebuild;
mod reservations;
mod source;
mod tables;
mod watcher;
mod write;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gondola_inventory_domain::{ProductId, Reservation, ReservationId, StoreId};
use kit_core::{Clock, Position, Timestamp};
use kit_event_store::EventStore;
use kit_event_store::parking::Parking;
use kit_event_store::projection::{Progress, ProjectionError, Tracker};
use kit_postgres::views::{self, LEASE, SharedView, ViewPlace, ViewState};
use kit_postgres::{Connections, Database, DatabaseError};
use kit_process::critical_task;
use kit_service::ReadError;
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::follower::Begun;
pub(super) use self::follower::Follower;
#[cfg(test)]
pub(super) use self::news::NAMED_MAX as NEWS_MAX;
#[cfg(test)]
pub(super) use self::source::REPLICA_REST;
use self::source::{Replica, Source};
pub use self::tables::STOCK_VIEWS;
use self::tables::{NEXT_VIEW, SCHEMA_VERSION, VIEW};
use self::watcher::Watcher;
use self::write::{Told, unwritable};
use crate::adapters::fold::LevelKey;
use crate::adapters::observer::LevelObserver;
use crate::use_cases::{
    ChangedLevels, FoundReservations, HoldCount, LowStock, OverdueLevel, ProductTotals, StockLevel,
    StockReadModel, StoreStock, WantedReservations,
};

/// Connections of a process for reading, at each database.
const READ_CONNECTIONS_MAX: usize = 8;

/// Connections of a process for following, rebuilding, and renewing leases meanwhile.
const WRITE_CONNECTIONS_MAX: usize = 6;

/// Pause between two looks whether the view is there yet, at a start.
const START_PAUSE: Duration = Duration::from_millis(100);

/// How long a process waits for a view that another one writes for another log.
const FOREIGN_WAIT: Duration = LEASE.saturating_mul(3);

/// Where views in PostgreSQL are.
#[derive(Clone, Debug)]
pub struct PostgresViews {
    /// The database that is written.
    pub primary: Database,
    /// One that follows it and takes reads, if there is one.
    pub replica: Option<Database>,
}

/// What the read model needs from its process.
pub(crate) struct PostgresDeps {
    pub(crate) log: Arc<dyn EventStore>,
    pub(crate) observer: Arc<dyn LevelObserver>,
    pub(crate) clock: Arc<dyn Clock>,
    /// How this process is called among the others.
    pub(crate) holder: String,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

/// The read model of this process: what it shows of the shared view, and what it takes to follow the log for all.
pub(crate) struct PostgresReadModel {
    source: Arc<Source>,
    follower: Arc<Follower>,
    /// Held while a rebuild runs in this process.
    rebuilding: Mutex<()>,
    clock: Arc<dyn Clock>,
}

/// What a process shows of the view, before its tasks run.
struct Shown {
    watch: Watcher,
    tracker: Tracker,
}

impl PostgresReadModel {
    /// Follows the log if no other process does, which brings the view to its end first, and watches what the view shows.
    ///
    /// A view that another process follows is shown as it is: the other processes show no more of it. Nor is it waited for if
    /// that process has just been killed, and may have been this one.
    pub(crate) async fn open(
        views: PostgresViews,
        deps: PostgresDeps,
    ) -> Result<Self, ProjectionError> {
        let PostgresDeps { log, observer, clock, holder, tasks, stop } = deps;
        STOCK_VIEWS.check_in(&views.primary).await.map_err(|error| unusable(&error))?;
        let incarnation = log.incarnation();
        let view = SharedView { name: VIEW, holder, incarnation, schema_version: SCHEMA_VERSION };
        let follower = Arc::new(Follower {
            view: view.clone(),
            connections: connections(&views.primary, WRITE_CONNECTIONS_MAX)?,
            log,
            clock: Arc::clone(&clock),
            schema: views.primary.schema().to_owned(),
        });
        let Shown { mut watch, tracker } = Shown::new(&views, Arc::clone(&observer))?;
        let (source, parking) = (Arc::clone(&watch.source), watch.parking.clone());
        let told = move || Told { observer: Arc::clone(&observer), parking: parking.clone() };
        let first = start(&follower, &mut watch, &told, &stop).await?;

        // a replica is behind: what it shows is what this process shows
        let tracker = match views.replica {
            Some(_) => Progress::passing_over(Parking::default(), Position::ZERO).0,
            None => tracker,
        };
        let (following, until) = (Arc::clone(&follower), stop.clone());
        let following = async move { following.run(first, told, tracker, until).await };
        tasks.spawn(critical_task("views-follower", following));
        let (sender, announced) = watch::channel(ViewPlace::default());
        let watching = async move {
            let announcing = views::announced(views.primary, view, sender);
            tokio::join!(announcing, watch.run(announced))
        };
        let watching = async move {
            stop.run_until_cancelled(watching).await;
        };
        tasks.spawn(critical_task("views-watch", watching));
        Ok(Self { source, follower, rebuilding: Mutex::default(), clock })
    }

    /// The view that a rebuild fills.
    fn next_view(&self) -> SharedView {
        SharedView { name: NEXT_VIEW, ..self.follower.view.clone() }
    }
}

impl Shown {
    fn new(
        views: &PostgresViews,
        observer: Arc<dyn LevelObserver>,
    ) -> Result<Self, ProjectionError> {
        let parking = Parking::new(VIEW, []);
        let (tracker, progress) = Progress::passing_over(parking.clone(), Position::ZERO);
        let replica = views.replica.as_ref();
        let replica = replica.map(|replica| connections(replica, READ_CONNECTIONS_MAX));
        let replica = replica.transpose()?.map(Replica::new);
        let primary = connections(&views.primary, READ_CONNECTIONS_MAX)?;
        let source = Arc::new(Source::new(primary, replica, progress, 0));
        let watch = Watcher { source, tracker: tracker.clone(), parking, observer, generation: 0 };
        Ok(Self { watch, tracker })
    }
}

/// Waits until there is a view of this log. If nobody writes it, this process does; the answer is its term then.
async fn start(
    follower: &Follower,
    watch: &mut Watcher,
    told: impl Fn() -> Told,
    stop: &CancellationToken,
) -> Result<Option<Begun>, ProjectionError> {
    let foreign_until = Instant::now() + FOREIGN_WAIT;
    loop {
        if let Some(term) = follower.take_over().await? {
            let mut begun = follower.begin(term, Some(told()), stop.child_token()).await?;
            follower.catch_up(&mut begun).await?;
            watch.inspect(None).await?;
            return Ok(Some(begun));
        }
        let client = follower.connections.client().await?;
        let found = follower.view.find(&client).await.map_err(unwritable)?;
        drop(client);
        let is_ours = |found: &ViewState| found.mark.incarnation == follower.view.incarnation;
        match found.filter(is_ours) {
            Some(_) => {
                watch.inspect(None).await?;
                return Ok(None);
            }
            None if Instant::now() > foreign_until => {
                return Err(ProjectionError::View(format!(
                    "another server keeps the views in the schema {} for another log: give each log views of its own",
                    follower.schema
                )));
            }
            _ => sleep(START_PAUSE).await,
        }
    }
}

fn connections(database: &Database, at_most: usize) -> Result<Connections, ProjectionError> {
    Connections::new(database, at_most).map_err(|error| unusable(&error))
}

fn unusable(error: &DatabaseError) -> ProjectionError {
    ProjectionError::View(error.to_string())
}

#[async_trait]
impl StockReadModel for PostgresReadModel {
    async fn level(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<StockLevel>, ReadError> {
        Ok(levels::one(&self.source, (store, product), self.clock.now()).await?)
    }

    async fn levels(&self, named: Vec<LevelKey>) -> Result<Vec<StockLevel>, ReadError> {
        Ok(many::named(&self.source, &named, self.clock.now()).await?)
    }

    async fn changed_levels(&self, wanted: ChangedLevels) -> Result<Vec<StockLevel>, ReadError> {
        Ok(many::changed(&self.source, &wanted, self.clock.now()).await?)
    }

    async fn store_stock(&self, wanted: StoreStock) -> Result<Vec<StockLevel>, ReadError> {
        Ok(levels::store_stock(&self.source, &wanted, self.clock.now()).await?)
    }

    async fn product_stock(
        &self,
        product: ProductId,
        after: Option<StoreId>,
        limit: usize,
    ) -> Result<Vec<StockLevel>, ReadError> {
        let as_of = self.clock.now();
        Ok(levels::product_stock(&self.source, product, after, limit, as_of).await?)
    }

    async fn low_stock(&self, wanted: LowStock) -> Result<Vec<StockLevel>, ReadError> {
        Ok(levels::low_stock(&self.source, &wanted, self.clock.now()).await?)
    }

    async fn product_totals(&self, product: ProductId) -> Result<ProductTotals, ReadError> {
        Ok(levels::product_totals(&self.source, product, self.clock.now()).await?)
    }

    async fn reservation(&self, id: ReservationId) -> Result<Option<Reservation>, ReadError> {
        Ok(reservations::one(&self.source, id).await?)
    }

    async fn reservations(
        &self,
        wanted: WantedReservations,
    ) -> Result<FoundReservations, ReadError> {
        Ok(reservations::list(&self.source, &wanted, self.clock.now()).await?)
    }

    async fn count_holds(&self, now: Timestamp) -> Result<HoldCount, ReadError> {
        Ok(reservations::count_holds(&self.source, now).await?)
    }

    async fn overdue(&self, now: Timestamp, limit: usize) -> Result<Vec<OverdueLevel>, ReadError> {
        let parked = self.progress().parking().streams();
        Ok(reservations::overdue(&self.source, now, limit, &parked).await?)
    }

    fn progress(&self) -> Progress {
        self.source.progress.clone()
    }
}

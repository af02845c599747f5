//! Views in PostgreSQL that several processes share: who follows, who is refused, who sees what.

use std::sync::Arc;
use std::time::Duration;

use kit_core::{Position, Version};
use kit_event_store::EventStore;
use kit_event_store::projection::{Projection as _, ProjectionError};
use kit_postgres::views::SharedView;
use kit_postgres::{Connections, Database};
use kit_testkit::clock::SimClock;
use kit_testkit::postgres::{APP, MIGRATOR, REPLICA, Schema, address, connect};
use tokio::net::TcpListener;
use tokio_postgres::Client;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::PATIENCE;
use super::history::{History, added, at, product, reserved, store};
use crate::adapters::postgres::{Follower, NEWS_MAX, REPLICA_REST};
use crate::adapters::{
    Cached, LevelCache, PostgresDeps, PostgresReadModel, PostgresViews, STOCK_VIEWS,
};
use crate::use_cases::StockReadModel;

/// The views of a schema whose tables are made now.
pub(super) async fn migrated(schema: &Schema) -> PostgresViews {
    STOCK_VIEWS.apply(&database(schema, MIGRATOR)).await.unwrap();
    PostgresViews { primary: database(schema, APP), replica: None }
}

fn database(schema: &Schema, role: &str) -> Database {
    Database::new(&address(role), &schema.name, &schema.name).unwrap()
}

/// A connection that does what no process does.
async fn owner(schema: &Schema) -> Client {
    connect(&address(MIGRATOR), &schema.name).await
}

/// A process that reads the views, and perhaps writes them.
struct Process {
    read_model: Arc<dyn StockReadModel>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Process {
    async fn start(log: &Arc<dyn EventStore>, views: PostgresViews) -> Self {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let cache = Arc::new(LevelCache::new(1_000));
        let clock = Arc::new(SimClock::at(at(100)));
        let deps = PostgresDeps {
            log: Arc::clone(log),
            observer: Arc::clone(&cache) as _,
            clock: Arc::clone(&clock) as _,
            holder: "test".to_owned(),
            tasks: tasks.clone(),
            stop: stop.clone(),
        };
        let read_model = Arc::new(PostgresReadModel::open(views, deps).await.unwrap());
        let source = Arc::clone(&read_model) as _;
        let read_model = Arc::new(Cached::new(read_model, source, cache, clock));
        Self { read_model, tasks, stop }
    }

    /// Waits until it shows all that is in a log.
    async fn shows(&self, log: &Arc<dyn EventStore>) {
        let head = *log.head().borrow();
        assert!(self.read_model.progress().reach(head, PATIENCE).await, "stands still");
    }

    async fn on_hand(&self, level: (u128, u128)) -> Option<u32> {
        let found = self.read_model.level(store(level.0), product(level.1)).await.unwrap();
        found.map(|level| level.on_hand)
    }

    async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        tokio::time::timeout(PATIENCE, self.tasks.wait()).await.unwrap();
    }
}

/// What follows the log for the views, by hand.
fn follower(schema: &Schema, log: &Arc<dyn EventStore>) -> Follower {
    Follower {
        view: SharedView {
            name: "stock",
            holder: "by hand".to_owned(),
            incarnation: log.incarnation(),
            schema_version: 1,
        },
        connections: Connections::new(&database(schema, APP), 3).unwrap(),
        log: Arc::clone(log),
        clock: Arc::new(SimClock::at(at(100))),
        schema: schema.name.clone(),
    }
}

/// Lets the lease of the view run out, as it does while its holder is paused.
async fn lease_runs_out(schema: &Schema) {
    let sql = "UPDATE views_follower SET lease_until = clock_timestamp() - interval '1 second'";
    owner(schema).await.batch_execute(sql).await.unwrap();
}

/// E11: a follower that was paused for longer than its lease wakes up, and has a batch in its hands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn a_follower_that_was_paused_writes_nothing_after_another_took_over() {
    let (schema, mut history) = (Schema::unused(), History::new());
    migrated(&schema).await;
    history.record((1, 1), added(5)).await;
    let (one, other) = (follower(&schema, &history.log), follower(&schema, &history.log));
    let term = one.take_over().await.unwrap().unwrap();
    let mut paused = one.begin(term, None, CancellationToken::new()).await.unwrap();
    assert!(other.take_over().await.unwrap().is_none(), "the first one holds the lease");
    let batch = history.log.read_all(Position::ZERO, 10).await.unwrap();

    lease_runs_out(&schema).await;
    let term = other.take_over().await.unwrap().unwrap();
    let mut present = other.begin(term, None, CancellationToken::new()).await.unwrap();
    other.catch_up(&mut present).await.unwrap();
    history.record((1, 1), added(1)).await;
    other.catch_up(&mut present).await.unwrap();

    let refused = paused.writer.apply(batch).await;
    assert!(matches!(refused, Err(ProjectionError::Superseded { by }) if by.get() == 2));
    let row = "SELECT on_hand, version FROM stock_levels_0";
    let row = owner(&schema).await.query_one(row, &[]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (6, 2));
    let position = "SELECT position FROM views_follower WHERE name = 'stock'";
    let position = owner(&schema).await.query_one(position, &[]).await.unwrap();
    assert_eq!(position.get::<_, i64>(0), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn every_process_shows_what_one_writes_and_forgets_its_copies() {
    let (schema, mut history) = (Schema::unused(), History::new());
    let views = migrated(&schema).await;
    let one = Process::start(&history.log, views.clone()).await;
    let other = Process::start(&history.log, views).await;
    for units in 1..=20 {
        history.record((1, 1), added(1)).await;
        for process in [&one, &other] {
            process.shows(&history.log).await;
            // from its cache the next time
            assert_eq!(process.on_hand((1, 1)).await, Some(units));
        }
    }
    // more than can be named
    let more = u128::try_from(NEWS_MAX).unwrap() + 10;
    for level in 1..=more {
        history.record((2, level), added(1)).await;
    }
    history.record((1, 1), added(1)).await;
    other.shows(&history.log).await;
    assert_eq!(other.on_hand((1, 1)).await, Some(21));
    one.end().await;
    // the one that is left follows
    history.record((1, 1), added(1)).await;
    other.shows(&history.log).await;
    assert_eq!(other.on_hand((1, 1)).await, Some(22));
    other.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn what_one_process_passes_over_all_pass_over() {
    let (schema, mut history) = (Schema::unused(), History::new());
    let views = migrated(&schema).await;
    let one = Process::start(&history.log, views.clone()).await;
    let other = Process::start(&history.log, views).await;
    history.record((1, 1), added(5)).await;
    let at_fault = history.record_unreadable((1, 1)).await;
    history.record((1, 2), added(5)).await;
    for process in [&one, &other] {
        process.shows(&history.log).await;
        let parked = process.read_model.progress().parking().streams();
        assert_eq!((parked.len(), parked[0].position), (1, at_fault));
    }
    one.end().await;
    other.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn views_of_another_log_are_built_anew_and_those_that_are_ahead_prove_a_loss() {
    let (schema, mut history) = (Schema::unused(), History::new());
    let views = migrated(&schema).await;
    history.record((1, 1), added(5)).await;
    Process::start(&history.log, views.clone()).await.end().await;
    let another = History::new();
    let process = Process::start(&another.log, views).await;
    assert_eq!(process.on_hand((1, 1)).await, None);
    process.end().await;
    let ahead = "UPDATE views_follower SET position = 7, lease_until = clock_timestamp()";
    owner(&schema).await.batch_execute(ahead).await.unwrap();
    let refused = follower(&schema, &another.log).take_over().await;
    assert!(matches!(refused, Err(ProjectionError::LostEvents(_))));
}

/// A replica as a test wants it: a copy of the views in a schema of its own, which nobody brings up to date.
async fn copy(of: &Schema, log: &Arc<dyn EventStore>) -> Schema {
    let replica = Schema::unused();
    migrated(&replica).await;
    let (from, to) = (&of.name, &replica.name);
    // what it answers is told from what the primary does
    let sql = format!(
        "INSERT INTO {to}.views_follower SELECT * FROM {from}.views_follower; \
         INSERT INTO {to}.stock_levels_0 SELECT * FROM {from}.stock_levels_0; \
         UPDATE {to}.stock_levels_0 SET on_hand = on_hand + 1000"
    );
    owner(of).await.batch_execute(&sql).await.unwrap();
    assert!(*log.head().borrow() > Position::ZERO);
    replica
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn a_replica_answers_while_it_shows_what_was_shown_and_else_the_primary_does() {
    let (schema, mut history) = (Schema::unused(), History::new());
    let views = migrated(&schema).await;
    history.record((1, 1), added(5)).await;
    history.record((1, 2), added(5)).await;
    let writer = Process::start(&history.log, views.clone()).await;
    let replica = copy(&schema, &history.log).await;
    let views = PostgresViews { replica: Some(database(&replica, APP)), ..views };
    let reader = Process::start(&history.log, views).await;
    let of_store = async || {
        let levels = reader.read_model.store_stock(super::whole_store(1)).await.unwrap();
        levels.iter().map(|level| level.on_hand).collect::<Vec<_>>()
    };
    let answers = async {
        while of_store().await != [1_005, 1_005] {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, answers).await.expect("the replica answers");
    // it stays behind: after a small part of the wait for a position the primary answers
    history.record((1, 1), added(1)).await;
    let began = std::time::Instant::now();
    reader.shows(&history.log).await;
    assert!(began.elapsed() < PATIENCE / 3, "{:?}", began.elapsed());
    for _ in 0..10 {
        assert_eq!(reader.on_hand((1, 1)).await, Some(6));
        assert_eq!(of_store().await, [6, 5]);
    }
    reader.end().await;
    writer.end().await;
}

/// E16 in small: what does not answer is left alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn a_replica_that_is_gone_is_not_tried_by_every_read() {
    let (schema, mut history) = (Schema::unused(), History::new());
    let views = migrated(&schema).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://nobody@{}/none", listener.local_addr().unwrap());
    let tried = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let counted = Arc::clone(&tried);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            drop(connection);
        }
    });
    let gone = Database::new(&url, &schema.name, "gone").unwrap();
    let views = PostgresViews { replica: Some(gone), ..views };
    let began = std::time::Instant::now();
    let process = Process::start(&history.log, views).await;
    for units in 1..=50 {
        history.record((1, 1), added(1)).await;
        process.shows(&history.log).await;
        assert_eq!(process.on_hand((1, 1)).await, Some(units));
    }
    let tried = || tried.load(std::sync::atomic::Ordering::SeqCst);
    let at_first = tried();
    // once more after each rest, on a slow machine
    let rested = u32::try_from(began.elapsed().as_secs() / REPLICA_REST.as_secs()).unwrap();
    assert!((1..=4 + 4 * rested).contains(&at_first), "tried {at_first} times");

    // it has rested and fails once more: what the primary answers instead says nothing of it
    let rest = REPLICA_REST + Duration::from_millis(500);
    tokio::time::sleep(rest).await;
    history.record((1, 1), added(1)).await;
    process.shows(&history.log).await;
    let again = tried();
    assert!(again > at_first, "it is looked at again");
    tokio::time::sleep(rest).await;
    for product in 2..=4 {
        assert_eq!(process.on_hand((1, product)).await, None);
    }
    assert_eq!(tried(), again, "nobody has seen it since");
    process.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn a_streaming_replica_is_read_and_never_shows_less() {
    let (schema, mut history) = (Schema::unused(), History::new());
    let views = migrated(&schema).await;
    let views = PostgresViews { replica: Some(database(&schema, REPLICA)), ..views };
    let process = Process::start(&history.log, views).await;
    for units in 1..=50 {
        history.record((1, 1), added(1)).await;
        history.record((1, 1), reserved(u128::from(units), 1, 160)).await;
        process.shows(&history.log).await;
        let level = process.read_model.level(store(1), product(1)).await.unwrap().unwrap();
        let expected = (units, units, Version::new(u64::from(units) * 2));
        assert_eq!((level.on_hand, level.reserved, level.version), expected);
        assert_eq!(level.next_deadline, Some(at(160)));
        assert_eq!(level.as_of, at(100));
    }
    process.end().await;
}

/// How fast a follower is, as a figure: events a second, one hold in each.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn many_events_are_applied_in_few_transactions() {
    let (schema, mut history) = (Schema::unused(), History::new());
    migrated(&schema).await;
    for number in 0..20_000 {
        let level = (1 + number % 10, 1 + number % 997);
        history.record(level, reserved(number + 1, 1, 160)).await;
    }
    let follower = follower(&schema, &history.log);
    let term = follower.take_over().await.unwrap().unwrap();
    let mut begun = follower.begin(term, None, CancellationToken::new()).await.unwrap();
    let started = std::time::Instant::now();
    let at = follower.catch_up(&mut begun).await.unwrap();
    let rate = 20_000.0 / started.elapsed().as_secs_f64();
    eprintln!("{rate:.0} events/s into PostgreSQL");
    assert_eq!(at, Position::new(20_000));
    let transactions = "SELECT count(DISTINCT xmin::text) FROM reservation_lines_0";
    let row = owner(&schema).await.query_one(transactions, &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 2);
}

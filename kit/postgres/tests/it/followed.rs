//! The head follows what other processes write.

use std::time::Duration;

use kit_core::Position;
use kit_event_store::EventLog as _;
use kit_testkit::event_store::{append, claiming, commit, moment, transaction};
use tokio::time::timeout;

use crate::scratch::{Scratch, address, connect};

/// However slow the machine, the head moves within this time.
const PATIENCE: Duration = Duration::from_secs(30);

/// Appends that the head follows one by one, and the time for all of them: polling alone takes twice as long.
const APPENDS: (u64, Duration) = (40, Duration::from_secs(10));

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn the_head_follows_another_process() {
    let scratch = Scratch::new();
    let (writes, follows) = (scratch.open().await, scratch.open().await);
    let mut head = follows.head();
    let (appends, within) = APPENDS;
    let one_by_one = async {
        for expected in 0..appends {
            let written = commit(&writes, transaction([append("a", expected, 1)])).await;
            head.wait_for(|head| *head >= written[0].position).await.unwrap();
        }
    };
    timeout(within, one_by_one).await.expect("the head moves when an append is announced");
}

/// An announcement may be lost, for instance while the connection is opened anew: then the log is asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn the_head_follows_what_nobody_announces() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    commit(&store, transaction([append("a", 0, 1)])).await;
    let owner = connect(&address("GONDOLA_TEST_POSTGRES_MIGRATOR"), &scratch.schema).await;
    let silent = "INSERT INTO events SELECT 2, 2, recorded_at, occurred_at, stream, event_id, correlation_id, \
        causation_id, schema_version, event_type, actor, data, personal FROM events";
    owner.batch_execute(silent).await.unwrap();
    let mut head = store.head();
    timeout(PATIENCE, head.wait_for(|head| head.get() == 2)).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn a_lost_connection_of_the_follower_is_opened_anew() {
    let scratch = Scratch::new();
    let (writes, follows) = (scratch.open().await, scratch.open().await);
    let superuser = connect(&address("GONDOLA_TEST_POSTGRES_SUPERUSER"), &scratch.schema).await;
    let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
        WHERE application_name = current_schema() AND (query LIKE 'LISTEN %' OR query LIKE 'SELECT coalesce(max(%')";
    superuser.batch_execute(end).await.unwrap();
    let written = commit(&writes, transaction([append("a", 0, 1)])).await[0].position;
    let mut head = follows.head();
    timeout(PATIENCE, head.wait_for(|head| *head >= written)).await.unwrap().unwrap();
    let healthy = async {
        while follows.health().is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, healthy).await.expect("the database is reached again");
}

/// Claims that ended before a moment are deleted, and no others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn claims_that_ended_are_purged() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    for (number, (key, end)) in
        (0..).zip([("ended", Some(moment(10))), ("ends-now", Some(moment(20))), ("never", None)])
    {
        commit(&store, claiming(transaction([append("a", number, 1)]), key, end)).await;
    }
    let app = connect(&address("GONDOLA_TEST_POSTGRES"), &scratch.schema).await;
    let purge = "SELECT purge_claims($1, 10)";
    let purged: i64 = app.query_one(purge, &[&moment(20).as_millis()]).await.unwrap().get(0);
    let left = app.query("SELECT key FROM claims ORDER BY key", &[]).await.unwrap();
    let left: Vec<&str> = left.iter().map(|row| row.get(0)).collect();
    assert_eq!((purged, left), (1, vec!["ends-now", "never"]));
    assert_eq!(store.head().borrow().get(), Position::new(3).get());
}

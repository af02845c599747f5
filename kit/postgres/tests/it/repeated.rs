//! Statements that fail because of what others do at the same time are repeated, and nobody is told.

use std::time::{Duration, Instant};

use kit_core::Position;
use kit_event_store::{EventLog as _, EventStoreError};
use kit_testkit::event_store::{append, claiming, commit, moment, recorded, transaction};
use tokio_postgres::Client;

use crate::scratch::{Scratch, address, connect};

/// However slow the machine, an append that must wait does so within this time.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody has a lock on a claim that the append takes anew, and then wants the log's: of the two the append is ended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn an_append_that_is_ended_for_a_deadlock_is_repeated() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let end = moment(1_000);
    commit(&store, claiming(transaction([append("a", 0, 1)]), "k", Some(end))).await;
    // only who may do everything can have the other side noticed first
    let other = connect(&address("GONDOLA_TEST_POSTGRES_SUPERUSER"), &scratch.schema).await;
    other.batch_execute("SET deadlock_timeout = '1min'").await.unwrap();
    other.batch_execute("BEGIN; SELECT FROM claims FOR UPDATE").await.unwrap();
    let wants = recorded(claiming(transaction([append("b", 0, 1)]), "k", None), end);
    let appending = tokio::spawn(async move { (commit(&store, wants).await, store) });
    let watcher = connect(&address("GONDOLA_TEST_POSTGRES_SUPERUSER"), &scratch.schema).await;
    until_one_waits_for(&other, &watcher).await;
    let lock = "SELECT pg_advisory_xact_lock(1735356004, log_lock())";
    other.batch_execute(lock).await.expect("the append is ended, not this");
    other.batch_execute("COMMIT").await.unwrap();
    let (written, store) = appending.await.unwrap();
    assert_eq!(written[0].position, Position::new(2));
    assert_eq!(store.health(), Ok(()));
}

async fn until_one_waits_for(other: &Client, watcher: &Client) {
    let pid: i32 = other.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let sql = "SELECT FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))";
    let began = Instant::now();
    while watcher.query(sql, &[&pid]).await.unwrap().is_empty() {
        assert!(began.elapsed() < PATIENCE, "nobody waits");
        tokio::task::yield_now().await;
    }
}

/// Makes appends fail with a code, so many times.
async fn failing(scratch: &Scratch, code: &str, times: u32) {
    let owner = connect(&address("GONDOLA_TEST_POSTGRES_MIGRATOR"), &scratch.schema).await;
    let schema = &scratch.schema;
    let sql = format!(
        "CREATE SEQUENCE failures; \
         CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql SET search_path = {schema} AS $$ BEGIN \
           IF nextval('failures') <= {times} THEN RAISE EXCEPTION 'on purpose' USING errcode = '{code}'; END IF; \
           RETURN NULL; END $$; \
         CREATE TRIGGER fail AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION {schema}.fail()"
    );
    owner.batch_execute(&sql).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn an_append_that_could_not_be_serialized_is_repeated() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    failing(&scratch, "40001", 2).await;
    let written = commit(&store, transaction([append("a", 0, 1)])).await;
    assert_eq!(written[0].position, Position::new(1), "what failed has left no gap");
}

/// What fails for a reason of its own is not repeated, and the next append is not touched by it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn an_append_that_the_database_refuses_is_told_as_not_written() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    failing(&scratch, "53100", 1).await;
    let sent = transaction([append("a", 0, 1)]);
    let refused = store.append(vec![sent.clone()]).await.unwrap_err();
    let EventStoreError::Unavailable(reason) = refused else { panic!("{refused:?}") };
    assert!(reason.contains("on purpose") && reason.contains("53100"), "{reason}");
    assert!(store.health().unwrap_err().contains("events cannot be written"));
    assert_eq!(commit(&store, sent).await[0].position, Position::new(1));
    assert_eq!(store.health(), Ok(()));
}

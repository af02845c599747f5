//! Appends that fail because of what others do at the same time are repeated, and nobody is told.

use std::time::{Duration, Instant};

use kit_core::Position;
use kit_event_store::{EventLog as _, EventStoreError};
use kit_testkit::event_store::{append, claiming, commit, moment, recorded, transaction};
use mysql_async::prelude::Queryable as _;

use crate::scratch::Scratch;

/// However slow the machine, an append that must wait does so within this time.
const PATIENCE: Duration = Duration::from_secs(30);

/// Longer than an append waits for a lock, and shorter than all its tries together.
const LONGER_THAN_A_WAIT: Duration = Duration::from_millis(2_500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn an_append_that_waited_too_long_for_the_log_is_repeated() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let mut other = scratch.connect("GONDOLA_TEST_MYSQL").await;
    other.query_drop("START TRANSACTION; SELECT 1 FROM log FOR UPDATE").await.unwrap();
    let appending =
        tokio::spawn(
            async move { (commit(&store, transaction([append("a", 0, 1)])).await, store) },
        );
    tokio::time::sleep(LONGER_THAN_A_WAIT).await;
    assert!(!appending.is_finished(), "the log is locked");
    other.query_drop("COMMIT").await.unwrap();
    let (written, store) = appending.await.unwrap();
    assert_eq!(written[0].position, Position::new(1));
    assert_eq!(store.health(), Ok(()));
}

/// Somebody has a lock on a claim that the append takes anew, and then wants the log's: of the two the one is ended that has
/// changed less, which is the append.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn an_append_that_is_ended_for_a_deadlock_is_repeated() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let end = moment(1_000);
    commit(&store, claiming(transaction([append("a", 0, 1)]), "k", Some(end))).await;
    let mut other = scratch.connect("GONDOLA_TEST_MYSQL").await;
    let many = (0..100).map(|number| format!("('s-{number}', 1, 0)")).collect::<Vec<_>>().join(",");
    let changes = format!(
        "START TRANSACTION; INSERT INTO checkpoints VALUES {many}; SELECT 1 FROM claims FOR UPDATE"
    );
    other.query_drop(changes).await.unwrap();
    let wants = recorded(claiming(transaction([append("b", 0, 1)]), "k", None), end);
    let appending = tokio::spawn(async move { (commit(&store, wants).await, store) });
    until_one_waits(&scratch).await;
    other.query_drop("SELECT 1 FROM log FOR UPDATE").await.expect("the append is ended, not this");
    other.query_drop("COMMIT").await.unwrap();
    let (written, store) = appending.await.unwrap();
    assert_eq!(written[0].position, Position::new(2));
    assert_eq!(store.health(), Ok(()));
}

async fn until_one_waits(scratch: &Scratch) {
    let mut watcher = scratch.connect("GONDOLA_TEST_MYSQL_SUPERUSER").await;
    let sql = format!(
        "SELECT 1 FROM information_schema.innodb_trx t JOIN information_schema.processlist p \
         ON p.id = t.trx_mysql_thread_id WHERE p.db = '{}' AND t.trx_state = 'LOCK WAIT'",
        scratch.name
    );
    let began = Instant::now();
    while watcher.query_first::<u8, _>(&sql).await.unwrap().is_none() {
        assert!(began.elapsed() < PATIENCE, "nobody waits");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What fails for a reason of its own is not repeated, and the next append is not touched by it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn an_append_that_the_database_refuses_is_told_as_not_written() {
    let scratch = Scratch::new();
    let store = scratch.open().await;
    let mut superuser = scratch.connect("GONDOLA_TEST_MYSQL_SUPERUSER").await;
    let fail = "CREATE TRIGGER fail AFTER INSERT ON events FOR EACH ROW \
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1021, MESSAGE_TEXT = 'on purpose'";
    superuser.query_drop(fail).await.unwrap();
    let sent = transaction([append("a", 0, 1)]);
    let refused = store.append(vec![sent.clone()]).await.unwrap_err();
    let EventStoreError::Unavailable(reason) = refused else { panic!("{refused:?}") };
    assert!(reason.contains("on purpose") && reason.contains("1021"), "{reason}");
    assert!(store.health().unwrap_err().contains("events cannot be written"));
    superuser.query_drop("DROP TRIGGER fail").await.unwrap();
    assert_eq!(commit(&store, sent).await[0].position, Position::new(1));
    assert_eq!(store.health(), Ok(()));
}

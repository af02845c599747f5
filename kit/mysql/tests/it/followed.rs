//! The head follows what other processes write, also over a lost connection.

use std::time::Duration;

use kit_event_store::EventLog as _;
use kit_testkit::event_store::{append, commit, transaction, whole_log};
use mysql_async::prelude::Queryable as _;
use tokio::time::timeout;

use crate::scratch::Scratch;

/// However slow the machine, the head moves within this time.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn the_head_follows_another_process() {
    let scratch = Scratch::new();
    let (writes, follows) = (scratch.open().await, scratch.open().await);
    let mut head = follows.head();
    for expected in 0..10 {
        let written = commit(&writes, transaction([append("a", expected, 1)])).await[0].position;
        timeout(PATIENCE, head.wait_for(|head| *head >= written)).await.unwrap().unwrap();
    }
}

/// All connections of a process end, as when the server is started again or they were quiet for hours. Nobody is told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs MariaDB: make test-services"]
async fn lost_connections_are_opened_anew() {
    let scratch = Scratch::new();
    let (writes, follows) = (scratch.open().await, scratch.open().await);
    commit(&writes, transaction([append("a", 0, 1)])).await;
    assert_eq!(whole_log(&writes).await.len(), 1);
    let mut superuser = scratch.connect("GONDOLA_TEST_MYSQL_SUPERUSER").await;
    let sql = format!(
        "SELECT id FROM information_schema.processlist WHERE db = '{}' AND id <> CONNECTION_ID()",
        scratch.name
    );
    // of each process one that writes or reads and one that follows, which comes by itself
    let mut sessions: Vec<u64> = Vec::new();
    let all = async {
        while sessions.len() < 4 {
            sessions = superuser.query(&sql).await.unwrap();
        }
    };
    timeout(PATIENCE, all).await.expect("there are four connections");
    for session in sessions {
        superuser.query_drop(format!("KILL CONNECTION {session}")).await.unwrap();
    }
    let unhealthy = async {
        while follows.health().is_ok() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, unhealthy).await.expect("the database is not reached");
    let written = commit(&writes, transaction([append("a", 1, 1)])).await[0].position;
    assert_eq!(whole_log(&writes).await.len(), 2);
    let mut head = follows.head();
    timeout(PATIENCE, head.wait_for(|head| *head >= written)).await.unwrap().unwrap();
    // the head may come by the writer before the follower has read anything itself
    let healthy = async {
        while follows.health().is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, healthy).await.expect("the database is reached again");
}

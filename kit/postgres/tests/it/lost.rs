//! Appends whose connection is lost: what became of them is found out, and does not change afterwards.

use std::time::Duration;

use kit_core::{Position, Version};
use kit_event_store::{EventLog as _, EventStoreError, Outcome, Transaction};
use kit_postgres::PostgresStore;
use kit_testkit::event_store::{
    append, append_one, assert_conflict, commit, stream, transaction, whole_log,
};
use tokio::time::timeout;

use crate::gate::{Gate, waiting};
use crate::proxy::{Cut, MARK, cutting};
use crate::scratch::{Scratch, open_at};

/// However slow the machine, nothing here takes longer unless something hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// Time for an append that must not wait for one that is held up.
const SOONER_THAN_HELD_UP: Duration = Duration::from_millis(4_500);

fn marked(mut append: kit_event_store::Append) -> Transaction {
    append.events[0].data = format!(r#"{{"text":"{MARK}"}}"#).into();
    transaction([append])
}

/// The position in the error of an append whose outcome is unknown.
async fn unknown(store: &PostgresStore, sent: &Transaction) -> Position {
    match store.append(vec![sent.clone()]).await {
        Err(EventStoreError::Unknown { after, .. }) => after,
        known => panic!("the connection was cut, yet the answer is {known:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn a_commit_whose_answer_is_lost_is_found_by_its_id() {
    let scratch = Scratch::new();
    let before = commit(&scratch.open().await, transaction([append("before", 0, 1)])).await;
    let store = open_at(scratch.database_at(&cutting(Cut::BeforeAnswer).await)).await;
    let sent = marked(append("a", 0, 2));
    let after = unknown(&store, &sent).await;
    assert_eq!(after, before[0].position);
    let found = store.find_appends(after, &[sent.append_id()]).await.unwrap().remove(0);
    assert_eq!(found.len(), 2, "both events of it");
    assert_eq!(whole_log(&store).await, [before, found].concat());
    assert!(matches!(append_one(&store, sent).await, Outcome::Conflict { .. }), "it is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn a_request_that_never_arrived_has_written_nothing() {
    let scratch = Scratch::new();
    drop(scratch.open().await);
    let store = open_at(scratch.database_at(&cutting(Cut::BeforeRequest).await)).await;
    let sent = marked(append("a", 0, 2));
    let after = unknown(&store, &sent).await;
    assert_eq!(store.find_appends(after, &[sent.append_id()]).await.unwrap(), [Vec::new()]);
    assert_eq!(commit(&store, sent).await.len(), 2, "it can be sent again");
}

/// The server is in the middle of an append that nobody waits for. Who asks must not be told "nothing" by a look at the log
/// alone: it would be there a moment later.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn what_was_told_of_a_lost_append_stays_true() {
    let scratch = Scratch::new();
    let other = scratch.open().await;
    let gate = Gate::closed(&scratch, &other).await;
    let store = open_at(scratch.database_at(&cutting(Cut::AfterRequest).await)).await;
    let sent = marked(waiting("slow"));
    let after = unknown(&store, &sent).await;
    gate.until_waiting(1).await;
    let ids = [sent.append_id()];
    let asked = store.find_appends(after, &ids);
    let found = timeout(PATIENCE, asked).await.expect("an answer").unwrap().remove(0);
    gate.open().await;
    // behind whatever waits for the log's lock
    commit(&other, transaction([append("later", 0, 1)])).await;
    let log = whole_log(&store).await;
    let written: Vec<_> = log.into_iter().filter(|event| event.stream == stream("slow")).collect();
    assert_eq!(written, found, "it has written what was told, and nothing since");
}

/// An append that nobody waits for holds the log's lock for as long as it is held up itself, which is 5 seconds here. The next
/// one of its process does not wait for that: it ends it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn the_next_append_ends_a_lost_one() {
    let scratch = Scratch::new();
    let other = scratch.open().await;
    let gate = Gate::closed(&scratch, &other).await;
    let store = open_at(scratch.database_at(&cutting(Cut::AfterRequest).await)).await;
    unknown(&store, &marked(waiting("a"))).await;
    gate.until_waiting(1).await;
    let next = append_one(&store, transaction([append("a", 1, 1)]));
    let next = timeout(SOONER_THAN_HELD_UP, next).await.expect("it does not wait");
    assert_conflict(&next, "a", (1, 0));
    gate.open().await;
    assert_eq!(store.versions(&[stream("a")]).await.unwrap(), [Version::ZERO]);
}

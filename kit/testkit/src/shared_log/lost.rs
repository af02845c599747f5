//! Appends whose connection is lost: what became of them is found out, and does not change afterwards.

use std::time::Duration;

use kit_core::{Position, Version};
use kit_event_store::{EventStore, EventStoreError, Outcome, Transaction};
use tokio::time::timeout;

use super::proxy::{Cut, MARK};
use super::{SharedSubject, waiting};
use crate::event_store::{
    append, append_one, assert_conflict, commit, stream, transaction, whole_log,
};

/// However slow the machine, nothing here takes longer unless something hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// Time for an append that must not wait for one that is held up.
const SOONER_THAN_HELD_UP: Duration = Duration::from_millis(4_500);

fn marked(mut append: kit_event_store::Append) -> Transaction {
    append.events[0].data = format!(r#"{{"text":"{MARK}"}}"#).into();
    transaction([append])
}

/// The position in the error of an append whose outcome is unknown.
async fn unknown(store: &dyn EventStore, sent: &Transaction) -> Position {
    match store.append(vec![sent.clone()]).await {
        Err(EventStoreError::Unknown { after, .. }) => after,
        known => panic!("the connection was cut, yet the answer is {known:?}"),
    }
}

/// The answer is lost after the commit.
pub async fn a_commit_whose_answer_is_lost_is_found_by_its_id(subject: &dyn SharedSubject) {
    let before =
        commit(&*subject.open_another().await, transaction([append("before", 0, 1)])).await;
    let store = subject.open_cut(Cut::BeforeAnswer).await;
    let sent = marked(append("a", 0, 2));
    let after = unknown(&*store, &sent).await;
    assert_eq!(after, before[0].position);
    let found = store.find_appends(after, &[sent.append_id()]).await.unwrap().remove(0);
    assert_eq!(found.len(), 2, "both events of it");
    assert_eq!(whole_log(&*store).await, [before, found].concat());
    assert!(matches!(append_one(&*store, sent).await, Outcome::Conflict { .. }), "it is there");
}

/// The request is lost.
pub async fn a_request_that_never_arrived_has_written_nothing(subject: &dyn SharedSubject) {
    drop(subject.open_another().await);
    let store = subject.open_cut(Cut::BeforeRequest).await;
    let sent = marked(append("a", 0, 2));
    let after = unknown(&*store, &sent).await;
    assert_eq!(store.find_appends(after, &[sent.append_id()]).await.unwrap(), [Vec::new()]);
    assert_eq!(commit(&*store, sent).await.len(), 2, "it can be sent again");
}

/// The server is in the middle of an append that nobody waits for. Who asks must not be told "nothing" by a look at the log
/// alone: it would be there a moment later.
pub async fn what_was_told_of_a_lost_append_stays_true(subject: &dyn SharedSubject) {
    let other = subject.open_another().await;
    let gate = subject.close_gate().await;
    let store = subject.open_cut(Cut::AfterRequest).await;
    let sent = marked(waiting("slow"));
    let after = unknown(&*store, &sent).await;
    gate.until_waiting(1).await;
    let ids = [sent.append_id()];
    let asked = store.find_appends(after, &ids);
    let found = timeout(PATIENCE, asked).await.expect("an answer").unwrap().remove(0);
    gate.open().await;
    // behind whatever waits for the log's lock
    commit(&*other, transaction([append("later", 0, 1)])).await;
    let log = whole_log(&*store).await;
    let written: Vec<_> = log.into_iter().filter(|event| event.stream == stream("slow")).collect();
    assert_eq!(written, found, "it has written what was told, and nothing since");
}

/// An append that nobody waits for holds the log's lock for as long as it is held up itself, which is 5 seconds here. The next
/// one of its process does not wait for that: it ends it.
pub async fn the_next_append_ends_a_lost_one(subject: &dyn SharedSubject) {
    drop(subject.open_another().await);
    let gate = subject.close_gate().await;
    let store = subject.open_cut(Cut::AfterRequest).await;
    unknown(&*store, &marked(waiting("a"))).await;
    gate.until_waiting(1).await;
    let next = append_one(&*store, transaction([append("a", 1, 1)]));
    let next = timeout(SOONER_THAN_HELD_UP, next).await.expect("it does not wait");
    assert_conflict(&next, "a", (1, 0));
    gate.open().await;
    assert_eq!(store.versions(&[stream("a")]).await.unwrap(), [Version::ZERO]);
}

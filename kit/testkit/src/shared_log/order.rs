//! Commits come in the order of positions, whatever a writer is held up by.

use std::sync::Arc;

use kit_core::Position;
use kit_event_store::EventStore;

use super::{SharedSubject, waiting};
use crate::event_store::{append, commit, transaction, whole_log};

/// A writer that is held up after it has its positions holds up the others: else they would be visible first, and a reader
/// that has seen them would never see the earlier ones.
pub async fn a_writer_that_is_held_up_makes_no_reader_skip_an_event(subject: &dyn SharedSubject) {
    let (slow, fast) = (subject.open_another().await, subject.open_another().await);
    let gate = subject.close_gate().await;
    let writing = |store: &Arc<dyn EventStore>, append| {
        let store = Arc::clone(store);
        tokio::spawn(async move { commit(&*store, transaction([append])).await })
    };
    let first = writing(&slow, waiting("slow"));
    gate.until_waiting(1).await;
    let second = writing(&fast, append("fast", 0, 1));
    gate.until_waiting(2).await;
    for store in [&slow, &fast] {
        let seen = store.read_all(Position::ZERO, 10).await.unwrap();
        assert!(seen.is_empty(), "nothing is committed, yet {seen:?} is seen");
    }
    gate.open().await;
    let log = [first.await.unwrap(), second.await.unwrap()].concat();
    assert_eq!(log.iter().map(|event| event.position.get()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(whole_log(&*fast).await, log);
}

//! Several processes append to one log: each has a store of its own, as they would.

use std::collections::BTreeSet;
use std::sync::Arc;

use kit_core::Position;
use kit_event_store::{EventStore, Outcome};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::SharedSubject;
use crate::event_store::{
    append, append_one, claiming, event, stream, transaction, whole_log, whole_stream,
};

/// Tasks that append through each store.
const TASKS: u64 = 4;

/// Events of each task.
const EVENTS: u64 = 40;

/// Streams that all of them write.
const STREAMS: u64 = 3;

/// Two of them.
pub async fn two_processes_on_the_same_streams_lose_nothing(subject: &dyn SharedSubject) {
    lose_nothing(subject, 2).await;
}

/// Four, so that most rounds on a stream are lost to another.
pub async fn four_processes_on_the_same_streams_lose_nothing(subject: &dyn SharedSubject) {
    lose_nothing(subject, 4).await;
}

async fn lose_nothing(subject: &dyn SharedSubject, stores: u64) {
    let mut opened = Vec::new();
    for _ in 0..stores {
        opened.push(subject.open_another().await);
    }
    let (mut writers, mut readers) = (JoinSet::new(), JoinSet::new());
    let all = stores * TASKS * EVENTS;
    for (number, store) in (0..).zip(&opened) {
        readers.spawn(follow(Arc::clone(store), all));
        for task in 0..TASKS {
            writers.spawn(write(Arc::clone(store), number * TASKS + task));
        }
    }
    let mut sent: Vec<Uuid> = writers.join_all().await.concat();
    let log = whole_log(&*opened[0]).await;
    let positions: Vec<u64> = log.iter().map(|event| event.position.get()).collect();
    assert_eq!(positions, (1..=all).collect::<Vec<_>>(), "positions without gaps");
    for name in 0..STREAMS {
        let events = whole_stream(&*opened[1], &format!("shared-{name}")).await;
        let versions: Vec<u64> = events.iter().map(|event| event.version.get()).collect();
        assert_eq!(versions, (1..=events.len() as u64).collect::<Vec<_>>(), "each version once");
    }
    let mut in_log: Vec<Uuid> = log.iter().map(|event| event.event.event_id).collect();
    sent.sort_unstable();
    in_log.sort_unstable();
    assert_eq!(in_log, sent, "each event that was acknowledged, once");
    for seen in readers.join_all().await {
        assert_eq!(seen, log, "every process sees the same log");
    }
}

/// Appends to the shared streams in turn, each event under a key, and tries again when another was faster.
async fn write(store: Arc<dyn EventStore>, task: u64) -> Vec<Uuid> {
    let mut sent = Vec::new();
    for number in 0..EVENTS {
        let name = format!("shared-{}", (task + number) % STREAMS);
        let new = event(number);
        loop {
            let version = store.versions(&[stream(&name)]).await.unwrap()[0];
            let mut next = append(&name, version.get(), 1);
            next.events = vec![new.clone()];
            let next = claiming(transaction([next]), &new.event_id.to_string(), None);
            match append_one(&*store, next).await {
                Outcome::Committed(_) => break,
                Outcome::Conflict { actual, .. } => assert!(actual > version, "no false refusal"),
                refused => panic!("nobody else has this key, and no group has two: {refused:?}"),
            }
        }
        sent.push(new.event_id);
    }
    sent
}

/// Waits for the head to move and reads up to it, until so many events were seen.
async fn follow(store: Arc<dyn EventStore>, events: u64) -> Vec<Arc<kit_core::RecordedEvent>> {
    let (mut head, mut seen) = (store.head(), Vec::<Arc<kit_core::RecordedEvent>>::new());
    while (seen.len() as u64) < events {
        let after = seen.last().map_or(Position::ZERO, |event| event.position);
        if *head.borrow_and_update() == after {
            head.changed().await.unwrap();
        }
        seen.extend(store.read_all(after, 64).await.unwrap());
    }
    let ids: BTreeSet<_> = seen.iter().map(|event| event.event.event_id).collect();
    assert_eq!(ids.len(), seen.len(), "nothing twice");
    seen
}

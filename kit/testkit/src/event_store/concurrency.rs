//! Cases in which several tasks use one store at once.

use std::future::Future as _;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use kit_core::{Position, RecordedEvent, Version};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use super::{
    Subject, append, append_one, assert_taken, claiming, commit, stream, transaction, whole_log,
    whole_stream,
};
use kit_event_store::{EventStore, Outcome};

/// However slow the machine, no case takes longer than this unless something hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// Many writers that retry on conflict: every event lands exactly once, and none overwrites another.
pub async fn writers_on_one_stream_lose_nothing(subject: &dyn Subject) {
    const WRITERS: u64 = 16;
    const EVENTS_EACH: u64 = 20;
    let store = subject.open().await;
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            let mut ids = Vec::new();
            for number in 0..EVENTS_EACH {
                ids.push(append_with_retries(&*store, writer * EVENTS_EACH + number).await);
            }
            ids
        });
    }
    let all = tokio::time::timeout(PATIENCE, writers.join_all()).await.expect("no writer hangs");
    let mut sent: Vec<_> = all.concat();
    let events = whole_stream(&*store, "hot").await;
    let versions: Vec<_> = events.iter().map(|event| event.version.get()).collect();
    assert_eq!(versions, (1..=WRITERS * EVENTS_EACH).collect::<Vec<_>>());
    let mut stored: Vec<_> = events.iter().map(|event| event.event.event_id).collect();
    sent.sort_unstable();
    stored.sort_unstable();
    assert_eq!(stored, sent, "each event once");
    assert_eq!(whole_log(&*store).await, events);
}

/// Reads the version, appends behind it, and retries when another task was faster; returns the event's id.
async fn append_with_retries(store: &dyn EventStore, number: u64) -> uuid::Uuid {
    let event = super::event(number);
    loop {
        let version = store.versions(&[stream("hot")]).await.expect("a version")[0];
        let mut next = append("hot", version.get(), 1);
        next.events = vec![event.clone()];
        match append_one(store, transaction([next])).await {
            Outcome::Committed(_) => return event.event_id,
            Outcome::Conflict { actual, .. } => {
                assert!(actual > version, "no conflict for nothing");
            }
            other => panic!("nobody claims anything, and no group has two: {other:?}"),
        }
    }
}

/// Of many callers that want a key at once exactly one gets it.
pub async fn racing_claims_have_one_winner(subject: &dyn Subject) {
    const ROUNDS: usize = 10;
    const RACERS: usize = 16;
    let store = subject.open().await;
    for round in 0..ROUNDS {
        let mut racers = JoinSet::new();
        for racer in 0..RACERS {
            let store = Arc::clone(&store);
            let own = append(&format!("racer-{round}-{racer}"), 0, 1);
            let wanted = claiming(transaction([own]), &format!("prize-{round}"), None);
            racers.spawn(async move { append_one(&*store, wanted).await });
        }
        let (won, lost): (Vec<_>, Vec<_>) = racers
            .join_all()
            .await
            .into_iter()
            .partition(|outcome| matches!(outcome, Outcome::Committed(_)));
        assert_eq!((won.len(), lost.len()), (1, RACERS - 1));
        for outcome in &lost {
            assert_taken(outcome, &format!("prize-{round}"));
        }
    }
    assert_eq!(whole_log(&*store).await.len(), ROUNDS);
}

/// A reader that polls as fast as it can while others write sees every event once, in order, and none
/// ever at or below what it has seen.
pub async fn a_reader_misses_nothing_and_sees_nothing_late(subject: &dyn Subject) {
    const WRITERS: u64 = 8;
    const TRANSACTIONS_EACH: u64 = 40;
    const EVENTS: usize = 2 * 8 * 40;
    let store = subject.open().await;
    let mut readers = JoinSet::new();
    for page in [1, 7, 1_000] {
        readers.spawn(follow(Arc::clone(&store), EVENTS, page));
    }
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            for number in 0..TRANSACTIONS_EACH {
                let own = append(&format!("own-{writer}"), number, 1);
                let fresh = append(&format!("fresh-{writer}-{number}"), 0, 1);
                commit(&*store, transaction([own, fresh])).await;
            }
        });
    }
    tokio::time::timeout(PATIENCE, writers.join_all()).await.expect("no writer hangs");
    let log = whole_log(&*store).await;
    assert_eq!(log.len(), EVENTS);
    let seen = tokio::time::timeout(PATIENCE, readers.join_all()).await;
    for seen in seen.expect("every reader sees all events in the end") {
        assert_eq!(seen, log);
    }
}

/// Polls the log from its beginning until `count` events have been seen.
async fn follow(store: Arc<dyn EventStore>, events: usize, page: usize) -> Vec<Arc<RecordedEvent>> {
    let mut seen: Vec<Arc<RecordedEvent>> = Vec::new();
    while seen.len() < events {
        let after = seen.last().map_or(Position::ZERO, |event| event.position);
        let found = store.read_all(after, page).await.expect("the log can be read");
        assert!(found.len() <= page, "no more than asked");
        for event in found {
            let after = seen.last().map_or(Position::ZERO, |event| event.position);
            assert_eq!(event.position, after.next(), "no gap and nothing late");
            seen.push(event);
        }
        tokio::task::yield_now().await;
    }
    seen
}

/// Whatever shows an event, a head that is asked afterwards covers it: who has seen a position may wait for it.
pub async fn nobody_sees_an_event_beyond_the_head(subject: &dyn Subject) {
    const EVENTS: u64 = 300;
    let store = subject.open().await;
    let mut readers = JoinSet::new();
    for _ in 0..2 {
        let (store, runtime) = (Arc::clone(&store), Handle::current());
        // on threads of their own: the moment between two steps of the writer is short
        readers.spawn_blocking(move || runtime.block_on(look_until(&*store, EVENTS)));
    }
    for number in 0..EVENTS {
        commit(&*store, transaction([append("hot", number, 1)])).await;
    }
    tokio::time::timeout(PATIENCE, readers.join_all()).await.expect("all is seen in the end");
}

/// Looks at the log and at its only stream, whose versions are the log's positions, until they have some events.
async fn look_until(store: &dyn EventStore, events: u64) {
    let mut seen = Position::ZERO;
    while seen.get() < events {
        let page = store.read_all(seen, usize::MAX).await.expect("the log can be read");
        let last = page.last().map_or(seen, |event| event.position);
        assert!(last <= *store.head().borrow(), "the log is read beyond its head");
        let version = store.versions(&[stream("hot")]).await.expect("a version")[0];
        assert!(version.get() <= store.head().borrow().get(), "a stream is beyond the head");
        seen = last;
    }
}

/// A caller that goes away in the middle of an append leaves a transaction that happened whole or not at all.
pub async fn an_append_whose_caller_left_is_whole(subject: &dyn Subject) {
    const ROUNDS: usize = 40;
    let store = subject.open().await;
    for round in 0..ROUNDS {
        let (left, right) = (format!("left-{round}"), format!("right-{round}"));
        let appends = [append(&left, 0, 1), append(&right, 0, 2)];
        let sent = claiming(transaction(appends), &format!("both-{round}"), None);
        poll_and_drop(&*store, sent.clone(), round % 4).await;
        // Whether or not the first has happened, or still does: of the two exactly one is taken, and whole.
        match append_one(&*store, sent).await {
            Outcome::Committed(events) => assert_eq!(events.len(), 3),
            outcome => assert_taken(&outcome, &format!("both-{round}")),
        }
        let versions = store.versions(&[stream(&left), stream(&right)]).await;
        assert_eq!(versions.expect("versions"), [1, 2].map(Version::new));
    }
    let log = whole_log(&*store).await;
    assert_eq!(log.len(), 3 * ROUNDS);
    for whole in log.chunks(3) {
        let causes = whole.iter().map(|event| event.metadata.causation_id);
        assert_eq!(causes.collect::<std::collections::BTreeSet<_>>().len(), 1, "kept together");
    }
}

/// Begins an append, polls its future up to a point, and drops it.
async fn poll_and_drop(store: &dyn EventStore, sent: kit_event_store::Transaction, polls: usize) {
    let mut dropped = pin!(store.append(vec![sent]));
    for _ in 0..polls {
        if dropped.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            return;
        }
        tokio::task::yield_now().await;
    }
}

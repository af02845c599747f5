//! Cases about reading the log and loading streams, now and as they were.

use std::sync::Arc;

use kit_core::{Position, RecordedEvent, Timestamp, Version};

use super::{
    Subject, append, commit, moment, recorded, stream, transaction, whole_log, whole_stream,
};
use kit_event_store::{EventStore, Snapshot};

/// The schema of the suite's snapshots.
const SCHEMA: u16 = 3;

/// Two interleaved streams: `a` has the odd positions and `b` the even ones, each recorded a second after the one
/// before.
async fn two_streams(store: &dyn EventStore, events: u64) -> Vec<Arc<RecordedEvent>> {
    let mut log = Vec::new();
    for number in 0..events {
        let name = if number % 2 == 0 { "a" } else { "b" };
        let sent = transaction([append(name, number / 2, 1)]);
        log.extend(commit(store, recorded(sent, second(number + 1))).await);
    }
    log
}

/// When the event at a position of [`two_streams`] was recorded.
fn second(position: u64) -> Timestamp {
    moment(i64::try_from(position).expect("few events") * 1_000)
}

fn snapshot(name: &str, version: u64, position: u64, schema_version: u16) -> Snapshot {
    Snapshot {
        stream: stream(name),
        version: Version::new(version),
        position: Position::new(position),
        recorded_at: second(position),
        schema_version,
        state: format!(r#"{{"events":{version},"text":"é"}}"#).into(),
    }
}

fn numbers(events: &[Arc<RecordedEvent>]) -> Vec<u64> {
    events.iter().map(|event| event.position.get()).collect()
}

/// Pages of any size, from any position, have what belongs there and no more.
pub async fn the_log_is_read_in_pages(subject: &dyn Subject) {
    const EVENTS: u64 = 9;
    let store = subject.open().await;
    assert!(store.read_all(Position::ZERO, 5).await.expect("empty").is_empty());
    commit(&*store, transaction([append("a", 0, 3), append("b", 0, 1)])).await;
    commit(&*store, transaction([append("c", 0, 5)])).await;
    for after in 0..EVENTS + 2 {
        for limit in [0, 1, 2, 4, 100, usize::MAX] {
            let page = store.read_all(Position::new(after), limit).await.expect("a page");
            let expected: Vec<u64> = (after + 1..=EVENTS).take(limit).collect();
            assert_eq!(numbers(&page), expected, "{limit} events after {after}");
        }
    }
    let beyond = store.read_all(Position::new(u64::MAX - 1), usize::MAX).await;
    assert!(beyond.expect("nothing there").is_empty());
}

/// Newest first, each page beginning below the last event of the one before.
pub async fn a_stream_is_read_back_in_pages(subject: &dyn Subject) {
    let store = subject.open().await;
    two_streams(&*store, 14).await;
    for limit in [1, 2, 3, 7, 100] {
        let (mut before, mut found) = (None, Vec::new());
        loop {
            let page = store.read_back(&stream("a"), before, limit).await.expect("a page");
            assert!(page.len() <= limit);
            before = page.last().map(|event| event.position);
            if before.is_none() {
                break;
            }
            assert!(page.iter().all(|event| event.stream == stream("a")));
            found.extend(numbers(&page));
        }
        assert_eq!(found, [13, 11, 9, 7, 5, 3, 1], "in pages of {limit}");
    }
    assert!(store.read_back(&stream("a"), None, 0).await.expect("nothing").is_empty());
}

/// A position of another stream, or of no event, is nowhere in this one.
pub async fn reading_back_before_a_foreign_event_is_empty(subject: &dyn Subject) {
    let store = subject.open().await;
    two_streams(&*store, 6).await;
    for foreign in [0, 2, 4, 6, 7, 1_000] {
        let page = store.read_back(&stream("a"), Some(Position::new(foreign)), 10).await;
        assert!(page.expect("an answer").is_empty(), "before {foreign}");
    }
}

/// A stream that does not exist is empty in every respect.
pub async fn an_unknown_stream_is_empty(subject: &dyn Subject) {
    let store = subject.open().await;
    two_streams(&*store, 2).await;
    let none = stream("none");
    let loaded = store.load(std::slice::from_ref(&none), SCHEMA).await.expect("loaded");
    assert_eq!((loaded.len(), loaded[0].version()), (1, Version::ZERO));
    let at = store.load_at(&none, second(2), SCHEMA).await.expect("loaded");
    assert_eq!((at.version(), at.snapshot), (Version::ZERO, None));
    assert!(store.read_back(&none, None, 10).await.expect("nothing").is_empty());
    assert!(store.load(&[], SCHEMA).await.expect("nothing").is_empty());
}

/// What comes back is the newest snapshot and the events after it, and without snapshots all events.
pub async fn a_snapshot_shortens_the_load(subject: &dyn Subject) {
    let store = subject.open().await;
    two_streams(&*store, 10).await;
    let load = async || {
        let loaded = store.load(&[stream("a")], SCHEMA).await.expect("loaded").remove(0);
        assert_eq!(loaded.version(), Version::new(5));
        (loaded.snapshot, numbers(&loaded.events))
    };
    assert_eq!(load().await, (None, vec![1, 3, 5, 7, 9]));
    let (second_event, fourth_event) = (snapshot("a", 2, 3, SCHEMA), snapshot("a", 4, 7, SCHEMA));
    store.save_snapshots(vec![second_event.clone()]).await.expect("saved");
    assert_eq!(load().await, (Some(second_event), vec![5, 7, 9]));
    store.save_snapshots(vec![fourth_event.clone()]).await.expect("saved");
    assert_eq!(load().await, (Some(fourth_event), vec![9]));
    let last_event = snapshot("a", 5, 9, SCHEMA);
    store.save_snapshots(vec![last_event.clone()]).await.expect("saved");
    assert_eq!(load().await, (Some(last_event), Vec::new()));
    assert_eq!(whole_log(&*store).await.len(), 10, "snapshots are not events");
}

/// A snapshot in a shape that the reader does not know is as good as none.
pub async fn a_snapshot_of_another_schema_is_not_used(subject: &dyn Subject) {
    let store = subject.open().await;
    two_streams(&*store, 6).await;
    let others = [SCHEMA - 1, SCHEMA + 1].map(|schema| snapshot("a", 2, 3, schema));
    store.save_snapshots(others.to_vec()).await.expect("saved");
    let loaded = store.load(&[stream("a")], SCHEMA).await.expect("loaded").remove(0);
    assert_eq!((loaded.snapshot, numbers(&loaded.events)), (None, vec![1, 3, 5]));
    let loaded = store.load_at(&stream("a"), second(4), SCHEMA).await.expect("loaded");
    assert_eq!((loaded.snapshot, numbers(&loaded.events)), (None, vec![1, 3]));
}

/// At any moment the answer is the events recorded until then, whatever snapshots there are.
pub async fn the_past_is_loaded_as_it_was(subject: &dyn Subject) {
    let store = subject.open().await;
    two_streams(&*store, 12).await;
    let saved = [(1, 1), (3, 5), (6, 11)];
    for snapshots in 0..=saved.len() {
        if let Some(newest) = snapshots.checked_sub(1) {
            let (version, position) = saved[newest];
            let snapshot = snapshot("a", version, position, SCHEMA);
            store.save_snapshots(vec![snapshot]).await.expect("saved");
        }
        for position in 0..=13 {
            for (at, last) in [
                (second(position), position),
                (moment(i64::try_from(position).expect("few") * 1_000 + 999), position),
            ] {
                let what = format!("at {at} with {snapshots} snapshots");
                let loaded = store.load_at(&stream("a"), at, SCHEMA).await.expect("loaded");
                let expected = u64::midpoint(last.min(11), 1);
                assert_eq!(loaded.version(), Version::new(expected), "{what}");
                let folded = loaded.snapshot.as_ref().map_or(0, |found| found.version.get());
                assert!(loaded.snapshot.is_none_or(|found| found.recorded_at <= at), "{what}");
                let versions: Vec<_> =
                    loaded.events.iter().map(|event| event.version.get()).collect();
                assert_eq!(versions, (folded + 1..=expected).collect::<Vec<_>>(), "{what}");
            }
        }
    }
}

/// Each stream asked has its answer at its place.
pub async fn streams_are_loaded_in_the_order_asked(subject: &dyn Subject) {
    let store = subject.open().await;
    two_streams(&*store, 5).await;
    store.save_snapshots(vec![snapshot("b", 1, 2, SCHEMA)]).await.expect("saved");
    let asked = [stream("b"), stream("none"), stream("a"), stream("b")];
    let loaded = store.load(&asked, SCHEMA).await.expect("loaded");
    let found: Vec<_> =
        loaded.iter().map(|loaded| (loaded.snapshot.is_some(), numbers(&loaded.events))).collect();
    let b = (true, vec![4]);
    assert_eq!(found, [b.clone(), (false, vec![]), (false, vec![1, 3, 5]), b]);
    assert_eq!(numbers(&whole_stream(&*store, "b").await), [2, 4]);
}

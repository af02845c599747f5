//! Cases about streams that are longer than a page: loaded, read on, and cut at a moment.

use std::slice;
use std::sync::Arc;

use kit_core::{RecordedEvent, Timestamp, Version};
use kit_event_store::{EventStore, LOAD_PAGE_EVENTS, Snapshot, StreamReader};

use super::{Subject, append, commit, moment, recorded, rest, stream, transaction};

/// The schema of the suite's snapshots.
const SCHEMA: u16 = 3;

/// Events of a transaction of the long stream.
const STEP: u64 = 100;

const PAGE: u64 = LOAD_PAGE_EVENTS as u64;

/// Two pages and a half.
const EVENTS: u64 = PAGE * 5 / 2;

/// When the event of a version of the long stream was recorded: those of one transaction at the same time.
fn recorded_at(version: u64) -> Timestamp {
    moment(i64::try_from(version.div_ceil(STEP)).expect("few events") * 1_000)
}

/// Lets the long stream grow, beside another one.
async fn grow(store: &dyn EventStore, from: u64, to: u64) -> Vec<Arc<RecordedEvent>> {
    let mut events = Vec::new();
    for version in (from..to).step_by(usize::try_from(STEP).expect("small")) {
        let beside = append("beside", version / STEP, 1);
        let sent = transaction([append("long", version, STEP), beside]);
        let mut group = commit(store, recorded(sent, recorded_at(version + STEP))).await;
        group.retain(|event| event.stream == stream("long"));
        events.append(&mut group);
    }
    events
}

/// The long stream, and the store after a restart if it keeps what it has.
async fn long(subject: &dyn Subject) -> (Arc<dyn EventStore>, Vec<Arc<RecordedEvent>>) {
    let store = subject.open().await;
    let events = grow(&*store, 0, EVENTS).await;
    if !subject.durable() {
        return (store, events);
    }
    drop(store);
    (subject.open().await, events)
}

fn snapshot_of(event: &RecordedEvent) -> Snapshot {
    Snapshot {
        stream: event.stream.clone(),
        version: event.version,
        position: event.position,
        recorded_at: event.metadata.recorded_at,
        schema_version: SCHEMA,
        state: "{}".into(),
    }
}

fn index(version: u64) -> usize {
    usize::try_from(version).expect("few events")
}

/// A load hands out one page; the reader goes on to the end, after a snapshot or from the beginning.
pub async fn a_long_stream_is_loaded_page_by_page(subject: &dyn Subject) {
    let (store, events) = long(subject).await;
    let (long, beside) = (stream("long"), stream("beside"));
    // the last leaves exactly one page
    for folded in [0, 1, PAGE / 2, EVENTS - PAGE, EVENTS - 1, EVENTS] {
        if let Some(last) = index(folded).checked_sub(1) {
            store.save_snapshots(vec![snapshot_of(&events[last])]).await.expect("saved");
        }
        let asked = [beside.clone(), long.clone()];
        let loaded = store.load(&asked, SCHEMA).await.expect("loaded").pop().expect("both");
        assert_eq!(loaded.snapshot.as_ref().map_or(0, |one| one.version.get()), folded);
        let page = (folded + PAGE).min(EVENTS);
        assert_eq!(loaded.events, events[index(folded)..index(page)], "after {folded}");
        let read = rest(StreamReader::of(&*store, &long, loaded)).await;
        assert_eq!(read, events[index(folded)..], "after {folded}");
    }
}

/// A page is the same wherever in the stream it begins.
pub async fn a_long_stream_is_read_from_any_version(subject: &dyn Subject) {
    let (store, events) = long(subject).await;
    let long = stream("long");
    for after in [0, 1, 254, 255, 256, 257, PAGE - 1, PAGE, EVENTS - 300, EVENTS - 1, EVENTS] {
        for limit in [1, 255, 256, 257, PAGE] {
            let page = store.read_stream(&long, Version::new(after), index(limit)).await;
            let end = (after + limit).min(EVENTS);
            assert_eq!(page.expect("a page"), events[index(after)..index(end)], "{after}, {limit}");
        }
        let read = rest(StreamReader::after(&*store, &long, Version::new(after))).await;
        assert_eq!(read, events[index(after)..], "after {after}");
    }
}

/// What was recorded later is not loaded, whichever page the moment is in.
pub async fn a_past_that_ends_inside_a_page_is_cut_there(subject: &dyn Subject) {
    let (store, events) = long(subject).await;
    let long = stream("long");
    for folded in [0, PAGE / 2] {
        if let Some(last) = index(folded).checked_sub(1) {
            store.save_snapshots(vec![snapshot_of(&events[last])]).await.expect("saved");
        }
        for end in [0, PAGE / 2, PAGE, PAGE + PAGE / 2, EVENTS] {
            let at = recorded_at(end);
            let what = format!("at the moment of version {end}, a snapshot of {folded}");
            let loaded = store.load_at(&long, at, SCHEMA).await.expect("loaded");
            let begun = loaded.snapshot.as_ref().map_or(0, |one| one.version.get());
            assert_eq!(begun, if folded <= end { folded } else { 0 }, "{what}");
            let page = (begun + PAGE).min(end);
            assert_eq!(loaded.events, events[index(begun)..index(page)], "{what}");
            let read = rest(StreamReader::of(&*store, &long, loaded).until(at)).await;
            assert_eq!(read, events[index(begun)..index(end)], "{what}");
        }
    }
}

/// Events that come between two pages are read in their place, and those of the past stay what they were.
pub async fn a_stream_that_grows_between_pages_is_read_to_its_end(subject: &dyn Subject) {
    let store = subject.open().await;
    let long = stream("long");
    let begun = grow(&*store, 0, PAGE).await;
    let loaded = store.load(slice::from_ref(&long), SCHEMA).await.expect("loaded").remove(0);
    assert_eq!(loaded.events, begun);
    let past = store.load_at(&long, recorded_at(PAGE), SCHEMA).await.expect("loaded");
    let more = grow(&*store, PAGE, EVENTS).await;
    let all = [begun.clone(), more].concat();
    assert_eq!(rest(StreamReader::of(&*store, &long, loaded)).await, all);
    let past = StreamReader::of(&*store, &long, past).until(recorded_at(PAGE));
    assert_eq!(rest(past).await, begun);
}

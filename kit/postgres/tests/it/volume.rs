//! Many events: written, read in order, and loaded by stream.

use std::sync::Arc;
use std::time::Instant;

use kit_core::Position;
use kit_event_store::{EventLog as _, Outcome, Streams as _};
use kit_testkit::event_store::{append, stream, transaction};
use tokio::task::JoinSet;

use crate::scratch::{Scratch, variable};

/// Streams of one writer.
const STREAMS: u64 = 1_000;

/// Writers at once.
const WRITERS: u64 = 8;

/// Events read at a time.
const PAGE: usize = 5_000;

/// Events per writer of a run of `GONDOLA_TEST_EVENTS` events, a whole number for each stream.
fn rounds() -> u64 {
    let asked = variable("GONDOLA_TEST_EVENTS");
    let events: u64 = asked.map_or(300_000, |text| text.parse().unwrap());
    events.div_ceil(WRITERS * STREAMS)
}

/// One writer appends a transaction to each of its streams in one group, over and over.
async fn write(store: Arc<kit_postgres::PostgresStore>, writer: u64, rounds: u64) {
    for version in 0..rounds {
        let one = |number| transaction([append(&format!("s-{writer}-{number}"), version, 1)]);
        let outcomes = store.append((0..STREAMS).map(one).collect()).await.unwrap();
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Committed(_))));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn many_events_are_read_back_in_order_and_by_stream() {
    let scratch = Scratch::new();
    let (store, rounds) = (Arc::new(scratch.open().await), rounds());
    let began = Instant::now();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(write(Arc::clone(&store), writer, rounds));
    }
    writers.join_all().await;
    let (events, written) = (rounds * STREAMS * WRITERS, began.elapsed());
    let began = Instant::now();
    let mut last = Position::ZERO;
    while let page = store.read_all(last, PAGE).await.unwrap()
        && let Some(newest) = page.last()
    {
        let expected = (last.get() + 1)..;
        assert!(page.iter().zip(expected).all(|(event, next)| event.position.get() == next));
        last = newest.position;
    }
    assert_eq!(last.get(), events);
    let read = began.elapsed();
    let names: Vec<_> = (0..WRITERS).map(|writer| stream(&format!("s-{writer}-7"))).collect();
    for loaded in store.load(&names, 1).await.unwrap() {
        assert_eq!(loaded.version().get(), rounds);
    }
    eprintln!("{events} events: written in {written:?}, read in {read:?}");
}

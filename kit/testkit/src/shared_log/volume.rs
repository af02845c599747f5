//! Many events: written, read in order, and loaded by stream.

use std::sync::Arc;
use std::time::Instant;

use kit_core::Position;
use kit_event_store::{EventStore, Outcome, StreamReader};
use tokio::task::JoinSet;

use super::SharedSubject;
use crate::event_store::{append, stream, transaction};

/// Streams of one writer.
const STREAMS: u64 = 1_000;

/// Writers at once.
const WRITERS: u64 = 8;

/// Events read at a time.
const PAGE: usize = 5_000;

/// One writer appends a transaction to each of its streams in one group, over and over.
async fn write(store: Arc<dyn EventStore>, writer: u64, rounds: u64) {
    for version in 0..rounds {
        let one = |number| transaction([append(&format!("s-{writer}-{number}"), version, 1)]);
        let outcomes = store.append((0..STREAMS).map(one).collect()).await.unwrap();
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Committed(_))));
    }
}

/// Events of a run: `GONDOLA_TEST_EVENTS`, 300,000 by default.
#[expect(clippy::disallowed_methods, reason = "a test is told by its environment how much it does")]
fn events() -> u64 {
    std::env::var("GONDOLA_TEST_EVENTS").map_or(300_000, |text| text.parse().unwrap())
}

/// So many events are written, read back in order, and loaded by stream.
pub async fn many_events_are_read_back_in_order_and_by_stream(subject: &dyn SharedSubject) {
    let (store, rounds) = (subject.open_another().await, events().div_ceil(WRITERS * STREAMS));
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
    for (name, loaded) in names.iter().zip(store.load(&names, 1).await.unwrap()) {
        let (mut reader, mut count) = (StreamReader::of(&*store, name, loaded), 0);
        while let Some(event) = reader.next().await.unwrap() {
            count += 1;
            assert_eq!(event.version.get(), count);
        }
        assert_eq!(count, rounds);
    }
    eprintln!("{events} events: written in {written:?}, read in {read:?}");
}

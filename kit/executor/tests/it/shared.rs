//! Several executors on one log, as several processes have it: nothing is sold twice, and no command is refused without
//! reason.

use std::sync::Arc;
use std::time::Duration;

use kit_core::{Clock, Position, RandomIds, RecordedEvent, Timestamp, Version};
use kit_event_store::memory::MemoryStore;
use kit_event_store::{EventStore, EventStoreError};
use kit_executor::{CommandResult, Deps, Executor, ExecutorConfig, Rejection};
use kit_testkit::clock::SimClock;
use kit_testkit::instrumented_store::{AppendFault, InstrumentedStore};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::purses::{Purses, Put, event, request, stream, write_by_another};

fn standing(millis: i64) -> Arc<SimClock> {
    Arc::new(SimClock::at(Timestamp::from_millis(millis)))
}

fn shared() -> Arc<InstrumentedStore> {
    Arc::new(InstrumentedStore::new(MemoryStore::shared()))
}

fn executor(event_store: Arc<dyn EventStore>, clock: Arc<dyn Clock>) -> Executor<Purses> {
    let deps = Deps { decider: Arc::new(Purses), event_store, clock, ids: Arc::new(RandomIds) };
    let config = ExecutorConfig { shards: 1, ..ExecutorConfig::default() };
    Executor::start(&deps, config, &TaskTracker::new())
}

async fn whole(store: &dyn EventStore, name: &str) -> Vec<Arc<RecordedEvent>> {
    store.read_stream(&stream(name), Version::ZERO, usize::MAX).await.unwrap()
}

/// A refusal that was decided on what this process remembers is put to the log first, in one append.
#[tokio::test]
async fn a_refusal_is_validated_in_the_append() {
    let store = shared();
    let clock = standing(1_000);
    let one = executor(Arc::clone(&store) as _, Arc::clone(&clock) as _);
    let other = executor(Arc::clone(&store) as _, clock);
    one.execute(request(Put("a", 1), None)).await.unwrap();
    let receipt = other.execute(request(Put("a", 4), None)).await.unwrap();
    // one remembers a single unit and finds five, with one more append than it takes otherwise
    let before = store.appends();
    assert_eq!(one.execute(request(Put("a", -5), None)).await.unwrap().answer, 0);
    assert_eq!(store.appends() - before, 2);
    assert_eq!(store.version_queries(), 0, "no query of its own");
    // a refusal carries the position of the state that it was decided on
    let refused = other.execute(request(Put("a", -1), None)).await;
    let Err(Rejection::Refused { refusal: 0, position }) = refused else { panic!("{refused:?}") };
    assert_eq!(position, receipt.position.next());
    let seen = other.inspect(0, stream("a"), |purse| (*purse.state, purse.position)).await;
    assert_eq!(seen.unwrap(), (0, position));
}

/// A process that missed a conflict reads what is new, not everything.
#[tokio::test]
async fn a_conflict_reads_on_from_what_is_durable() {
    let store = shared();
    let clock = standing(1_000);
    let one = executor(Arc::clone(&store) as _, Arc::clone(&clock) as _);
    let other = executor(Arc::clone(&store) as _, clock);
    for _ in 0..100 {
        one.execute(request(Put("a", 1), None)).await.unwrap();
    }
    other.execute(request(Put("a", 1), None)).await.unwrap();
    let (loads, read) = (store.loads(), store.stream_events());
    assert_eq!(one.execute(request(Put("a", 1), None)).await.unwrap().answer, 102);
    assert_eq!(store.loads(), loads, "it is not loaded again");
    assert_eq!(store.stream_events() - read, 1, "one event was new");
}

/// Whatever the processes' clocks say, time does not go back inside a stream.
#[tokio::test]
async fn time_does_not_go_back_inside_a_stream() {
    let store = Arc::new(MemoryStore::shared());
    let (ahead, behind) = (standing(90_000), standing(5_000));
    let one = executor(Arc::clone(&store) as _, ahead);
    let other = executor(Arc::clone(&store) as _, behind);
    for _ in 0..3 {
        one.execute(request(Put("a", 1), None)).await.unwrap();
        other.execute(request(Put("a", 1), None)).await.unwrap();
    }
    other.execute(request(Put("b", 1), None)).await.unwrap();
    let recorded = async |name: &str| {
        let events = whole(&*store, name).await;
        events.iter().map(|event| event.metadata.recorded_at.as_millis()).collect::<Vec<_>>()
    };
    assert_eq!(recorded("a").await, [90_000; 6]);
    assert_eq!(recorded("b").await, [5_000], "other streams have their own time");
}

/// An append whose reply was lost is looked up by its id: what it wrote is reported as done, once.
#[tokio::test]
async fn an_unknown_outcome_is_looked_up() {
    for inner in [MemoryStore::new(), MemoryStore::shared()] {
        let store = Arc::new(InstrumentedStore::new(inner));
        let executor = executor(Arc::clone(&store) as _, standing(1_000));
        executor.execute(request(Put("a", 1), None)).await.unwrap();
        store.fail_next_append(AppendFault::ReplyLost);
        let receipt = executor.execute(request(Put("a", 2), None)).await.unwrap();
        assert_eq!((receipt.answer, receipt.position), (3, Position::new(2)));
        // and what was never written is decided again
        store.fail_next_append(AppendFault::Lost);
        let receipt = executor.execute(request(Put("a", 4), None)).await.unwrap();
        assert_eq!((receipt.answer, receipt.position), (7, Position::new(3)));
        assert_eq!(whole(&*store, "a").await.len(), 3);
        // while the outcome is unknown, the executor does not answer
        store.fail_next_append(AppendFault::Lost);
        store.fail_reads(99);
        let unknown: CommandResult<Purses> = executor.execute(request(Put("a", 8), None)).await;
        assert!(
            matches!(unknown, Err(Rejection::EventStore(EventStoreError::Unknown { after, .. })) if after == Position::new(3)),
            "{unknown:?}"
        );
    }
}

/// Executes a command while another process is faster, round after round, up to a number of rounds.
async fn execute_against_another(rounds: usize) -> CommandResult<Purses> {
    let store = Arc::new(InstrumentedStore::gated(MemoryStore::shared()));
    let one = executor(Arc::clone(&store) as _, standing(1_000));
    let sent = tokio::spawn(async move { one.execute(request(Put("a", 1), None)).await });
    for round in 0..rounds {
        while store.appends() == round && !sent.is_finished() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        if sent.is_finished() {
            break;
        }
        write_by_another(store.inner(), "a", event(1, Timestamp::from_millis(1_000))).await;
        store.let_pass(1);
    }
    store.let_pass(1);
    sent.await.unwrap()
}

/// Who loses a hot stream many times in a row needs only one more round: it is given up after a time, not after a number.
#[tokio::test(start_paused = true)]
async fn a_command_outlasts_others_that_are_faster() {
    let receipt = execute_against_another(60).await.unwrap();
    assert_eq!(receipt.answer, 61);
}

#[tokio::test(start_paused = true)]
async fn a_command_that_loses_for_five_seconds_is_given_up() {
    let began = Instant::now();
    let given_up = execute_against_another(usize::MAX).await;
    let Err(Rejection::Conflict { tries }) = given_up else { panic!("{given_up:?}") };
    assert!(tries > 100, "{tries}");
    let took = began.elapsed();
    assert!((Duration::from_secs(5)..Duration::from_secs(6)).contains(&took), "{took:?}");
}

//! A shard decides ahead of the log: what is in flight counts for the next decision, and no reply is sent before the
//! write is durable.

use std::sync::Arc;
use std::time::Duration;

use kit_core::{Clock, EncodedEvent, RandomIds, SystemClock};
use kit_event_store::memory::MemoryStore;
use kit_event_store::{EventStore, EventStoreError};
use kit_executor::{CommandReceipt, CommandResult, Deps, Executor, ExecutorConfig, Rejection};
use kit_testkit::instrumented_store::{AppendFault, InstrumentedStore};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use crate::purses::{Purses, Put, event, request, stream, write_by_another};

pub(crate) struct Bench {
    gate: Arc<InstrumentedStore>,
    pub(crate) executor: Executor<Purses>,
}

impl Bench {
    /// An executor on a closed gate; the appends with these numbers fail, from 0.
    pub(crate) fn new(fails: impl IntoIterator<Item = usize>, config: ExecutorConfig) -> Self {
        let gate = Arc::new(InstrumentedStore::gated(MemoryStore::new()));
        for number in fails {
            gate.fail_append(number, AppendFault::Refused);
        }
        let deps = Deps {
            decider: Arc::new(Purses),
            event_store: Arc::clone(&gate) as _,
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
        };
        Self { gate, executor: Executor::start(&deps, config, &TaskTracker::new()) }
    }

    /// Sends a command and sees it decided, as far as it can be.
    pub(crate) async fn send(&self, command: Put) -> JoinHandle<CommandResult<Purses>> {
        self.send_with_key(command, None).await
    }

    async fn send_with_key(
        &self,
        command: Put,
        key: Option<&str>,
    ) -> JoinHandle<CommandResult<Purses>> {
        let (executor, request) = (self.executor.clone(), request(command, key));
        let sent = tokio::spawn(async move { executor.execute(request).await });
        idle().await;
        sent
    }

    pub(crate) async fn peek(&self, name: &'static str) -> JoinHandle<i64> {
        let executor = self.executor.clone();
        let peek = async move {
            executor.inspect(0, stream(name), |purse| *purse.state).await.unwrap_or(i64::MIN)
        };
        let asked = tokio::spawn(peek);
        idle().await;
        asked
    }

    pub(crate) fn fail_loads(&self, loads: usize) {
        self.gate.fail_loads(loads);
    }

    pub(crate) fn let_pass(&self, appends: usize) {
        self.gate.let_pass(appends);
    }

    pub(crate) fn appends(&self) -> usize {
        self.gate.appends()
    }
}

/// Lets every other task of this thread go as far as it can.
pub(crate) async fn idle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

pub(crate) async fn answer(sent: JoinHandle<CommandResult<Purses>>) -> CommandResult<Purses> {
    tokio::time::timeout(Duration::from_mins(1), sent).await.expect("answered").unwrap()
}

pub(crate) fn done(executed: CommandResult<Purses>) -> i64 {
    executed.expect("done").answer
}

#[tokio::test]
async fn a_batch_is_limited_by_the_streams_of_its_commands() {
    let config = ExecutorConfig { batch_max: usize::MAX, ..ExecutorConfig::default() };
    let bench = Bench::new([], config);
    // two of them are more than 8,192
    let group = || (0..5_000).map(|_| request(Put("a", 1), None)).collect();
    let sent = [group(), group(), group()].map(|group| {
        let executor = bench.executor.clone();
        tokio::spawn(async move { executor.execute_all(group).await })
    });
    idle().await;
    assert_eq!(bench.appends(), 2, "the third is written by itself");
    bench.let_pass(2);
    for sent in sent {
        sent.await.unwrap().into_iter().for_each(|executed| assert!(done(executed) > 0));
    }
}

#[tokio::test]
async fn what_is_in_flight_counts_and_nobody_is_told_before_it_is_durable() {
    let bench = Bench::new([], ExecutorConfig::default());
    let put = bench.send(Put("a", 5)).await;
    let took = bench.send(Put("a", -3)).await;
    let refused = bench.send(Put("a", -3)).await;
    assert_eq!(bench.appends(), 2, "the second was decided while the first was under way");
    assert!(!put.is_finished() && !took.is_finished() && !refused.is_finished());
    bench.let_pass(1);
    assert_eq!(done(answer(put).await), 5);
    idle().await;
    assert!(!refused.is_finished(), "it was refused because of an event that is not durable yet");
    bench.let_pass(1);
    assert_eq!(done(answer(took).await), 2);
    assert!(matches!(answer(refused).await, Err(Rejection::Refused { refusal: 2, .. })));
}

#[tokio::test]
async fn what_stood_on_a_failed_append_is_decided_again() {
    let bench = Bench::new([1, 4], ExecutorConfig::default());
    bench.let_pass(1);
    assert_eq!(done(answer(bench.send(Put("a", 5)).await).await), 5);
    // the append that takes the last units fails: who was refused because of it gets them
    let failed = bench.send(Put("a", -5)).await;
    let refused_at_first = bench.send(Put("a", -1)).await;
    bench.let_pass(2);
    assert!(matches!(
        answer(failed).await,
        Err(Rejection::EventStore(EventStoreError::Unavailable(_)))
    ));
    assert_eq!(done(answer(refused_at_first).await), 4);
    // and the other way round: what was given on a failed append is taken back before anyone knows
    let put = bench.send(Put("b", 5)).await;
    let failed = bench.send(Put("c", 5)).await;
    let took = bench.send(Put("c", -3)).await;
    bench.let_pass(9);
    assert_eq!(done(answer(put).await), 5);
    assert!(matches!(
        answer(failed).await,
        Err(Rejection::EventStore(EventStoreError::Unavailable(_)))
    ));
    assert!(matches!(answer(took).await, Err(Rejection::Refused { refusal: 0, .. })));
}

#[tokio::test(start_paused = true)]
async fn what_met_a_conflict_is_decided_again_on_what_is_there() {
    let bench = Bench::new([], ExecutorConfig::default());
    let began = tokio::time::Instant::now();
    let put = bench.send(Put("a", 5)).await;
    // the log moves on under the shard
    write_by_another(bench.gate.inner(), "a", event(7, SystemClock.now())).await;
    bench.let_pass(9);
    assert_eq!(done(answer(put).await), 12);
    assert_eq!(bench.appends(), 2, "one conflict, one success");
    assert_eq!(
        began.elapsed(),
        Duration::ZERO,
        "nobody else writes, so there is nothing to wait for"
    );
}

/// A failed write that has stopped the log may be on the disk. Until the next start shows whether it is, nothing that it
/// touches may be refused for lack of it: neither what stood on it, nor what comes again.
#[tokio::test(start_paused = true)]
async fn a_log_that_has_stopped_decides_nothing_more() {
    let bench = Bench::new([], ExecutorConfig::default());
    bench.gate.fail_append(0, AppendFault::Stops);
    let put = bench.send(Put("a", 5)).await;
    let took = bench.send(Put("a", -3)).await;
    bench.let_pass(9);
    let unknown = answer(put).await;
    assert!(
        matches!(unknown, Err(Rejection::EventStore(EventStoreError::Unknown { .. }))),
        "{unknown:?}"
    );
    for stopped in [answer(took).await, answer(bench.send(Put("a", -3)).await).await] {
        assert!(
            matches!(stopped, Err(Rejection::EventStore(EventStoreError::Stopped(_)))),
            "{stopped:?}"
        );
    }
}

#[tokio::test]
async fn a_look_shows_only_what_is_durable() {
    let bench = Bench::new([1], ExecutorConfig::default());
    let put = bench.send(Put("a", 5)).await;
    let failed = bench.send(Put("a", 7)).await;
    let peek = bench.peek("a").await;
    assert!(!peek.is_finished());
    bench.let_pass(1);
    assert_eq!(done(answer(put).await), 5);
    idle().await;
    assert!(!peek.is_finished(), "the second append is still under way");
    let behind = bench.send(Put("a", 1)).await;
    bench.let_pass(2);
    assert!(answer(failed).await.is_err());
    assert_eq!(peek.await.unwrap(), 5);
    assert_eq!(done(answer(behind).await), 6);
}

#[tokio::test]
async fn a_command_repeated_in_flight_has_one_effect() {
    let bench = Bench::new([], ExecutorConfig::default());
    bench.let_pass(1);
    assert_eq!(done(answer(bench.send(Put("a", 5)).await).await), 5);
    let first = bench.send_with_key(Put("a", -5), Some("k")).await;
    let again = bench.send_with_key(Put("a", -5), Some("k")).await;
    bench.let_pass(9);
    let CommandReceipt { answer: left, repeated, position } = answer(first).await.expect("done");
    assert_eq!((left, repeated), (0, false));
    let repeated = answer(again).await.expect("the first answer again, not a refusal");
    assert_eq!(repeated, CommandReceipt { answer: 0, repeated: true, position });
}

#[tokio::test]
async fn snapshots_are_kept_though_a_stream_is_always_ahead_of_the_log() {
    let config = ExecutorConfig { snapshot_every: 2, ..ExecutorConfig::default() };
    let bench = Bench::new([], config);
    let mut sent = Vec::new();
    for _ in 0..6 {
        sent.push(bench.send(Put("a", 1)).await);
    }
    bench.let_pass(9);
    for (one, expected) in sent.into_iter().zip(1..) {
        assert_eq!(done(answer(one).await), expected);
    }
    idle().await;
    let kept = bench.gate.snapshots();
    assert!(!kept.is_empty());
    for snapshot in kept {
        // every event adds one
        assert_eq!(snapshot.state.as_ref(), snapshot.version.to_string());
        assert_eq!(snapshot.position.get(), snapshot.version.get());
    }
}

#[tokio::test]
async fn a_small_memory_never_forgets_what_is_ahead_of_the_log() {
    let config = ExecutorConfig { live_max: 1, shards: 1, ..ExecutorConfig::default() };
    let bench = Bench::new([], config);
    let put = bench.send(Put("a", 5)).await;
    let other = bench.send(Put("b", 1)).await;
    let took = bench.send(Put("a", -5)).await;
    bench.let_pass(3);
    assert_eq!(done(answer(put).await), 5);
    assert_eq!(done(answer(other).await), 1);
    assert_eq!(done(answer(took).await), 0);
    assert_eq!(bench.appends(), 3, "nothing was decided twice");
}

#[tokio::test]
async fn what_was_in_flight_before_memory_filled_up_is_not_forgotten_either() {
    let config = ExecutorConfig { live_max: 4, shards: 1, ..ExecutorConfig::default() };
    let bench = Bench::new([], config);
    bench.let_pass(2);
    assert_eq!(done(answer(bench.send(Put("a", 5)).await).await), 5);
    assert_eq!(done(answer(bench.send(Put("b", 5)).await).await), 5);
    let took = bench.send(Put("a", -5)).await;
    for name in ["c", "d", "e"] {
        bench.send(Put(name, 1)).await;
    }
    let refused = bench.send(Put("a", -5)).await;
    bench.let_pass(4);
    assert_eq!(done(answer(took).await), 0);
    assert!(matches!(answer(refused).await, Err(Rejection::Refused { refusal: 0, .. })));
    assert_eq!(bench.appends(), 6, "nothing was decided twice");
}

/// A repetition waits for the first sending; what comes after it on its stream waits with it.
#[tokio::test]
async fn what_is_put_off_keeps_its_place_on_its_stream() {
    let bench = Bench::new([], ExecutorConfig::default());
    bench.let_pass(99);
    let keyed = |amount| request(Put("a", amount), Some("k"));
    let group = vec![keyed(-1), keyed(-1), request(Put("a", 1), None)];
    let mut results = bench.executor.execute_all(group).await.into_iter();
    // had the last one overtaken the second, that would have been given what the first was refused
    for _ in 0..2 {
        let refused = results.next().unwrap();
        assert!(matches!(refused, Err(Rejection::Refused { refusal: 0, .. })), "{refused:?}");
    }
    assert_eq!(done(results.next().unwrap()), 1);
}

#[tokio::test]
async fn looks_at_what_does_not_exist_evict_nothing() {
    let config = ExecutorConfig { live_max: 3, shards: 1, ..ExecutorConfig::default() };
    let bench = Bench::new([], config);
    bench.let_pass(9);
    assert_eq!(done(answer(bench.send(Put("a", 5)).await).await), 5);
    for name in ["u", "v", "w", "x", "y", "z"] {
        assert_eq!(bench.peek(name).await.await.unwrap(), 0);
        let refused = answer(bench.send(Put(name, -1)).await).await;
        assert!(matches!(refused, Err(Rejection::Refused { .. })));
    }
    let loads = bench.gate.loads();
    assert_eq!(done(answer(bench.send(Put("a", 1)).await).await), 6);
    assert_eq!(bench.gate.loads(), loads, "it stayed in memory");
}

/// Writes an event that cannot be decoded.
async fn damage(store: &dyn EventStore, name: &str) {
    let damaged = EncodedEvent { data: "seven".into(), ..event(7, SystemClock.now()) };
    write_by_another(store, name, damaged).await;
}

#[tokio::test]
async fn a_stream_that_cannot_be_read_stops_no_other() {
    let bench = Bench::new([], ExecutorConfig::default());
    bench.let_pass(9);
    damage(bench.gate.inner(), "x").await;
    let group = ["a", "x", "b"].map(|name| request(Put(name, 1), Some(name)));
    let results = bench.executor.execute_all(group.into()).await;
    let told: Vec<_> = results.iter().map(Result::is_ok).collect();
    assert_eq!(told, [true, false, true], "{results:?}");
    assert!(matches!(results[1], Err(Rejection::EventStore(EventStoreError::Corrupt(_)))));
    // its key is not in flight any more
    let again = answer(bench.send_with_key(Put("x", 1), Some("x")).await).await;
    assert!(matches!(again, Err(Rejection::EventStore(EventStoreError::Corrupt(_)))));
}

#[tokio::test]
async fn a_store_that_cannot_be_read_now_is_asked_once_for_a_batch() {
    let bench = Bench::new([], ExecutorConfig::default());
    bench.let_pass(9);
    bench.gate.fail_loads(4);
    let group = ["a", "b", "c"].map(|name| request(Put(name, 1), None));
    for result in bench.executor.execute_all(group.into()).await {
        let failed = matches!(result, Err(Rejection::EventStore(EventStoreError::Unavailable(_))));
        assert!(failed, "{result:?}");
    }
    assert_eq!(bench.gate.loads(), 1, "not for one stream after the other");
}

//! A log that does not answer, or fails: nobody is made to wait for it, and it is used again as soon as it can be (E16).

use std::time::Duration;

use kit_event_store::EventStoreError;
use kit_executor::{CommandResult, ExecutorConfig, Rejection};

use crate::executor::{Bench, answer, done, idle};
use crate::purses::{Purses, Put, request};

fn is_refused(result: &CommandResult<Purses>) -> bool {
    matches!(result, Err(Rejection::EventStore(EventStoreError::Unavailable(_))))
}

#[tokio::test(start_paused = true)]
async fn commands_are_refused_at_once_while_the_log_is_silent() {
    let bench = Bench::new([], ExecutorConfig::default());
    let first = bench.send(Put("a", 1)).await;
    tokio::time::sleep(Duration::from_millis(4_900)).await;
    let second = bench.send(Put("a", 1)).await;
    tokio::time::sleep(Duration::from_millis(100)).await;

    let began = tokio::time::Instant::now();
    assert!(is_refused(&bench.executor.execute(request(Put("a", 1), None)).await));
    let many = vec![request(Put("a", 1), None), request(Put("b", 1), None)];
    assert!(bench.executor.execute_all(many).await.iter().all(is_refused));
    assert_eq!(bench.peek("a").await.await.unwrap(), i64::MIN);
    assert_eq!(began.elapsed(), Duration::ZERO, "nobody waits");

    bench.let_pass(3);
    assert_eq!(done(answer(first).await), 1);
    assert_eq!(done(answer(second).await), 2);
    assert_eq!(done(answer(bench.send(Put("a", 1)).await).await), 3);
    assert_eq!(bench.peek("a").await.await.unwrap(), 3);
}

/// What is only refused writes nothing, where this process is the only writer: it must not look like a log that fails for ever.
#[tokio::test(start_paused = true)]
async fn a_command_that_writes_nothing_ends_the_distrust_as_well() {
    let bench = Bench::new([], ExecutorConfig::default());
    bench.fail_loads(1);
    assert!(is_refused(&answer(bench.send(Put("a", 1)).await).await));
    let refused = answer(bench.send(Put("b", -1)).await).await;
    assert!(matches!(refused, Err(Rejection::Refused { .. })), "{refused:?}");
    let sent = [bench.send(Put("b", 1)).await, bench.send(Put("b", 1)).await];
    bench.let_pass(2);
    for (sent, units) in sent.into_iter().zip(1..) {
        assert_eq!(done(answer(sent).await), units);
    }
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_slow_but_answers_is_given_more_to_do() {
    let bench = Bench::new([], ExecutorConfig::default());
    let mut sent = Vec::new();
    for _ in 0..3 {
        sent.push(bench.send(Put("a", 1)).await);
    }
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_secs(4)).await;
        bench.let_pass(1);
        idle().await;
        sent.push(bench.send(Put("a", 1)).await);
    }
    bench.let_pass(10);
    for (sent, units) in sent.into_iter().zip(1..) {
        assert_eq!(done(answer(sent).await), units);
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_failure_one_command_at_a_time_finds_out_whether_it_is_over() {
    let bench = Bench::new([0, 1], ExecutorConfig::default());
    bench.let_pass(1);
    assert!(is_refused(&answer(bench.send(Put("a", 1)).await).await));
    for has_failed in [true, false] {
        let probe = bench.send(Put("a", 1)).await;
        assert!(is_refused(&bench.executor.execute(request(Put("a", 1), None)).await));
        bench.let_pass(1);
        assert_eq!(is_refused(&answer(probe).await), has_failed);
    }
    assert_eq!(bench.appends(), 3);
    let sent = [bench.send(Put("a", 1)).await, bench.send(Put("a", 1)).await];
    bench.let_pass(2);
    for (sent, units) in sent.into_iter().zip(2..) {
        assert_eq!(done(answer(sent).await), units);
    }
}

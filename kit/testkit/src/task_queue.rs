//! The contract of task queues: one suite that every adapter must pass.
//!
//! An adapter's tests say `kit_testkit::task_queue_contract!(MemoryQueue::default());`, where the expression makes queues
//! that are empty. An attribute for each test may follow.
#![expect(clippy::missing_panics_doc, reason = "a test panics when it fails")]

use std::collections::BTreeSet;
use std::time::Duration;

use kit_task_queue::port::ATTEMPTS_MAX;
use kit_task_queue::{DeadLetterReason, Job, QueueError, Task, TaskQueue, Worker};
use uuid::Uuid;

/// Runs the whole suite against the queues that an expression makes, one test each.
#[macro_export]
macro_rules! task_queue_contract {
    ($queues:expr $(, #[$attribute:meta])*) => {
        $crate::task_queue_contract!(@tests $queues; [$(#[$attribute])*]
            a_task_that_is_done_does_not_come_again
            workers_share_what_there_is
            queues_have_their_own_tasks
            a_task_that_failed_comes_again_and_is_a_dead_letter_in_the_end
            a_task_that_is_refused_is_a_dead_letter_at_once
            a_dead_letter_stays_until_it_is_done
            a_worker_that_ends_leaves_its_task_to_another
            a_dropped_wait_loses_nothing
        );
    };
    (@tests $queues:expr; $attributes:tt $($test:ident)+) => {
        $($crate::task_queue_contract!(@test $queues; $attributes $test);)+
    };
    (@test $queues:expr; [$(#[$attribute:meta])*] $test:ident) => {
        #[tokio::test]
        $(#[$attribute])*
        async fn $test() {
            $crate::task_queue::$test(&$queues).await;
        }
    };
}

/// How long an answer may take; only a failing adapter gets there.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long nothing must come.
const SILENCE: Duration = Duration::from_millis(300);

const QUEUE: &str = "mail";

fn task(number: u128) -> Task {
    Task { id: Uuid::from_u128(number), payload: format!("task {number}").into() }
}

async fn in_time<T>(work: impl Future<Output = Result<T, QueueError>>) -> T {
    let result = tokio::time::timeout(PATIENCE, work).await;
    result.expect("the queue answers in time").expect("the queue works")
}

async fn enqueue(queues: &impl TaskQueue, count: u128) {
    for number in 0..count {
        in_time(queues.enqueue(QUEUE, task(number))).await;
    }
}

async fn work(queues: &impl TaskQueue) -> Box<dyn Worker> {
    in_time(queues.work(QUEUE)).await
}

async fn next(worker: &mut Box<dyn Worker>) -> Job {
    in_time(worker.next()).await
}

async fn assert_nothing_comes(worker: &mut Box<dyn Worker>) {
    let came = tokio::time::timeout(SILENCE, worker.next()).await;
    assert!(came.is_err(), "{came:?}");
}

/// Done is done, for this worker and the next.
pub async fn a_task_that_is_done_does_not_come_again(queues: &impl TaskQueue) {
    enqueue(queues, 1).await;
    let mut worker = work(queues).await;
    let job = next(&mut worker).await;
    assert_eq!(*job.task(), task(0));
    in_time(job.done()).await;
    drop(worker);
    assert_nothing_comes(&mut work(queues).await).await;
}

/// Each task goes to one of them.
pub async fn workers_share_what_there_is(queues: &impl TaskQueue) {
    let (mut one, mut other) = (work(queues).await, work(queues).await);
    enqueue(queues, 20).await;
    let mut done = BTreeSet::new();
    while done.len() < 20 {
        let job = in_time(async {
            tokio::select! {
                job = one.next() => job,
                job = other.next() => job,
            }
        })
        .await;
        assert!(done.insert(job.task().id), "{job:?} came twice");
        in_time(job.done()).await;
    }
}

/// A worker sees the tasks of its queue only.
pub async fn queues_have_their_own_tasks(queues: &impl TaskQueue) {
    let mut other = in_time(queues.work("other")).await;
    enqueue(queues, 1).await;
    assert_nothing_comes(&mut other).await;
    in_time(next(&mut work(queues).await).await.done()).await;
}

/// Attempts are counted by the queue, whichever worker makes them.
pub async fn a_task_that_failed_comes_again_and_is_a_dead_letter_in_the_end(
    queues: &impl TaskQueue,
) {
    enqueue(queues, 1).await;
    let mut worker = work(queues).await;
    for _ in 0..ATTEMPTS_MAX {
        let job = next(&mut worker).await;
        assert_eq!((job.task(), job.dead()), (&task(0), None));
        in_time(job.failed()).await;
    }
    let mut dead_letters = in_time(queues.work_on_dead_letters(QUEUE)).await;
    let dead = next(&mut dead_letters).await;
    assert_eq!((dead.task(), dead.dead()), (&task(0), Some(DeadLetterReason::AttemptsUsedUp)));
    assert_nothing_comes(&mut worker).await;
}

/// What cannot be done is not attempted again, and dead letters say so.
pub async fn a_task_that_is_refused_is_a_dead_letter_at_once(queues: &impl TaskQueue) {
    enqueue(queues, 1).await;
    let mut worker = work(queues).await;
    in_time(next(&mut worker).await.refused()).await;
    assert_nothing_comes(&mut worker).await;
    let mut dead_letters = in_time(queues.work_on_dead_letters(QUEUE)).await;
    for _ in 0..2 {
        let dead = next(&mut dead_letters).await;
        assert_eq!((dead.task(), dead.dead()), (&task(0), Some(DeadLetterReason::Refused)));
        in_time(dead.refused()).await;
    }
}

/// Nothing is lost for want of attention.
pub async fn a_dead_letter_stays_until_it_is_done(queues: &impl TaskQueue) {
    enqueue(queues, 1).await;
    let mut worker = work(queues).await;
    for _ in 0..ATTEMPTS_MAX {
        in_time(next(&mut worker).await.failed()).await;
    }
    let mut dead_letters = in_time(queues.work_on_dead_letters(QUEUE)).await;
    for _ in 0..2 * ATTEMPTS_MAX {
        in_time(next(&mut dead_letters).await.failed()).await;
    }
    in_time(next(&mut dead_letters).await.done()).await;
    assert_nothing_comes(&mut dead_letters).await;
}

/// A task outlives its worker.
pub async fn a_worker_that_ends_leaves_its_task_to_another(queues: &impl TaskQueue) {
    enqueue(queues, 2).await;
    let mut ending = work(queues).await;
    let open = next(&mut ending).await;
    drop((open, ending));
    let mut other = work(queues).await;
    let mut done = BTreeSet::new();
    while done.len() < 2 {
        let job = next(&mut other).await;
        done.insert(job.task().id);
        in_time(job.done()).await;
    }
}

/// A worker may wait for a task and for something else at the same time.
pub async fn a_dropped_wait_loses_nothing(queues: &impl TaskQueue) {
    let mut worker = work(queues).await;
    for number in 0..20 {
        assert_nothing_comes_now(&mut worker).await;
        in_time(queues.enqueue(QUEUE, task(number))).await;
        let job = next(&mut worker).await;
        assert_eq!(*job.task(), task(number));
        in_time(job.done()).await;
    }
}

async fn assert_nothing_comes_now(worker: &mut Box<dyn Worker>) {
    tokio::select! {
        biased;
        job = worker.next() => panic!("{job:?} came"),
        () = std::future::ready(()) => {}
    }
}

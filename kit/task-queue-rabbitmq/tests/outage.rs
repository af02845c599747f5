//! A broker that is killed in the middle of the work, and started again.
//!
//! A binary of its own, since the broker's other guests would notice.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

#[path = "it/scratch.rs"]
#[expect(dead_code, reason = "shared with the other tests")]
mod scratch;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kit_task_queue::{Job, TaskQueue as _, Worker};
use kit_task_queue_rabbitmq::RabbitQueue;
use kit_testkit::servers::{signal_server, start_server};
use tokio::time::Instant;

use scratch::{Scratch, task};

const QUEUE: &str = "mail";

/// Longer than a broker that has just started needs for a task.
const PATIENCE: Duration = Duration::from_mins(1);

/// The broker writes down which queues it has when none was made for half a second (`auto_save` in `ra_directory.erl`), and
/// does not wait for that before it confirms tasks: one that is killed before finds no queue for them. The machine may be busy.
const QUEUE_IS_NOTED: Duration = Duration::from_secs(5);

/// Between the tries of a worker.
const PAUSE: Duration = Duration::from_millis(200);

/// Tasks that are on their way at the same time.
const CLIENTS: u128 = 8;

/// Tasks that are taken before the broker is killed.
const BEFORE: usize = 200;

/// Enqueues every so-manieth task until one is not taken; returns those that were.
async fn enqueue_until_it_fails(queues: Arc<RabbitQueue>, first: u128) -> BTreeSet<u128> {
    let mut taken = BTreeSet::new();
    for number in (first..).step_by(usize::try_from(CLIENTS).unwrap()) {
        match queues.enqueue(QUEUE, task(number)).await {
            Ok(()) => assert!(taken.insert(number)),
            Err(_) => break,
        }
    }
    taken
}

/// The next task of a worker, though the broker may be away for a while; none when there is none for long.
async fn next(worker: &mut dyn Worker) -> Option<Job> {
    let until = Instant::now() + PATIENCE;
    loop {
        match tokio::time::timeout_at(until, worker.next()).await.ok()? {
            Ok(job) => return Some(job),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Does tasks until those that are given were done; returns all.
async fn work_off(worker: &mut dyn Worker, wanted: &BTreeSet<u128>) -> BTreeSet<u128> {
    let mut done = BTreeSet::new();
    while !wanted.is_subset(&done) {
        let missing = || wanted.difference(&done).count();
        let job = next(worker).await.unwrap_or_else(|| panic!("{} tasks are lost", missing()));
        done.insert(job.task().id.as_u128());
        job.done().await.unwrap();
    }
    done
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs RabbitMQ: make test-services"]
async fn a_broker_that_is_killed_has_every_task_that_it_took() {
    let scratch = Scratch::new();
    let queues = Arc::new(scratch.queues());
    let mut worker = queues.work(QUEUE).await.unwrap();
    tokio::time::sleep(QUEUE_IS_NOTED).await;
    let clients: Vec<_> = (0..CLIENTS)
        .map(|first| tokio::spawn(enqueue_until_it_fails(Arc::clone(&queues), first)))
        .collect();
    let mut done_before = BTreeSet::new();
    for _ in 0..BEFORE {
        let job = next(&mut *worker).await.unwrap();
        done_before.insert(job.task().id.as_u128());
        job.done().await.unwrap();
    }
    // one is being worked on when the broker dies
    let open = next(&mut *worker).await.unwrap();
    signal_server("rabbitmq", "KILL");
    let mut taken = BTreeSet::new();
    for client in clients {
        taken.append(&mut client.await.unwrap());
    }
    start_server("rabbitmq");
    assert!(open.done().await.is_err(), "it must be handed out once more");

    let wanted = taken.difference(&done_before).copied().collect();
    let (all, done) = (taken.len(), work_off(&mut *worker, &wanted).await.len());
    eprintln!("{all} tasks taken, {BEFORE} done before the broker was killed, {done} after");
    queues.enqueue(QUEUE, task(u128::MAX)).await.unwrap();
}

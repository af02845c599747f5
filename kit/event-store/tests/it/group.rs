//! What a writer commits together.

use kit_event_store::group::{BYTES_MAX, EVENTS_MAX, Job, TRANSACTIONS_MAX, gather};
use kit_event_store::{EventStoreError, Outcome, Transaction};
use kit_testkit::event_store::{append, transaction};
use tokio::sync::oneshot;

fn job(transactions: usize, events: u64, bytes: usize) -> Job {
    let (reply, _) = oneshot::channel();
    Job::new(group(transactions, events, bytes), reply)
}

fn group(transactions: usize, events: u64, bytes: usize) -> Vec<Transaction> {
    let one = |_| {
        let mut append = append("a", 0, events);
        append.events.iter_mut().for_each(|event| event.data = " ".repeat(bytes).into());
        transaction([append])
    };
    (0..transactions).map(one).collect()
}

/// How many of 64 waiting groups are taken, each of so many transactions of so many events of so many bytes.
fn taken(transactions: usize, events: u64, bytes: usize) -> usize {
    let mut waiting = (0..64).map(|_| job(transactions, events, bytes));
    let first = waiting.next().expect("a case has a group");
    gather(first, || waiting.next()).0.len()
}

#[test]
fn a_commit_is_limited_by_transactions_events_and_bytes() {
    assert_eq!(taken(1, 1, 10), 64, "all that waits");
    assert_eq!(taken(TRANSACTIONS_MAX / 4, 1, 10), 4);
    assert_eq!(taken(1, u64::try_from(EVENTS_MAX / 8).unwrap(), 10), 8);
    assert_eq!(taken(1, 1, BYTES_MAX / 2), 2);
}

#[test]
fn a_single_group_may_be_larger_than_the_limit() {
    assert_eq!(taken(1, 1, BYTES_MAX + 1), 1);
}

#[test]
fn each_caller_is_answered_for_its_own_group() {
    let (jobs, mut answers): (Vec<_>, Vec<_>) = [2, 0, 1]
        .map(|transactions| {
            let (reply, answer) = oneshot::channel();
            (Job::new(group(transactions, 1, 1), reply), answer)
        })
        .into_iter()
        .unzip();
    let mut jobs = jobs.into_iter();
    let (groups, replies) = gather(jobs.next().unwrap(), || jobs.next());
    assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [2, 0, 1]);
    replies.answer(Ok(vec![Outcome::Committed(Vec::new()); 3]));
    let sizes = answers.iter_mut().map(|answer| answer.try_recv().unwrap().unwrap().len());
    assert_eq!(sizes.collect::<Vec<_>>(), [2, 0, 1]);

    let (reply, mut answer) = oneshot::channel();
    let (_, replies) = gather(Job::new(group(1, 1, 1), reply), || None);
    replies.answer(Err(EventStoreError::Unavailable("full".into())));
    assert!(matches!(answer.try_recv().unwrap(), Err(EventStoreError::Unavailable(_))));
}

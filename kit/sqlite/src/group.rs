//! What is committed together: the groups that wait, up to a limit.

use std::sync::mpsc::Receiver;

use kit_event_store::{EventStoreError, Outcome, Transaction};
use tokio::sync::oneshot;

/// Transactions after which a commit takes no further group.
const TRANSACTIONS_MAX: usize = 8_192;

/// Events after which a commit takes no further group: all of them become visible, and are answered, at once.
const EVENTS_MAX: usize = 32_768;

/// Bytes of event data after which a commit takes no further group.
const BYTES_MAX: usize = 16 << 20;

/// A group to append, and where its outcomes go.
pub(crate) struct Job {
    pub(crate) transactions: Vec<Transaction>,
    pub(crate) reply: oneshot::Sender<Result<Vec<Outcome>, EventStoreError>>,
}

/// A group and those that wait behind it, to be committed together.
pub(crate) fn gather(first: Job, jobs: &Receiver<Job>) -> Vec<Job> {
    let mut size = Size::default();
    size.add(&first.transactions);
    let mut group = vec![first];
    while size.has_room() {
        let Ok(job) = jobs.try_recv() else { break };
        size.add(&job.transactions);
        group.push(job);
    }
    group
}

#[derive(Default)]
struct Size {
    transactions: usize,
    events: usize,
    bytes: usize,
}

impl Size {
    fn add(&mut self, transactions: &[Transaction]) {
        self.transactions += transactions.len();
        let appends = transactions.iter().flat_map(|transaction| &transaction.appends);
        for event in appends.flat_map(|append| &append.events) {
            self.events += 1;
            self.bytes += event.data.len() + event.personal.as_ref().map_or(0, |data| data.len());
        }
    }

    fn has_room(&self) -> bool {
        let Self { transactions, events, bytes } = *self;
        transactions < TRANSACTIONS_MAX && events < EVENTS_MAX && bytes < BYTES_MAX
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use kit_testkit::event_store::{append, transaction};

    use super::*;

    fn job(transactions: usize, events: u64, bytes: usize) -> Job {
        let one = |_| {
            let mut append = append("a", 0, events);
            append.events.iter_mut().for_each(|event| event.data = " ".repeat(bytes).into());
            transaction([append])
        };
        let (reply, _) = oneshot::channel();
        Job { transactions: (0..transactions).map(one).collect(), reply }
    }

    /// How many of 64 waiting groups are taken, each of so many transactions of so many events of so many bytes.
    fn taken(transactions: usize, events: u64, bytes: usize) -> usize {
        let (waits, jobs) = sync_channel(64);
        for _ in 0..64 {
            waits.send(job(transactions, events, bytes)).unwrap();
        }
        let first = jobs.recv().unwrap();
        gather(first, &jobs).len()
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
}

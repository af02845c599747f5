//! Queues in the memory of one process; nothing survives it.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::port::{
    ATTEMPTS_MAX, DeadLetterReason, Job, Outcome, QueueError, Settle, Task, TaskQueue, Worker,
};

/// Queues in memory; clones are the same queues.
#[derive(Clone, Debug, Default)]
pub struct MemoryQueue {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    queues: Mutex<HashMap<Arc<str>, Waiting>>,
    /// Workers wait here while there is nothing for them.
    arrival: Notify,
}

/// The tasks of a queue that nobody works on.
#[derive(Debug, Default)]
struct Waiting {
    live: VecDeque<Entry>,
    dead: VecDeque<Entry>,
}

/// A task and what became of it so far.
#[derive(Clone, Debug)]
struct Entry {
    task: Task,
    attempts: u32,
    dead: Option<DeadLetterReason>,
}

impl MemoryQueue {
    fn worker(&self, queue: &str, dead: bool) -> Box<dyn Worker> {
        Box::new(MemoryWorker { shared: Arc::clone(&self.shared), queue: queue.into(), dead })
    }
}

#[async_trait]
impl TaskQueue for MemoryQueue {
    async fn enqueue(&self, queue: &str, task: Task) -> Result<(), QueueError> {
        self.shared.put(queue.into(), Entry { task, attempts: 0, dead: None });
        Ok(())
    }

    async fn work(&self, queue: &str) -> Result<Box<dyn Worker>, QueueError> {
        Ok(self.worker(queue, false))
    }

    async fn work_on_dead_letters(&self, queue: &str) -> Result<Box<dyn Worker>, QueueError> {
        Ok(self.worker(queue, true))
    }
}

impl Shared {
    fn put(&self, queue: Arc<str>, entry: Entry) {
        let mut queues = self.queues.lock();
        let waiting = queues.entry(queue).or_default();
        let place = if entry.dead.is_some() { &mut waiting.dead } else { &mut waiting.live };
        place.push_back(entry);
        drop(queues);
        self.arrival.notify_waiters();
    }

    fn take(&self, queue: &str, dead: bool) -> Option<Entry> {
        let mut queues = self.queues.lock();
        let waiting = queues.get_mut(queue)?;
        let place = if dead { &mut waiting.dead } else { &mut waiting.live };
        place.pop_front()
    }
}

struct MemoryWorker {
    shared: Arc<Shared>,
    queue: Arc<str>,
    dead: bool,
}

#[async_trait]
impl Worker for MemoryWorker {
    async fn next(&mut self) -> Result<Job, QueueError> {
        loop {
            // listening begins before looking, so that an arrival in between is not missed
            let arrival = self.shared.arrival.notified();
            if let Some(entry) = self.shared.take(&self.queue, self.dead) {
                let (task, dead) = (entry.task.clone(), entry.dead);
                let (shared, queue) = (Arc::clone(&self.shared), Arc::clone(&self.queue));
                return Ok(Job::new(
                    task,
                    dead,
                    Box::new(Loan { shared, queue, entry: Some(entry) }),
                ));
            }
            arrival.await;
        }
    }
}

/// A task that somebody works on.
struct Loan {
    shared: Arc<Shared>,
    queue: Arc<str>,
    /// There until it is settled.
    entry: Option<Entry>,
}

impl Loan {
    /// Puts the task back; it is a dead letter if it was one, for the reason that is given, or for having been attempted
    /// too often.
    fn give_back(&mut self, dead: Option<DeadLetterReason>) {
        let Some(mut entry) = self.entry.take() else { return };
        entry.attempts += 1;
        let used_up = (entry.attempts >= ATTEMPTS_MAX).then_some(DeadLetterReason::AttemptsUsedUp);
        entry.dead = entry.dead.or(dead).or(used_up);
        self.shared.put(Arc::clone(&self.queue), entry);
    }
}

#[async_trait]
impl Settle for Loan {
    async fn settle(mut self: Box<Self>, outcome: Outcome) -> Result<(), QueueError> {
        match outcome {
            Outcome::Done => self.entry = None,
            Outcome::Failed => self.give_back(None),
            Outcome::Refused => self.give_back(Some(DeadLetterReason::Refused)),
        }
        Ok(())
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        self.give_back(None);
    }
}

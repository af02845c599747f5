//! Does what is due: rows of a queue, tried one by one, none in the way of those that go elsewhere.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_process::critical_task;
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Attempts under way at once, to all receivers.
const IN_FLIGHT_MAX: usize = 64;

/// Attempts under way at once to one receiver: one that hangs keeps no other waiting.
const IN_FLIGHT_OF_EACH: usize = 4;

/// Pause between two looks at what has become due, and before what could not be written down is tried again.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Pause between two times of tidying up.
const TIDY_EVERY: Duration = Duration::from_secs(15);

/// Longest reason that is kept of an attempt that failed, in bytes.
const REASON_BYTES_MAX: usize = 300;

/// Who sends: woken when something may have become due, so that it need not wait for the next look.
#[derive(Clone, Debug, Default)]
pub struct Senders {
    /// To webhooks.
    pub webhooks: Arc<Notify>,
    /// To people.
    pub people: Arc<Notify>,
}

impl Senders {
    /// Has both look.
    pub fn wake(&self) {
        self.webhooks.notify_one();
        self.people.notify_one();
    }
}

/// Something that is due.
#[derive(Clone, Copy, Debug)]
pub struct Task<R> {
    /// Which row it is.
    pub id: Uuid,
    /// Where it goes.
    pub receiver: R,
}

/// What a dispatcher does.
#[async_trait]
pub trait Work: Send + Sync + 'static {
    /// Something that is due.
    type Due: Send + 'static;
    /// Where it goes.
    type Receiver: Copy + PartialEq + Send + 'static;

    /// The name of its task in logs.
    fn name(&self) -> &'static str;

    /// Which row something is, and where it goes.
    fn task(&self, due: &Self::Due) -> Task<Self::Receiver>;

    /// What is due, at most so many of each receiver.
    async fn due(&self, of_each: usize) -> Vec<Self::Due>;

    /// Makes one attempt and writes down what came of it.
    async fn attempt(&self, due: Self::Due);

    /// Forgets what is older than it is kept, and counts the rest.
    async fn tidy(&self);
}

/// Has work done until it is told to stop.
pub struct Dispatcher<W: Work> {
    work: Arc<W>,
    /// Told when something has become due.
    wake: Arc<Notify>,
    in_flight: HashMap<Uuid, W::Receiver>,
    attempts: JoinSet<Uuid>,
}

impl<W: Work> Dispatcher<W> {
    /// A dispatcher that has not begun.
    #[must_use]
    pub fn new(work: W, wake: Arc<Notify>) -> Self {
        Self { work: Arc::new(work), wake, in_flight: HashMap::new(), attempts: JoinSet::new() }
    }

    /// Works until `stop`. What is under way then is cut off and tried again after the next start: a receiver may hang for
    /// longer than a process has to end. A panic ends the process.
    pub async fn run(self, stop: CancellationToken) {
        critical_task(self.work.name(), self.work_until(stop)).await;
    }

    async fn work_until(mut self, stop: CancellationToken) {
        let mut tidy = interval(TIDY_EVERY);
        tidy.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let wake = Arc::clone(&self.wake);
        while !stop.is_cancelled() {
            self.begin_due().await;
            tokio::select! {
                () = stop.cancelled() => break,
                Some(ended) = self.attempts.join_next() => {
                    self.ended(ended);
                    // those that were written together end together: one look for what is due does for all
                    while let Some(ended) = self.attempts.try_join_next() {
                        self.ended(ended);
                    }
                }
                () = wake.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = tidy.tick() => self.work.tidy().await,
            }
        }
    }

    /// Begins an attempt of everything that is due and has a place.
    async fn begin_due(&mut self) {
        if self.in_flight.len() >= IN_FLIGHT_MAX {
            return;
        }
        for due in self.work.due(IN_FLIGHT_OF_EACH).await {
            let Task { id, receiver } = self.work.task(&due);
            if self.has_place(id, receiver) {
                self.in_flight.insert(id, receiver);
                let work = Arc::clone(&self.work);
                self.attempts.spawn(async move {
                    work.attempt(due).await;
                    id
                });
            }
        }
    }

    /// Whether an attempt may begin: it is not under way, and neither are as many as may be.
    fn has_place(&self, id: Uuid, receiver: W::Receiver) -> bool {
        let to_it = self.in_flight.values().filter(|other| **other == receiver);
        self.in_flight.len() < IN_FLIGHT_MAX
            && to_it.count() < IN_FLIGHT_OF_EACH
            && !self.in_flight.contains_key(&id)
    }

    fn ended(&mut self, ended: Result<Uuid, JoinError>) {
        match ended {
            Ok(id) => {
                self.in_flight.remove(&id);
            }
            Err(failed) => {
                if let Ok(panic) = failed.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
            }
        }
    }
}

/// The beginning of a reason, as much as is kept of it.
pub(super) fn cut(mut why: String) -> String {
    why.truncate(why.floor_char_boundary(REASON_BYTES_MAX));
    why
}

//! Runs a task in one process at a time, and ends it before another process can begin.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use backon::{BackoffBuilder, ConstantBuilder};
use kit_core::Epoch;
use kit_process::critical_task;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::port::{Lease, LeaseError, Leases};

/// A task that only one process at a time is to do.
#[async_trait]
pub trait Singleton: Send {
    /// Name of its lease, unique within what the leases are kept for, and of its task.
    fn name(&self) -> &'static str;

    /// Does the work until there is no more of it. Dropped at any point where it waits, when the lease is about to run out
    /// and when the process ends; then called again with another epoch, which goes with everything that it writes.
    async fn run(&mut self, epoch: Epoch) -> Ended;
}

/// Why a task has ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// There is no more to do.
    Done,
    /// A store has refused what it wrote, because somebody with a greater epoch has written.
    Superseded {
        /// That epoch.
        by: Epoch,
    },
}

/// How long a lease lives, from which all other times follow.
#[derive(Clone, Copy, Debug)]
pub struct LeaseTimes {
    time_to_live: Duration,
}

impl LeaseTimes {
    /// When the holder is killed, another has the lease after at most one and a half of `time_to_live`.
    #[must_use]
    pub const fn new(time_to_live: Duration) -> Self {
        Self { time_to_live }
    }

    /// Pause between two renewals; also the shortest pause of those who wait, who add up to as much again by chance.
    fn pause(self) -> Duration {
        self.time_to_live / 4
    }

    /// Longest wait for one answer.
    fn answer_max(self) -> Duration {
        self.time_to_live / 4
    }

    /// When the holder stops that asked at `asked`: before the lease can have run out, so that it has ended by then.
    fn stops_at(self, asked: Instant) -> Instant {
        asked + self.time_to_live * 4 / 5
    }
}

impl Default for LeaseTimes {
    /// Five seconds: a killed holder is replaced within ten, and a busy machine does not lose its leases.
    fn default() -> Self {
        Self::new(Duration::from_secs(5))
    }
}

/// How this process runs its singletons; clones are the same.
#[derive(Clone)]
pub struct Singletons(Option<Arc<Leased>>);

/// By lease.
struct Leased {
    leases: Arc<dyn Leases>,
    holder: Uuid,
    times: LeaseTimes,
}

impl Singletons {
    /// They simply run, in [`Epoch::ZERO`]: no other process works on the same data.
    #[must_use]
    pub const fn alone() -> Self {
        Self(None)
    }

    /// They run while this process, which is known as `holder`, has their leases.
    pub fn by_lease(leases: Arc<dyn Leases>, holder: Uuid, times: LeaseTimes) -> Self {
        Self(Some(Arc::new(Leased { leases, holder, times })))
    }

    /// Runs a singleton, here and whenever it is this process's turn, until it is done or `stop` is cancelled. Then its lease
    /// is given back. A panic in it ends the process.
    pub async fn run(&self, mut singleton: impl Singleton, stop: CancellationToken) {
        let name = singleton.name();
        match &self.0 {
            None => {
                let running = critical_task(name, singleton.run(Epoch::ZERO));
                if let Some(Ended::Superseded { by }) = stop.run_until_cancelled(running).await {
                    let others = "other processes write what this one should have for itself";
                    kit_process::end(&format!("{name} is superseded by epoch {by}: {others}"));
                }
            }
            Some(leased) => critical_task(name, leased.run(&mut singleton, &stop)).await,
        }
    }
}

impl Leased {
    async fn run(&self, singleton: &mut dyn Singleton, stop: &CancellationToken) {
        let pauses = ConstantBuilder::default().with_delay(self.times.pause()).with_jitter();
        let mut pauses = pauses.without_max_times().build();
        let mut above = Epoch::ZERO;
        while !stop.is_cancelled() {
            let asked = Instant::now();
            if let Some(lease) = self.acquire(singleton.name(), above).await {
                above = lease.epoch;
                tracing::info!(lease = lease.name, epoch = lease.epoch.get(), "lease_acquired");
                let stops_at = self.times.stops_at(asked);
                let ended = stop.run_until_cancelled(self.hold(&lease, stops_at, singleton)).await;
                self.release(&lease).await;
                match ended {
                    None | Some(Some(Ended::Done)) => return,
                    Some(Some(Ended::Superseded { by })) => above = above.max(by),
                    Some(None) => {}
                }
                let (lease, epoch) = (lease.name, lease.epoch.get());
                tracing::warn!(lease, epoch, ?ended, "lease_lost");
            }
            let pause = pauses.next().unwrap_or(self.times.pause());
            stop.run_until_cancelled(sleep(pause)).await;
        }
    }

    async fn acquire(&self, name: &str, above: Epoch) -> Option<Lease> {
        let LeaseTimes { time_to_live } = self.times;
        let asking = self.leases.acquire(name, self.holder, time_to_live, above);
        self.answer(name, asking).await.flatten()
    }

    /// Runs a singleton while it has its lease; `None` when it has it no more.
    async fn hold(
        &self,
        lease: &Lease,
        stops_at: Instant,
        singleton: &mut dyn Singleton,
    ) -> Option<Ended> {
        tokio::select! {
            // a process that was paused looks at the clock before it goes on
            biased;
            () = self.keep(lease, stops_at) => None,
            ended = singleton.run(lease.epoch) => Some(ended),
        }
    }

    /// Renews a lease in time, and ends when it can no longer be relied on.
    async fn keep(&self, lease: &Lease, mut stops_at: Instant) {
        loop {
            let renewed = timeout_at(stops_at, async {
                sleep(self.times.pause()).await;
                let asked = Instant::now();
                let renewing = self.leases.renew(lease, self.times.time_to_live);
                self.answer(&lease.name, renewing).await.map(|is_own| (is_own, asked))
            });
            match renewed.await {
                // woken up after its time: the timer of the pause may be looked at before that of the end
                _ if Instant::now() >= stops_at => return,
                Err(_) | Ok(Some((false, _))) => return,
                Ok(Some((true, asked))) => stops_at = self.times.stops_at(asked),
                // nobody knows; it is this process's until its time is over
                Ok(None) => {}
            }
        }
    }

    /// Gives a lease back, so that another process need not wait for its end.
    async fn release(&self, lease: &Lease) {
        self.answer(&lease.name, self.leases.release(lease)).await;
    }

    /// An answer of the keeper; `None`, with a line in the log, when it is late or an error.
    async fn answer<T>(
        &self,
        lease: &str,
        asking: impl Future<Output = Result<T, LeaseError>>,
    ) -> Option<T> {
        let answer_max = self.times.answer_max();
        let late = || LeaseError(format!("no answer within {answer_max:?}"));
        let answered = timeout(answer_max, asking).await.unwrap_or_else(|_| Err(late()));
        answered.inspect_err(|error| tracing::warn!(lease, %error, "lease_unknown")).ok()
    }
}

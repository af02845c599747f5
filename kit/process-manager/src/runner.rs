//! Finds processes that nobody drives: steps that were left, and moments that have come.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Epoch, Timestamp};
use kit_lease::{Ended, Singleton};
use metrics::{Counter, Gauge, counter, describe_counter, describe_gauge, gauge};
use tokio::time::Instant;
use uuid::Uuid;

use crate::drive::{DriveError, Processes};
use crate::process::Process;

const UNFINISHED: &str = "process_manager_unfinished";
const OLDEST: &str = "process_manager_oldest_seconds";
const DELAYED: &str = "process_manager_delayed";
const OLDEST_DELAYED: &str = "process_manager_oldest_delayed_seconds";
const FAILURES: &str = "process_manager_step_failures_total";

/// Pause between two looks.
const INTERVAL: Duration = Duration::from_secs(1);

/// Most processes driven in one look.
const DUE_MAX: usize = 500;

/// Pause before a step is tried again, doubled up to [`RETRY_PAUSE_MAX`].
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// Longest pause before a step is tried again.
const RETRY_PAUSE_MAX: Duration = Duration::from_mins(5);

/// Tries after which people are told: after some eight minutes.
const TRIES_UNTOLD: u32 = 9;

/// Processes that are not at their end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// How many.
    pub count: u32,
    /// Those of which a step fails again and again.
    pub delayed: u32,
    /// When the oldest began.
    pub oldest: Option<Timestamp>,
    /// Since when the one of [`delayed`](Self::delayed) that has waited longest has made no progress.
    pub oldest_delayed: Option<Timestamp>,
}

/// Knows which processes of a kind are to be driven. Derived from the log: it may be late, and must lose none.
#[async_trait]
pub trait DueProcesses: Send + Sync + 'static {
    /// Up to `limit` processes with a step to do, or a moment that has come at `now`; the earliest first.
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<Uuid>, String>;

    /// Those that are not at their end.
    async fn unfinished(&self) -> Result<Unfinished, String>;
}

/// Drives what is due, in one process at a time: several would do the same work, all but one in vain.
///
/// It needs no fence but the one that every command has. A holder that was paused finds its step performed and recorded.
pub struct Runner<P: Process> {
    name: &'static str,
    processes: Arc<Processes<P>>,
    due: Arc<dyn DueProcesses>,
    /// Those whose step failed the last time.
    failing: HashMap<Uuid, Failing>,
}

/// How often a step failed, and when it is tried again.
struct Failing {
    step: Option<u32>,
    attempts: u32,
    again_at: Instant,
}

impl<P: Process> Runner<P> {
    /// A runner that has not begun; `name` is that of its lease and of its processes in metrics.
    #[must_use]
    pub fn new(
        name: &'static str,
        processes: Arc<Processes<P>>,
        due: Arc<dyn DueProcesses>,
    ) -> Self {
        Self { name, processes, due, failing: HashMap::new() }
    }

    /// One look: drives what is due.
    pub async fn inspect(&mut self) {
        let now = self.processes.clock.now();
        let due = match self.due.due(now, DUE_MAX).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(processes = self.name, error, "due_processes_unknown");
                return;
            }
        };
        self.failing.retain(|process, _| due.contains(process));
        for process in due {
            let waits = self.failing.get(&process).is_some_and(|one| one.again_at > Instant::now());
            if !waits {
                self.drive(process).await;
            }
        }
    }

    async fn drive(&mut self, process: Uuid) {
        let Err(error) = self.processes.drive(process).await else {
            self.failing.remove(&process);
            return;
        };
        failures(self.name).increment(1);
        let step = match &error {
            DriveError::Step { step, .. } => Some(*step),
            DriveError::Log(_) => None,
        };
        let (attempts, again_at) = (0, Instant::now());
        let failing = self.failing.entry(process).or_insert(Failing { step, attempts, again_at });
        if failing.step != step {
            *failing = Failing { step, attempts, again_at };
        }
        failing.attempts = failing.attempts.saturating_add(1);
        failing.again_at = Instant::now() + pause(failing.attempts);
        let attempts = failing.attempts;
        tracing::warn!(processes = self.name, %process, attempts, %error, "process_not_driven");
        if let (DriveError::Step { step, detail }, true) = (error, attempts > TRIES_UNTOLD) {
            let noted = self.processes.note_delay(process, step, attempts, detail).await;
            if let Err(error) = noted {
                tracing::warn!(processes = self.name, %process, %error, "delay_not_noted");
            }
        }
    }

    async fn show(&self, shown: &Shown) {
        match self.due.unfinished().await {
            Ok(unfinished) => shown.set(unfinished, self.processes.clock.now()),
            Err(error) => tracing::warn!(processes = self.name, error, "processes_not_counted"),
        }
    }
}

/// Pause after so many failures.
fn pause(attempts: u32) -> Duration {
    let doubled = RETRY_PAUSE.saturating_mul(1 << attempts.saturating_sub(1).min(16));
    doubled.min(RETRY_PAUSE_MAX)
}

#[async_trait]
impl<P: Process> Singleton for Runner<P> {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn run(&mut self, _epoch: Epoch) -> Ended {
        let shown = Shown::new(self.name);
        loop {
            tokio::time::sleep(INTERVAL).await;
            self.inspect().await;
            self.show(&shown).await;
        }
    }
}

fn failures(name: &'static str) -> Counter {
    counter!(FAILURES, "process" => name)
}

/// How the processes stand, shown by the process that runs them.
struct Shown {
    unfinished: Gauge,
    oldest: Gauge,
    delayed: Gauge,
    oldest_delayed: Gauge,
}

impl Shown {
    fn new(name: &'static str) -> Self {
        describe_gauge!(UNFINISHED, "Processes that are not at their end, by kind");
        describe_gauge!(OLDEST, "Age of the oldest process that is not at its end, by kind");
        describe_gauge!(DELAYED, "Processes with a step that fails again and again, by kind");
        describe_gauge!(
            OLDEST_DELAYED,
            "Time without progress of the process that has been delayed longest, by kind"
        );
        describe_counter!(FAILURES, "Tries of steps that failed, by kind of process");
        failures(name).increment(0);
        Self {
            unfinished: gauge!(UNFINISHED, "process" => name),
            oldest: gauge!(OLDEST, "process" => name),
            delayed: gauge!(DELAYED, "process" => name),
            oldest_delayed: gauge!(OLDEST_DELAYED, "process" => name),
        }
    }

    fn set(&self, unfinished: Unfinished, now: Timestamp) {
        let seconds = |since: Option<Timestamp>| {
            let age = |since: Timestamp| now.as_millis().saturating_sub(since.as_millis()).max(0);
            u32::try_from(since.map_or(0, age) / 1_000).unwrap_or(u32::MAX)
        };
        self.unfinished.set(unfinished.count);
        self.delayed.set(unfinished.delayed);
        self.oldest.set(seconds(unfinished.oldest));
        self.oldest_delayed.set(seconds(unfinished.oldest_delayed));
    }
}

//! What this machine allows at best: the empty handler under the same clients, and the disk's flushes.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::dataset::Dataset;
use super::load::{self, Kind, StopCondition, Workload};
use super::process::Process;
use super::report::{EmptyRun, per_second};

/// What each flush has to make durable, in bytes.
const FLUSH_BYTES: usize = 4096;

/// How long flushes are counted.
const FLUSH_FOR: Duration = Duration::from_secs(2);

const EMPTY_WARM_UP: Duration = Duration::from_millis(300);

/// How long the empty handler is measured, each time.
const EMPTY_FOR: Duration = Duration::from_millis(1_200);

/// Which empty handler a scenario is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// Reads a reservation's JSON and writes its answer's.
    Post,
    /// Writes a stock level's JSON.
    Get,
}

/// The empty handler in a process of its own.
pub(super) struct EmptyHandler {
    process: Process,
    posts: Arc<Workload>,
    gets: Arc<Workload>,
    clients: u64,
}

impl EmptyHandler {
    /// Starts the baseline server.
    pub(super) async fn start(clients: u64) -> anyhow::Result<Self> {
        let dataset = Dataset::new(100, 100, 1);
        let posts = Workload {
            reads: Vec::new(),
            writes: dataset.reserves(),
            reads_percent: 0,
            kind: Kind::Request,
        };
        let gets = Workload {
            reads: dataset.reads(),
            writes: Vec::new(),
            reads_percent: 100,
            kind: Kind::Request,
        };
        Ok(Self {
            process: Process::start(&["bench-empty"]).await?,
            posts: Arc::new(posts),
            gets: Arc::new(gets),
            clients,
        })
    }

    /// How many requests it answers, and how fast.
    pub(super) async fn measure(&self, method: Method) -> anyhow::Result<EmptyRun> {
        let workload = match method {
            Method::Post => &self.posts,
            Method::Get => &self.gets,
        };
        let until = StopCondition::Elapsed { warm_up: EMPTY_WARM_UP, duration: EMPTY_FOR };
        let address = self.process.address();
        let outcome = load::run(&[address], Arc::clone(workload), self.clients, until).await?;
        let tally = &outcome.tally;
        ensure!(
            tally.errors + tally.refusals() == 0,
            "the empty handler failed: {:?} {:?}",
            tally.first_error,
            tally.refused
        );
        Ok(EmptyRun {
            per_second: per_second(tally.operations, outcome.measured),
            p99_micros: tally.latency.value_at_quantile(0.99),
        })
    }
}

/// How often per second 4 KiB can be appended to a file in `folder` and flushed to the disk.
pub(super) async fn flushes_per_second(folder: &Path) -> anyhow::Result<u64> {
    let path = folder.join("flush-rate");
    let count = move || -> std::io::Result<u64> {
        let mut file = File::create(&path)?;
        let (started, mut flushes) = (Instant::now(), 0);
        while started.elapsed() < FLUSH_FOR {
            file.write_all(&[b'.'; FLUSH_BYTES])?;
            file.sync_data()?;
            flushes += 1;
        }
        std::fs::remove_file(&path)?;
        Ok(per_second(flushes, started.elapsed()))
    };
    let counted = tokio::task::spawn_blocking(count).await?;
    counted.with_context(|| format!("cannot write to {}", folder.display()))
}

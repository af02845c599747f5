//! Closed-loop load: each client sends its next request when the answer to the last one has been read.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use hdrhistogram::Histogram;
use http::StatusCode;
use tokio::task::JoinSet;

use super::connection::{Connection, JSON, Prepared};
use super::random::Random;

/// Accepted writes between two time stamps, which show whether throughput declines as the log grows.
pub(super) const MARK_EVERY: u64 = 500_000;

/// Greatest latency that the histogram distinguishes, in microseconds.
const LATENCY_MICROS_MAX: u64 = 60_000_000;

const COMMIT: &str = "/api/v1/inventory/commit";

/// What the clients ask for.
pub(super) struct Workload {
    /// Reads, of which one is drawn at random.
    pub(super) reads: Vec<Prepared>,
    /// Writes, of which one is drawn at random.
    pub(super) writes: Vec<Prepared>,
    /// How many of 100 requests are reads.
    pub(super) reads_percent: u64,
    /// What follows from an accepted write, and what counts as one operation.
    pub(super) kind: Kind,
}

/// What one operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One request.
    Request,
    /// A reservation and its commit.
    Pair,
    /// A checkout and its commit.
    Checkout,
    /// One line of a request that has many.
    Line,
}

/// How long to go on.
#[derive(Clone, Copy, Debug)]
pub(super) enum StopCondition {
    /// Unmeasured for `warm_up`, then measured for `duration`.
    Elapsed {
        /// Time before the measurement.
        warm_up: Duration,
        /// Time of the measurement.
        duration: Duration,
    },
    /// After this number of requests, all measured.
    Requests(u64),
    /// After at least this number of accepted writes, all measured.
    Accepted(u64),
}

/// What came back.
pub(super) struct Tally {
    /// Operations that succeeded in the measured time.
    pub(super) operations: u64,
    /// Microseconds of each measured request (each pair, where pairs are the operations).
    pub(super) latency: Histogram<u64>,
    /// Operations that succeeded, warm-up included.
    pub(super) operations_in_all: u64,
    /// Writes (lines of writes) that were accepted, warm-up included.
    pub(super) accepted: u64,
    /// Reservations that were committed, warm-up included.
    pub(super) committed: u64,
    /// Refusals by status and code, warm-up included.
    pub(super) refused: BTreeMap<String, u64>,
    /// Exchanges that failed before an answer was read; what they did is not known.
    pub(super) errors: u64,
    /// The first of them.
    pub(super) first_error: Option<String>,
}

impl Tally {
    fn new() -> anyhow::Result<Self> {
        Ok(Self {
            operations: 0,
            latency: Histogram::new_with_bounds(1, LATENCY_MICROS_MAX, 3)?,
            operations_in_all: 0,
            accepted: 0,
            committed: 0,
            refused: BTreeMap::new(),
            errors: 0,
            first_error: None,
        })
    }

    /// All refusals together.
    pub(super) fn refusals(&self) -> u64 {
        self.refused.values().sum()
    }

    fn add(&mut self, other: Self) -> anyhow::Result<()> {
        self.operations += other.operations;
        self.latency.add(other.latency)?;
        self.operations_in_all += other.operations_in_all;
        self.accepted += other.accepted;
        self.committed += other.committed;
        for (code, count) in other.refused {
            *self.refused.entry(code).or_default() += count;
        }
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
        Ok(())
    }

    fn refuse(&mut self, status: StatusCode, answer: &[u8], count: u64) {
        let code = text_after(answer, b"\"code\":\"").unwrap_or("");
        let key = format!("{} {code}", status.as_u16()).trim_end().to_owned();
        *self.refused.entry(key).or_default() += count;
    }
}

/// What a run of the load showed.
pub(super) struct Outcome {
    /// What came back.
    pub(super) tally: Tally,
    /// How long was measured.
    pub(super) measured: Duration,
    /// How long each successive [`MARK_EVERY`] accepted writes took.
    pub(super) marks: Vec<Duration>,
}

/// Runs the load to its end, on servers that each get the requests of their share of the stock levels. Fails where a client cannot connect; failed exchanges are counted instead.
pub(super) async fn run(
    addresses: &[SocketAddr],
    workload: Arc<Workload>,
    clients: u64,
    until: StopCondition,
) -> anyhow::Result<Outcome> {
    let run = Arc::new(Run::new(workload, until));
    let mut waiting = Vec::new();
    let shares = (0..addresses.len()).map(|index| Share { index, of: addresses.len() });
    for (seed, (address, share)) in (1..=clients).zip(addresses.iter().zip(shares).cycle()) {
        let connection = Connection::open(*address).await?;
        let (run, tally, random) = (Arc::clone(&run), Tally::new()?, Random::new(seed));
        waiting.push(Client { run, share, connection, tally, random });
    }
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for client in waiting {
        tasks.spawn(client.work());
    }
    let paced = run.pace(until).await;
    let mut tally = Tally::new()?;
    while let Some(client) = tasks.join_next().await {
        tally.add(client.context("a client ended early")?)?;
    }
    let marks = run.marks.lock().unwrap_or_else(PoisonError::into_inner);
    let ends = marks.iter();
    let starts = std::iter::once(&started).chain(marks.iter());
    Ok(Outcome {
        tally,
        measured: paced.unwrap_or_else(|| started.elapsed()),
        marks: starts.zip(ends).map(|(start, end)| end.duration_since(*start)).collect(),
    })
}

const WARMING_UP: u8 = 0;
const MEASURING: u8 = 1;
const STOPPING: u8 = 2;

/// What the clients share.
struct Run {
    workload: Arc<Workload>,
    stage: AtomicU8,
    requests_max: u64,
    accepted_max: u64,
    requests: AtomicU64,
    accepted: AtomicU64,
    marks: Mutex<Vec<Instant>>,
}

impl Run {
    fn new(workload: Arc<Workload>, until: StopCondition) -> Self {
        let (stage, requests_max, accepted_max) = match until {
            StopCondition::Elapsed { .. } => (WARMING_UP, u64::MAX, u64::MAX),
            StopCondition::Requests(requests) => (MEASURING, requests, u64::MAX),
            StopCondition::Accepted(accepted) => (MEASURING, u64::MAX, accepted),
        };
        Self {
            workload,
            stage: AtomicU8::new(stage),
            requests_max,
            accepted_max,
            requests: AtomicU64::new(0),
            accepted: AtomicU64::new(0),
            marks: Mutex::default(),
        }
    }

    /// Moves through the stages where time says when, and returns how long was measured.
    async fn pace(&self, until: StopCondition) -> Option<Duration> {
        let StopCondition::Elapsed { warm_up, duration } = until else {
            return None;
        };
        tokio::time::sleep(warm_up).await;
        let started = Instant::now();
        self.stage.store(MEASURING, Ordering::Relaxed);
        tokio::time::sleep(duration).await;
        self.stage.store(STOPPING, Ordering::Relaxed);
        Some(started.elapsed())
    }

    fn goes_on(&self) -> bool {
        self.stage.load(Ordering::Relaxed) != STOPPING
            && self.accepted.load(Ordering::Relaxed) < self.accepted_max
            && self.requests.fetch_add(1, Ordering::Relaxed) < self.requests_max
    }

    fn accept(&self, count: u64) {
        let before = self.accepted.fetch_add(count, Ordering::Relaxed);
        if before / MARK_EVERY != (before + count) / MARK_EVERY {
            let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
            marks.push(Instant::now());
        }
    }
}

/// Which part of the requests goes to a server: they are in the order of their stores.
#[derive(Clone, Copy)]
struct Share {
    index: usize,
    of: usize,
}

impl Share {
    /// Its part; all of them where there are too few to be shared out.
    fn part<T>(self, requests: &[T]) -> &[T] {
        let count = requests.len();
        if count < self.of {
            return requests;
        }
        &requests[count * self.index / self.of..count * (self.index + 1) / self.of]
    }
}

struct Client {
    run: Arc<Run>,
    share: Share,
    connection: Connection,
    tally: Tally,
    random: Random,
}

impl Client {
    async fn work(mut self) -> Tally {
        let run = Arc::clone(&self.run);
        while run.goes_on() {
            let started = Instant::now();
            match self.operate(&run.workload).await {
                Ok(operations) => {
                    self.tally.operations_in_all += operations;
                    if run.stage.load(Ordering::Relaxed) == MEASURING {
                        self.tally.operations += operations;
                        let micros = u64::try_from(started.elapsed().as_micros());
                        self.tally.latency.saturating_record(micros.unwrap_or(u64::MAX));
                    }
                }
                Err(error) => {
                    self.tally.errors += 1;
                    self.tally.first_error = Some(format!("{error:#}"));
                    break;
                }
            }
        }
        self.tally
    }

    /// One request, or one pair of them; returns how many operations succeeded.
    async fn operate(&mut self, workload: &Workload) -> anyhow::Result<u64> {
        if self.random.below(100) < workload.reads_percent {
            let read = self.random.pick(self.share.part(&workload.reads));
            let status = self.connection.exchange(read).await?;
            if status.is_success() {
                return Ok(1);
            }
            self.tally.refuse(status, self.connection.answer(), 1);
            return Ok(0);
        }
        let write = self.random.pick(self.share.part(&workload.writes));
        let status = self.connection.exchange(write).await?;
        if !status.is_success() {
            self.tally.refuse(status, self.connection.answer(), 1);
            return Ok(0);
        }
        let accepted = match workload.kind {
            Kind::Line => self.count_lines()?,
            Kind::Request | Kind::Pair | Kind::Checkout => 1,
        };
        self.tally.accepted += accepted;
        self.run.accept(accepted);
        match workload.kind {
            Kind::Pair => self.commit().await,
            Kind::Checkout => self.commit_checkout().await,
            Kind::Request | Kind::Line => Ok(accepted),
        }
    }

    async fn commit(&mut self) -> anyhow::Result<u64> {
        let reservation = text_after(self.connection.answer(), b"\"reservationId\":\"")
            .context("an accepted reservation's answer has no reservationId")?;
        let body = format!(
            "{{\"reservationId\":\"{reservation}\",\"transactionId\":\"bench-{reservation}\"}}"
        );
        self.send_commit(&Prepared::post(COMMIT, JSON, &body)).await
    }

    async fn commit_checkout(&mut self) -> anyhow::Result<u64> {
        let checkout = text_after(self.connection.answer(), b"\"checkoutId\":\"")
            .context("an accepted checkout's answer has no checkoutId")?;
        let body = format!("{{\"transactionId\":\"bench-{checkout}\"}}");
        let path = format!("/api/v1/checkouts/{checkout}/commit");
        self.send_commit(&Prepared::post(&path, JSON, &body)).await
    }

    async fn send_commit(&mut self, commit: &Prepared) -> anyhow::Result<u64> {
        let status = self.connection.exchange(commit).await?;
        if !status.is_success() {
            self.tally.refuse(status, self.connection.answer(), 1);
            return Ok(0);
        }
        self.tally.committed += 1;
        Ok(1)
    }

    /// Counts the accepted lines of a bulk answer, and the others as refusals.
    fn count_lines(&mut self) -> anyhow::Result<u64> {
        let mut accepted = 0;
        for line in self.connection.answer().split(|byte| *byte == b'\n') {
            if line.is_empty() {
                continue;
            }
            let status = line_status(line)
                .with_context(|| format!("no status in {:?}", String::from_utf8_lossy(line)))?;
            if status.is_success() {
                accepted += 1;
            } else {
                self.tally.refuse(status, line, 1);
            }
        }
        Ok(accepted)
    }
}

/// The status of one line of a bulk answer.
pub(super) fn line_status(line: &[u8]) -> Option<StatusCode> {
    let key = b"\"status\":";
    let at = memchr::memmem::find(line, key)? + key.len();
    StatusCode::from_bytes(line.get(at..at + 3)?).ok()
}

/// The text between `key` and the next quotation mark.
fn text_after<'a>(answer: &'a [u8], key: &[u8]) -> Option<&'a str> {
    let rest = answer.get(memchr::memmem::find(answer, key)? + key.len()..)?;
    std::str::from_utf8(rest.get(..memchr::memchr(b'"', rest)?)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(requests: &[u32], of: usize) -> Vec<Vec<u32>> {
        (0..of).map(|index| Share { index, of }.part(requests).to_vec()).collect()
    }

    #[test]
    fn servers_share_the_requests_out_and_none_is_left_without_any() {
        assert_eq!(parts(&[1, 2, 3, 4, 5], 2), [vec![1, 2], vec![3, 4, 5]]);
        assert_eq!(parts(&[1, 2, 3], 1), [vec![1, 2, 3]]);
        assert_eq!(parts(&[1], 2), [vec![1], vec![1]]);
    }
}

//! Executing the lines of a file: in chunks, several at a time, those of one stock level in their order.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use gondola_inventory::use_cases::StockCommands;
use gondola_inventory_domain::StoreId;
use kit_core::Position;
use kit_event_store::EventStore;
use tokio::sync::{mpsc, oneshot};

use super::checkpoint::{Checkpoint, State, Tally};
use super::csv_file::Row;
use super::earlier_run::{EarlierRun, LeftToDo, LineResult};
use super::feed::{Item, Source};
use super::movement::{Commands, Movement, Outcome};
use super::progress::Progress;
use super::rejects::Rejects;

/// Chunks that are on their way at the same time.
const CHUNKS_SENT: usize = 3;

/// Queues that the stores are spread over; each sends one group at a time, which keeps its lines in order.
const WORKERS: usize = 2;

/// Least time between two checkpoints.
const CHECKPOINT_INTERVAL: Duration = Duration::from_millis(500);

/// Executes the lines of one part of an import.
pub(super) struct Engine<'a> {
    pub(super) stock: &'a Arc<StockCommands>,
    pub(super) log: &'a Arc<dyn EventStore>,
    pub(super) commands: Commands,
    pub(super) earlier: EarlierRun,
    /// Whether an earlier run has already dealt with lines of the next part.
    pub(super) went_further: bool,
    pub(super) checkpoint: &'a Checkpoint,
    pub(super) progress: &'a Progress,
}

/// A line that was sent, or needed not to be.
struct Line {
    row: Row,
    dropped: Vec<&'static str>,
    /// What became of it, once it is known.
    result: Option<LineResult>,
}

/// A worker's result for each of its lines, with the line's index.
type WorkerAnswer = anyhow::Result<Vec<(usize, Outcome)>>;

/// Lines on their way.
struct Sent {
    lines: Vec<Line>,
    answers: Vec<oneshot::Receiver<WorkerAnswer>>,
    /// Where the log ended before.
    before: Position,
}

/// A line for a worker.
struct Job {
    place: usize,
    line: u64,
    movement: Movement,
    /// The try in which its reservation was already made.
    promised: Option<u16>,
}

struct Part {
    jobs: Vec<Job>,
    reply: oneshot::Sender<WorkerAnswer>,
}

impl Engine<'_> {
    /// Executes all lines of a source and accounts for them in `state`, which is kept from time to time and at the end.
    pub(super) async fn run(
        mut self,
        mut source: Source,
        state: &mut State,
        rejects: &mut Option<Rejects>,
    ) -> anyhow::Result<()> {
        let workers: Vec<mpsc::Sender<Part>> = (0..WORKERS).map(|_| self.start_worker()).collect();
        let mut sent: VecDeque<Sent> = VecDeque::new();
        let mut saved = Instant::now();
        let mut ended = false;
        while !ended || !sent.is_empty() {
            if !ended && sent.len() < CHUNKS_SENT {
                match source.recv().await.transpose()? {
                    Some(items) => sent.push_back(self.send(items, &workers).await?),
                    None => ended = true,
                }
                continue;
            }
            let Some(oldest) = sent.pop_front() else { continue };
            self.account(oldest, state, rejects).await?;
            // what an earlier run did beyond these lines must be found again after another break
            if !self.went_further && self.earlier.scan.ends_with(state.through_line) {
                let next = sent.front().map(|next| next.before);
                state.position = next.unwrap_or_else(|| *self.log.head().borrow()).get();
            }
            if saved.elapsed() >= CHECKPOINT_INTERVAL {
                self.save(state, rejects)?;
                saved = Instant::now();
            }
        }
        self.save(state, rejects)
    }

    fn save(&self, state: &mut State, rejects: &mut Option<Rejects>) -> anyhow::Result<()> {
        if let Some(rejects) = rejects {
            state.rejected_bytes = rejects.sync()?;
        }
        self.checkpoint.save(state)
    }

    /// Sends the lines that are not done yet to the workers of their stores.
    async fn send(
        &mut self,
        items: Vec<Item>,
        workers: &[mpsc::Sender<Part>],
    ) -> anyhow::Result<Sent> {
        let before = *self.log.head().borrow();
        let mut sent = Vec::with_capacity(items.len());
        let mut parts: Vec<Vec<Job>> = Vec::new();
        parts.resize_with(workers.len(), Vec::new);
        for (place, Item { row, meaning, dropped }) in items.into_iter().enumerate() {
            let line = row.line;
            let left = self.earlier.left_to_do(self.log.as_ref(), &self.commands, line, meaning);
            let result = match left.await? {
                LeftToDo::Nothing(result) => Some(result),
                LeftToDo::Change { movement, promised } => {
                    let worker = worker_of(movement.store, workers.len());
                    parts[worker].push(Job { place, line, movement, promised });
                    None
                }
            };
            sent.push(Line { row, dropped, result });
        }
        let mut answers = Vec::with_capacity(workers.len());
        for (jobs, worker) in parts.into_iter().zip(workers) {
            let (reply, answer) = oneshot::channel();
            worker
                .send(Part { jobs, reply })
                .await
                .ok()
                .context("a worker of the import has ended")?;
            answers.push(answer);
        }
        Ok(Sent { lines: sent, answers, before })
    }

    /// Waits for the lines of a chunk and counts what became of them, in their order.
    async fn account(
        &self,
        sent: Sent,
        state: &mut State,
        rejects: &mut Option<Rejects>,
    ) -> anyhow::Result<()> {
        let Sent { mut lines, answers, .. } = sent;
        for answer in answers {
            for (place, outcome) in answer.await.context("a worker of the import has ended")?? {
                lines[place].result = Some(match outcome {
                    Outcome::Applied => LineResult::Applied,
                    Outcome::Refused(reject) => LineResult::Rejected(reject),
                });
            }
        }
        for line in &lines {
            let result = line.result.as_ref().context("a line got no answer")?;
            state.through_line = line.row.line;
            match rejects {
                Some(rejects) => self.count(line, result, &mut state.tally, rejects)?,
                None if matches!(result, LineResult::Rejected(_)) => state.tally.not_received += 1,
                None => state.tally.received += 1,
            }
        }
        self.progress.tell(&state.tally);
        Ok(())
    }

    fn count(
        &self,
        line: &Line,
        result: &LineResult,
        tally: &mut Tally,
        rejects: &mut Rejects,
    ) -> anyhow::Result<()> {
        tally.lines += 1;
        if let LineResult::Rejected(reject) = result {
            Tally::count(&mut tally.rejected, reject.code);
            return rejects.add(&line.row, reject);
        }
        tally.warn(line.row.line, &line.dropped);
        tally.applied += 1;
        if matches!(result, LineResult::Applied) {
            self.progress.applied();
        }
        Ok(())
    }

    /// Starts a worker; it ends with its sender.
    fn start_worker(&self) -> mpsc::Sender<Part> {
        let (sender, mut parts) = mpsc::channel::<Part>(CHUNKS_SENT);
        let (stock, commands) = (Arc::clone(self.stock), self.commands.clone());
        tokio::spawn(async move {
            while let Some(Part { jobs, reply }) = parts.recv().await {
                // an import that failed does not want the answer any more
                drop(reply.send(execute(&stock, &commands, jobs).await));
            }
        });
        sender
    }
}

fn worker_of(store: StoreId, workers: usize) -> usize {
    let (high, low) = store.as_uuid().as_u64_pair();
    usize::try_from((high ^ low) % workers as u64).unwrap_or(0)
}

/// Executes lines in their order.
async fn execute(
    stock: &StockCommands,
    commands: &Commands,
    jobs: Vec<Job>,
) -> anyhow::Result<Vec<(usize, Outcome)>> {
    let mut outcomes = Vec::with_capacity(jobs.len());
    let mut fresh = Vec::with_capacity(jobs.len());
    for job in jobs {
        // nothing after an unfinished reservation is in the log yet, so it can be finished first
        if let Some(number) = job.promised {
            let outcome = commands.finish(stock, job.line, &job.movement, number).await?;
            outcomes.push((job.place, outcome));
            continue;
        }
        fresh.push(job);
    }
    let lines = fresh.iter().map(|job| (job.line, &job.movement));
    let executed = commands.execute(stock, lines).await?;
    outcomes.extend(fresh.iter().map(|job| job.place).zip(executed));
    Ok(outcomes)
}

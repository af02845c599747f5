//! A bulk write on its way: whole lines out of what has arrived, groups of them performed and answered.

use std::sync::Arc;

use axum::body::Body;
use kit_core::Caller;
use kit_http::{CallerHeaders, Json, PartFaults, Problem};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::coop::consume_budget;

use super::answer::BatchAnswer;
use super::answers::{Answers, Gone};
use super::arrival::Arrival;
use super::commands::Commands;
use super::line::BatchLine;
use super::schema::COMMAND;
use crate::http::problems::command_problem;
use crate::http::reservations::RESERVATION;
use crate::use_cases::{ArrivalWait, StockCommands, StockRequest};

/// Most lines of a body.
const BATCH_LINES_MAX: usize = 200_000;

/// Longest line, in bytes.
pub(super) const LINE_BYTES_MAX: usize = 64 << 10;

/// Lines performed together, at most.
const GROUP_LINES: usize = 2_000;

/// Bytes of lines after which a group takes no further one.
const GROUP_BYTES: usize = 1 << 20;

/// Bytes of a line that are read without letting others go first.
const TURN_BYTES: usize = 4 << 10;

/// A line of the group that waits.
enum Slot {
    /// It cannot be performed.
    Failed(Box<Problem>),
    /// It is among the requests, and this is the status of its success.
    Sent(u16),
}

/// Why a batch ends before its body.
enum Stop {
    /// Nobody reads the answers.
    Gone,
    /// The rest of the body cannot be taken.
    GivenUp(Problem),
}

impl From<Gone> for Stop {
    fn from(Gone: Gone) -> Self {
        Self::Gone
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::GivenUp(problem)
    }
}

/// The work of one bulk write.
pub(super) struct Batch {
    commands: Arc<StockCommands>,
    headers: CallerHeaders,
    /// Finds all that is wrong with a line.
    faults: PartFaults,
    /// Its place among the batches of this process; free before the answers end, so that their reader may send the next.
    _place: OwnedSemaphorePermit,
    answers: Answers,
    /// Its wait for names that are not known.
    arrival_wait: ArrivalWait,
    /// Lines seen.
    line: usize,
    /// The lines that wait, the last of them is [`Batch::line`].
    group: Vec<Slot>,
    /// Bytes of those lines.
    group_bytes: usize,
    /// Of those lines, what can be performed.
    requests: Vec<(StockRequest, Caller)>,
}

impl Batch {
    /// A bulk write of a caller.
    pub(super) fn new(
        commands: Arc<StockCommands>,
        (headers, faults): (CallerHeaders, PartFaults),
        answers: Answers,
        place: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            commands,
            headers,
            faults,
            answers,
            _place: place,
            arrival_wait: ArrivalWait::default(),
            line: 0,
            group: Vec::new(),
            group_bytes: 0,
            requests: Vec::new(),
        }
    }

    /// Performs all lines of a body.
    pub(super) async fn run(mut self, body: Body) {
        let performed = self.perform(Arrival::new(body)).await;
        self.end(performed).await;
    }

    /// Performs all commands of an array.
    pub(super) async fn run_all(mut self, commands: Commands) {
        let performed = self.perform_all(commands).await;
        self.end(performed).await;
    }

    /// Ends the answers; a client that went away has lost interest, and its lines stand.
    async fn end(mut self, performed: Result<(), Stop>) {
        let given_up = match performed {
            Ok(()) => Ok(()),
            Err(Stop::GivenUp(problem)) => self.give_up(problem).await,
            Err(Stop::Gone) => Err(Gone),
        };
        if given_up.is_ok() {
            let _ = self.answers.end().await;
        }
    }

    async fn perform_all(&mut self, Commands(commands): Commands) -> Result<(), Stop> {
        for command in commands {
            self.take_line(command.get().as_bytes()).await?;
        }
        Ok(self.perform_group().await?)
    }

    async fn perform(&mut self, mut body: Arrival) -> Result<(), Stop> {
        let mut text = Vec::new();
        loop {
            // what has arrived already belongs to the same group
            let piece = if let Some(piece) = body.ready() {
                piece?
            } else {
                self.perform_group().await?;
                body.next(self.line).await?
            };
            let Some(piece) = piece else { break };
            text.extend_from_slice(&piece);
            self.take_lines(&mut text).await?;
        }
        self.take_line(&text).await?;
        Ok(self.perform_group().await?)
    }

    /// Takes all whole lines out of a buffer.
    async fn take_lines(&mut self, text: &mut Vec<u8>) -> Result<(), Stop> {
        let mut begin = 0;
        while let Some(length) = memchr::memchr(b'\n', &text[begin..]) {
            self.take_line(&text[begin..begin + length]).await?;
            begin += length + 1;
        }
        text.drain(..begin);
        Ok(self.check_length(text)?)
    }

    fn check_length(&self, line: &[u8]) -> Result<(), Problem> {
        if line.len() > LINE_BYTES_MAX {
            let detail = format!("line {} is longer than {LINE_BYTES_MAX} bytes", self.line + 1);
            return Err(Problem::payload_too_large(detail));
        }
        Ok(())
    }

    async fn take_line(&mut self, line: &[u8]) -> Result<(), Stop> {
        // many lines without a wait would keep the thread from others
        for _ in 0..=line.len() / TURN_BYTES {
            consume_budget().await;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        self.check_length(line)?;
        if self.line == BATCH_LINES_MAX {
            let detail = format!("a batch has at most {BATCH_LINES_MAX} lines");
            return Err(Problem::payload_too_large(detail).into());
        }
        self.line += 1;
        self.group_bytes += line.len();
        match self.parse(line) {
            Ok((status, request)) => {
                self.group.push(Slot::Sent(status));
                self.requests.push(request);
            }
            Err(problem) => {
                let problem = self.faults.tell(problem, COMMAND, line);
                self.group.push(Slot::Failed(Box::new(problem)));
            }
        }
        if self.group.len() >= GROUP_LINES || self.group_bytes >= GROUP_BYTES {
            self.perform_group().await?;
        }
        Ok(())
    }

    /// What the present line asks for, and the status of its success.
    fn parse(&self, line: &[u8]) -> Result<(u16, (StockRequest, Caller)), Problem> {
        let line = Json::<BatchLine>::parse(line)?;
        let headers = self.headers.line(self.line).or_id(RESERVATION, line.chosen_id());
        let caller = headers.operation(line.operation()).caller(&line);
        Ok((line.success(), (line.request()?, caller)))
    }

    /// Performs the lines that wait and answers them in order.
    async fn perform_group(&mut self) -> Result<(), Gone> {
        let slots = std::mem::take(&mut self.group);
        let requests = std::mem::take(&mut self.requests);
        self.group_bytes = 0;
        let performed = self.commands.perform_group(requests, &mut self.arrival_wait).await;
        let mut performed = performed.into_iter();
        for (line, slot) in (self.line + 1 - slots.len()..).zip(slots) {
            let result = match slot {
                Slot::Failed(problem) => Err(*problem),
                Slot::Sent(status) => {
                    let Some(result) = performed.next() else { continue };
                    result
                        .map(|done| (status, done))
                        .map_err(|error| command_problem(error, &self.commands.catalogue))
                }
            };
            let answer = match &result {
                Ok((status, done)) => {
                    BatchAnswer::done(line, *status, done, &self.commands.catalogue)
                }
                Err(problem) => BatchAnswer::failed(line, problem),
            };
            self.answers.write(&answer).await?;
        }
        self.answers.send().await
    }

    /// Performs what is whole and says why the rest was not looked at.
    async fn give_up(&mut self, problem: Problem) -> Result<(), Gone> {
        self.perform_group().await?;
        let problem = problem.note("the lines before were executed");
        self.answers.write(&BatchAnswer::failed(self.line + 1, &problem)).await?;
        self.answers.send().await
    }
}

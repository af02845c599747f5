//! A bulk write on its way: whole lines out of what has arrived, groups of them performed and answered.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use kit_core::Caller;
use kit_http::{CallerHeaders, Json, Problem};
use tokio::sync::mpsc;

use super::answer::BatchAnswer;
use super::line::BatchLine;
use crate::http::problems::command_problem;
use crate::http::reservations::RESERVATION;
use crate::use_cases::{StockCommands, StockRequest};

/// Longest body, in bytes.
pub(in crate::http) const BATCH_BYTES_MAX: usize = 64 << 20;

/// Most lines of a body.
const BATCH_LINES_MAX: usize = 200_000;

/// Longest line, in bytes.
const LINE_BYTES_MAX: usize = 64 << 10;

/// Lines performed together, at most.
const GROUP_LINES: usize = 2_000;

/// A line of the group that waits.
enum Slot {
    /// It cannot be performed.
    Failed(Box<Problem>),
    /// It is among the requests, and this is the status of its success.
    Sent(u16),
}

/// The work of one bulk write.
pub(super) struct Batch {
    commands: Arc<StockCommands>,
    headers: CallerHeaders,
    answers: mpsc::UnboundedSender<Bytes>,
    /// Lines seen.
    line: usize,
    /// The lines that wait, the last of them is [`Batch::line`].
    group: Vec<Slot>,
    /// Of those lines, what can be performed.
    requests: Vec<(StockRequest, Caller)>,
}

impl Batch {
    /// A bulk write of a caller, whose answers go to a channel.
    pub(super) fn new(
        commands: Arc<StockCommands>,
        headers: CallerHeaders,
        answers: mpsc::UnboundedSender<Bytes>,
    ) -> Self {
        Self { commands, headers, answers, line: 0, group: Vec::new(), requests: Vec::new() }
    }

    /// Performs all lines of a body.
    pub(super) async fn run(mut self, mut body: Body) {
        let mut text = Vec::new();
        let mut seen = 0;
        loop {
            // what has arrived already belongs to the same group
            let frame = if let Some(frame) = body.frame().now_or_never() {
                frame
            } else {
                self.perform_group().await;
                body.frame().await
            };
            let Some(frame) = frame else { break };
            let data = match frame.map(http_body::Frame::into_data) {
                Ok(Ok(data)) => data,
                Ok(Err(_)) => continue,
                Err(error) => {
                    let detail =
                        format!("the body ended early, the lines before were executed: {error}");
                    return self.give_up(Problem::bad_request(detail)).await;
                }
            };
            seen += data.len();
            text.extend_from_slice(&data);
            if seen > BATCH_BYTES_MAX {
                let detail = format!(
                    "a batch has at most {BATCH_BYTES_MAX} bytes; the lines before were executed"
                );
                return self.give_up(Problem::payload_too_large(detail)).await;
            }
            if let Err(problem) = self.take_lines(&mut text).await {
                return self.give_up(problem).await;
            }
        }
        let rest = std::mem::take(&mut text);
        match self.take_line(&rest).await {
            Ok(()) => self.perform_group().await,
            Err(problem) => self.give_up(problem).await,
        }
    }

    /// Takes all whole lines out of a buffer.
    async fn take_lines(&mut self, text: &mut Vec<u8>) -> Result<(), Problem> {
        let mut begin = 0;
        while let Some(length) = memchr::memchr(b'\n', &text[begin..]) {
            self.take_line(&text[begin..begin + length]).await?;
            begin += length + 1;
        }
        text.drain(..begin);
        self.check_length(text)
    }

    fn check_length(&self, line: &[u8]) -> Result<(), Problem> {
        if line.len() > LINE_BYTES_MAX {
            let detail = format!("line {} is longer than {LINE_BYTES_MAX} bytes", self.line + 1);
            return Err(Problem::payload_too_large(detail));
        }
        Ok(())
    }

    async fn take_line(&mut self, line: &[u8]) -> Result<(), Problem> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        self.check_length(line)?;
        if self.line == BATCH_LINES_MAX {
            let detail = format!(
                "a batch has at most {BATCH_LINES_MAX} lines; the lines before were executed"
            );
            return Err(Problem::payload_too_large(detail));
        }
        self.line += 1;
        match self.parse(line) {
            Ok((status, request)) => {
                self.group.push(Slot::Sent(status));
                self.requests.push(request);
            }
            Err(problem) => self.group.push(Slot::Failed(Box::new(problem))),
        }
        if self.group.len() >= GROUP_LINES {
            self.perform_group().await;
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
    async fn perform_group(&mut self) {
        if self.group.is_empty() {
            return;
        }
        let slots = std::mem::take(&mut self.group);
        let requests = std::mem::take(&mut self.requests);
        let mut performed = self.commands.perform_all(requests).await.into_iter();
        let mut text = Vec::with_capacity(slots.len() * 192);
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
            match &result {
                Ok((status, done)) => write(
                    &mut text,
                    &BatchAnswer::done(line, *status, done, &self.commands.catalogue),
                ),
                Err(problem) => write(&mut text, &BatchAnswer::failed(line, problem)),
            }
        }
        // a client that went away has lost interest; its lines stand
        drop(self.answers.send(text.into()));
    }

    /// Performs what is whole and says why the rest was not looked at.
    async fn give_up(mut self, problem: Problem) {
        self.perform_group().await;
        let mut text = Vec::new();
        write(&mut text, &BatchAnswer::failed(self.line + 1, &problem));
        drop(self.answers.send(text.into()));
    }
}

fn write(text: &mut Vec<u8>, answer: &BatchAnswer<'_>) {
    // plain structs of numbers and texts always serialise, and a vector takes everything
    if serde_json::to_writer(&mut *text, answer).is_ok() {
        text.push(b'\n');
    }
}

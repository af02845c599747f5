//! Bulk writes: newline-delimited JSON in, one answer per line out, in the same order.
//!
//! Lines are executed in groups while the body still arrives. Lines of one store take effect in order; each line succeeds or
//! fails by itself. With an `Idempotency-Key` a batch that was cut off can be sent again as a whole.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::{FutureExt, stream};
use gondola_inventory_domain::{Command, ReservationId};
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use kit_core::Caller;
use kit_executor::CommandReceipt;
use kit_http::{Json, Problem, Problems};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::batch_line::{BatchAnswer, BatchLine};
use super::sender::Sender;
use super::{Context, problems};
use crate::use_cases::{Answer, EndReservation, StoreCommand, WriteError, ended_before};

/// Longest body, in bytes.
pub(super) const BATCH_BYTES_MAX: usize = 64 << 20;

/// Most lines of a body.
const BATCH_LINES_MAX: usize = 200_000;

/// Longest line, in bytes.
const LINE_BYTES_MAX: usize = 64 << 10;

/// Lines executed together, at most.
const GROUP_LINES: usize = 2_000;

/// Execute many commands.
///
/// One JSON object a line: `op` and the fields of that operation's own route. Lines of one store take effect in order; each
/// line succeeds or fails by itself.
#[utoipa::path(
    post, path = "/api/v1/inventory/batch", tag = "Stock", operation_id = "writeBatch",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition of the whole batch harmless for 24 hours")),
    request_body(content = String, content_type = "application/x-ndjson",
        description = "One JSON object a line, at most 200000 lines and 64 MiB. `op` is one of `stock`, `adjust`, `count`, \
            `policy`, `reserve`, `commit`, `release`, `extend`; the other fields are those of the route of that name",
        example = "{\"op\":\"stock\",\"storeId\":\"11111111-1111-1111-1111-111111111111\",\"productSku\":\"PROD123456\",\"quantity\":10}\n"),
    responses(
        (status = 200, description = "One answer per line, in order", body = BatchAnswer<'static>,
         content_type = "application/x-ndjson"),
        Problems
    )
)]
pub(super) async fn batch(
    State(context): State<Arc<Context>>,
    sender: Sender,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    require_ndjson(&headers)?;
    // unbounded, so that a client which reads only after it has sent everything cannot be waited for for ever;
    // the lines of a body, and so the answers, are limited
    let (answers, ready) = mpsc::unbounded_channel();
    let tasks = context.tasks.clone();
    tasks.spawn(Batch { context, sender, answers, line: 0, group: Vec::new() }.run(body));
    let answers = stream::unfold(ready, |mut ready| async {
        let bytes: Bytes = ready.recv().await?;
        Some((Ok::<_, Infallible>(bytes), ready))
    });
    let mut response = Body::from_stream(answers).into_response();
    let ndjson = http::HeaderValue::from_static("application/x-ndjson");
    response.headers_mut().insert(header::CONTENT_TYPE, ndjson);
    Ok(response)
}

fn require_ndjson(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = given.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if ["application/x-ndjson", "application/jsonl", "application/json-seq"].contains(&media_type) {
        return Ok(());
    }
    Err(Problem::unsupported_media_type(
        "send Content-Type: application/x-ndjson, one JSON object a line",
    ))
}

/// A line on its way.
enum Slot {
    /// It cannot be executed.
    Failed(usize, Box<Problem>),
    /// It waits for its group.
    Command { line: usize, status: u16, end: Option<Box<Ending>> },
}

/// The reservation that a line ends, and how.
type Ending = (ReservationId, EndReservation);

struct Batch {
    context: Arc<Context>,
    sender: Sender,
    answers: mpsc::UnboundedSender<Bytes>,
    /// Lines seen.
    line: usize,
    group: Vec<(Slot, Option<(StoreCommand, Caller)>)>,
}

impl Batch {
    async fn run(mut self, mut body: Body) {
        let mut text = Vec::new();
        let mut seen = 0;
        loop {
            // what has arrived already belongs to the same group
            let frame = if let Some(frame) = body.frame().now_or_never() {
                frame
            } else {
                self.execute_group().await;
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
            Ok(()) => self.execute_group().await,
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
        self.line += 1;
        if self.line > BATCH_LINES_MAX {
            let detail = format!(
                "a batch has at most {BATCH_LINES_MAX} lines; the lines before were executed"
            );
            return Err(Problem::payload_too_large(detail));
        }
        let number = self.line;
        let prepared = match Json::<BatchLine>::parse(line) {
            Ok(line) => self.prepare(number, &line).await,
            Err(problem) => Err(problem),
        };
        self.group.push(match prepared {
            Ok((slot, command)) => (slot, Some(command)),
            Err(problem) => (Slot::Failed(number, Box::new(problem)), None),
        });
        if self.group.len() >= GROUP_LINES {
            self.execute_group().await;
        }
        Ok(())
    }

    /// Turns a line into a command.
    async fn prepare(
        &mut self,
        number: usize,
        line: &BatchLine,
    ) -> Result<(Slot, (StoreCommand, Caller)), Problem> {
        let caller = self.sender.by_line(number, line.operation(), line, line.chosen_id());
        let mut end = None;
        let command = match line {
            BatchLine::Stock(body) => self.single(body.level()?, body.command()?).await?,
            BatchLine::Adjust(body) => self.single(body.level()?, body.command()?).await?,
            BatchLine::Policy(body) => self.single(body.level()?, body.command()?).await?,
            BatchLine::Count(body) => {
                let (store, product) = self.context.level(&body.level()?).await?;
                // what was on hand then must include the lines before
                self.execute_group().await;
                let placed = self.context.writes.place_count(store, product, body.count()?).await;
                let count = Command::CountStock(placed.map_err(problems::written)?);
                StoreCommand::single(store, product, count)
            }
            BatchLine::Reserve(body) => self.context.reserve_command(body).await?,
            BatchLine::Commit(body) => {
                let commit = self.context.commit_of(body).await?;
                self.ending(body.reservation_id, commit, &mut end).await?
            }
            BatchLine::Release(body) => {
                let release = EndReservation::Release { reason: body.reason()? };
                self.ending(body.reservation_id, release, &mut end).await?
            }
            BatchLine::Extend(body) => {
                let extend = EndReservation::Extend(body.ttl()?);
                self.ending(body.reservation_id, extend, &mut end).await?
            }
        };
        Ok((Slot::Command { line: number, status: line.success(), end }, (command, caller)))
    }

    async fn single(
        &self,
        level: (crate::use_cases::StoreRef, crate::use_cases::ProductRef),
        command: Command,
    ) -> Result<StoreCommand, Problem> {
        let (store, product) = self.context.level(&level).await?;
        Ok(StoreCommand::single(store, product, command))
    }

    /// The command that ends a reservation, which a line of the waiting group may be about to make.
    async fn ending(
        &mut self,
        id: Uuid,
        how: EndReservation,
        end: &mut Option<Box<Ending>>,
    ) -> Result<StoreCommand, Problem> {
        let id = ReservationId::from_uuid(id);
        let planned = match self.context.writes.plan_end(id, &how).await {
            Err(WriteError::UnknownReservation(_)) if !self.group.is_empty() => {
                self.execute_group().await;
                self.context.writes.plan_end(id, &how).await
            }
            planned => planned,
        };
        *end = Some(Box::new((id, how)));
        planned.map_err(problems::written)
    }

    /// Executes the lines that wait and answers them in order.
    async fn execute_group(&mut self) {
        if self.group.is_empty() {
            return;
        }
        let (slots, commands): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.group).into_iter().unzip();
        let commands = commands.into_iter().flatten().collect();
        let mut results = self.context.writes.execute_all(commands).await.into_iter();
        let mut text = Vec::with_capacity(slots.len() * 192);
        for slot in slots {
            match slot {
                Slot::Failed(line, problem) => {
                    write(&mut text, &BatchAnswer::failed(line, &problem));
                }
                Slot::Command { line, status, end } => {
                    let Some(result) = results.next() else { continue };
                    match self.explain(result, end).await {
                        Ok(done) => write(&mut text, &BatchAnswer::done(line, status, &done)),
                        Err(problem) => write(&mut text, &BatchAnswer::failed(line, &problem)),
                    }
                }
            }
        }
        // a client that went away has lost interest; its lines stand
        drop(self.answers.send(text.into()));
    }

    async fn explain(
        &self,
        result: Result<CommandReceipt<Answer>, WriteError>,
        end: Option<Box<Ending>>,
    ) -> Result<CommandReceipt<Answer>, Problem> {
        let explained = match (result, end) {
            (Err(WriteError::Refused { store, lines }), Some(ending)) if ended_before(&lines) => {
                let (id, end) = *ending;
                self.context.writes.how_it_ended(id, store, lines, &end).await
            }
            (result, _) => result,
        };
        explained.map_err(problems::written)
    }

    /// Executes what is whole and says why the rest was not looked at.
    async fn give_up(mut self, problem: Problem) {
        self.execute_group().await;
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

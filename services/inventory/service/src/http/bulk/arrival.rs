//! The body of a bulk write as it arrives, and where it ends that is too long or too slow.

use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::FutureExt;
use http_body::Frame;
use http_body_util::BodyExt;
use kit_http::{Problem, body_failed, body_too_slow};
use tokio::time::Instant;

/// Longest body, in bytes.
pub(in crate::http) const BATCH_BYTES_MAX: usize = 64 << 20;

/// Longest time for a body to arrive; 64 MiB in it are 75 kB a second.
const BATCH_TIME_MAX: Duration = Duration::from_mins(15);

/// Longest wait for the next whole line. Bytes alone are no progress: one a second would be without end.
const LINE_WAIT_MAX: Duration = Duration::from_secs(20);

/// What has arrived of a body, if it has not ended.
type Piece = Result<Option<Bytes>, Problem>;

/// A body and its limits.
pub(super) struct Arrival {
    body: Body,
    /// Bytes seen.
    bytes: usize,
    /// By when all of it must have arrived.
    deadline: Instant,
    /// Whole lines seen, and since when the next one is awaited.
    lines: usize,
    waiting_since: Instant,
}

impl Arrival {
    /// A body that begins to arrive now.
    pub(super) fn new(body: Body) -> Self {
        let now = Instant::now();
        Self { body, bytes: 0, deadline: now + BATCH_TIME_MAX, lines: 0, waiting_since: now }
    }

    /// The next piece, if it is there already.
    pub(super) fn ready(&mut self) -> Option<Piece> {
        let frame = self.body.frame().now_or_never()?;
        Some(self.piece(frame))
    }

    /// Waits for the next piece, for a body of which so many whole lines have come.
    pub(super) async fn next(&mut self, lines: usize) -> Piece {
        if lines > self.lines {
            (self.lines, self.waiting_since) = (lines, Instant::now());
        }
        let line_deadline = self.waiting_since + LINE_WAIT_MAX;
        let until = self.deadline.min(line_deadline);
        match tokio::time::timeout_at(until, self.body.frame()).await {
            Ok(frame) => self.piece(frame),
            Err(_) if until == line_deadline => Err(body_too_slow(format!(
                "no whole line arrived for {} s",
                LINE_WAIT_MAX.as_secs()
            ))),
            Err(_) => Err(body_too_slow(format!(
                "the batch did not arrive within {} minutes",
                BATCH_TIME_MAX.as_secs() / 60
            ))),
        }
    }

    fn piece(&mut self, frame: Option<Result<Frame<Bytes>, axum::Error>>) -> Piece {
        let Some(frame) = frame else { return Ok(None) };
        let frame = frame.map_err(|error| body_failed(&error))?;
        // trailers say nothing here
        let data = frame.into_data().unwrap_or_default();
        self.bytes += data.len();
        if self.bytes > BATCH_BYTES_MAX {
            let detail = format!("a batch has at most {BATCH_BYTES_MAX} bytes");
            return Err(Problem::payload_too_large(detail));
        }
        Ok(Some(data))
    }
}

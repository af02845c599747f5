//! The commands of a bulk write that are sent as one JSON array, which is read as a whole before anything is done.

use axum::body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use kit_http::{BODY_READ_TIMEOUT, Json, Problem, body_failed, body_too_slow};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::batch::LINE_BYTES_MAX;

/// Most commands of an array.
pub(super) const COMMANDS_MAX: usize = 1_000;

/// Longest array, in bytes.
pub(super) const ARRAY_BYTES_MAX: usize = 1 << 20;

/// Commands as the text that they are, since each is answered by itself when it is wrong.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Commands(pub(super) Vec<Box<RawValue>>);

impl Commands {
    /// Reads all of a body. Nothing was done when it is refused.
    pub(super) async fn read(body: Body) -> Result<Self, Problem> {
        let reading = Limited::new(body, ARRAY_BYTES_MAX).collect();
        let read = tokio::time::timeout(BODY_READ_TIMEOUT, reading).await.map_err(|_| {
            let seconds = BODY_READ_TIMEOUT.as_secs();
            body_too_slow(format!("the array did not arrive within {seconds} s"))
        })?;
        let body = read.map_err(|error| {
            if error.is::<LengthLimitError>() {
                too_large(&format!("{ARRAY_BYTES_MAX} bytes"))
            } else {
                body_failed(error.as_ref())
            }
        })?;
        Json::<Self>::parse(&body.to_bytes())?.check()
    }

    fn check(self) -> Result<Self, Problem> {
        if self.0.len() > COMMANDS_MAX {
            return Err(too_large(&format!(
                "{COMMANDS_MAX} commands, this one has {}",
                self.0.len()
            )));
        }
        let too_long = self.0.iter().position(|command| command.get().len() > LINE_BYTES_MAX);
        if let Some(place) = too_long {
            let number = place + 1;
            let detail =
                format!("command {number} is longer than {LINE_BYTES_MAX} bytes; nothing was done");
            return Err(Problem::payload_too_large(detail));
        }
        Ok(self)
    }
}

fn too_large(limit: &str) -> Problem {
    Problem::payload_too_large(format!(
        "an array has at most {limit}; nothing was done. Send several arrays, or Content-Type: application/x-ndjson \
         with one JSON object a line"
    ))
}

//! Bulk writes: many commands in, one answer for each out, in the same order; as lines, or as a JSON array.
//!
//! An array is read as a whole and is short. Lines are performed in groups while the body still arrives. Lines of one store take effect in order; each line succeeds or
//! fails by itself. A client must go on sending lines and reading answers, or its batch ends. With an `Idempotency-Key` a batch that was cut off can be sent again as a whole.

mod answer;
mod answers;
mod arrival;
mod batch;
mod commands;
mod format;
mod line;
mod op;
mod schema;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::{HeaderMap, header};
use kit_http::{CallerHeaders, PartFaults, Problem, Problems};
use tokio::sync::mpsc;

use self::answer::BatchAnswer;
use self::answers::Answers;
pub(super) use self::arrival::BATCH_BYTES_MAX;
use self::batch::Batch;
use self::commands::Commands;
use self::format::Format;
use super::AppState;

/// Most batches at once. Each keeps up to 8 MiB of answers for its client and a group of lines in memory.
pub(super) const BATCHES_MAX: usize = 16;

/// When a client whose batch found no place may try again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Execute many commands.
///
/// A JSON array of at most 1000 commands, or, as `application/x-ndjson`, one JSON object a line, at most 200000 lines and 64 MiB:
/// `op` and the fields of that operation's own route. Answers come as the commands do, or as `Accept` says. Commands of one store
/// take effect in order; each succeeds or fails by itself, and `status` of its answer says which. Of lines, read the answers while
/// you send: beyond 8 MiB of them that nobody reads, no further line is taken, and 20 seconds later the connection is closed.
#[utoipa::path(
    post, path = "/api/v1/inventory/batch", tag = "Stock", operation_id = "writeBatch",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition of the whole batch harmless for 24 hours")),
    request_body(
        content(
            (Commands = "application/json", example = json!([
                {"op": "stock", "storeId": "11111111-1111-1111-1111-111111111111", "productSku": "PROD123456", "quantity": 10},
                {"op": "reserve", "storeId": "11111111-1111-1111-1111-111111111111", "productSku": "PROD123456", "quantity": 2}
            ])),
            (String = "application/x-ndjson",
             example = "{\"op\":\"stock\",\"storeId\":\"11111111-1111-1111-1111-111111111111\",\"productSku\":\"PROD123456\",\"quantity\":10}\n"),
        ),
        description = "Commands. `op` is one of `stock`, `adjust`, `count`, `policy`, `reserve`, `commit`, `release`, `extend`; the \
            other fields are those of the route of that name",
    ),
    responses(
        (status = 200, description = "One answer for each command, in order",
         content((Vec<BatchAnswer<'static>> = "application/json"), (BatchAnswer<'static> = "application/x-ndjson"))),
        Problems
    )
)]
pub(super) async fn batch(
    State(state): State<Arc<AppState>>,
    caller: CallerHeaders,
    faults: PartFaults,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let format = Format::of_commands(&headers)?;
    let place = Arc::clone(&state.places.batches).try_acquire_owned().map_err(|_| too_many())?;
    let answer_format = format.of_answers(&headers);
    let (answers, ready) = Answers::new(answer_format);
    let batch = Batch::new(Arc::clone(&state.commands), (caller, faults), answers, place);
    match format {
        Format::Lines => state.tasks.spawn(kit_http::carry(batch.run(body))),
        Format::Array => {
            let commands = Commands::read(body).await?;
            state.tasks.spawn(kit_http::carry(batch.run_all(commands)))
        }
    };
    Ok(answered(ready, answer_format))
}

fn too_many() -> Problem {
    let detail =
        format!("{BATCHES_MAX} batches are being executed, more at once would only be slower");
    Problem::unavailable(detail, RETRY_AFTER)
}

fn answered(ready: mpsc::Receiver<Bytes>, format: Format) -> Response {
    let answers = stream::unfold(ready, |mut ready| async {
        let bytes: Bytes = ready.recv().await?;
        Some((Ok::<_, Infallible>(bytes), ready))
    });
    let mut response = Body::from_stream(answers).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, format.media_type());
    response
}

//! Bulk writes: newline-delimited JSON in, one answer per line out, in the same order.
//!
//! Lines are performed in groups while the body still arrives. Lines of one store take effect in order; each line succeeds or
//! fails by itself. A client must go on sending lines and reading answers, or its batch ends. With an `Idempotency-Key` a batch that was cut off can be sent again as a whole.

mod answer;
mod answers;
mod arrival;
mod batch;
mod line;
mod op;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::{HeaderMap, header};
use kit_http::{CallerHeaders, Problem, Problems};
use tokio::sync::mpsc;

use self::answer::BatchAnswer;
use self::answers::Answers;
pub(super) use self::arrival::BATCH_BYTES_MAX;
use self::batch::Batch;
use super::AppState;

/// Most batches at once. Each keeps up to 8 MiB of answers for its client and a group of lines in memory.
pub(super) const BATCHES_MAX: usize = 16;

/// When a client whose batch found no place may try again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Execute many commands.
///
/// One JSON object a line: `op` and the fields of that operation's own route. Lines of one store take effect in order; each
/// line succeeds or fails by itself. Read the answers while you send: beyond 8 MiB of them that nobody reads, no further line
/// is taken, and 20 seconds later the connection is closed.
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
    State(state): State<Arc<AppState>>,
    caller: CallerHeaders,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    require_ndjson(&headers)?;
    let place = Arc::clone(&state.places.batches).try_acquire_owned().map_err(|_| too_many())?;
    let (answers, ready) = Answers::new();
    let batch = Batch::new(Arc::clone(&state.commands), caller, answers, place);
    state.tasks.spawn(kit_http::carry(batch.run(body)));
    Ok(ndjson(ready))
}

fn too_many() -> Problem {
    let detail =
        format!("{BATCHES_MAX} batches are being executed, more at once would only be slower");
    Problem::unavailable(detail, RETRY_AFTER)
}

fn ndjson(ready: mpsc::Receiver<Bytes>) -> Response {
    let answers = stream::unfold(ready, |mut ready| async {
        let bytes: Bytes = ready.recv().await?;
        Some((Ok::<_, Infallible>(bytes), ready))
    });
    let mut response = Body::from_stream(answers).into_response();
    let ndjson = http::HeaderValue::from_static("application/x-ndjson");
    response.headers_mut().insert(header::CONTENT_TYPE, ndjson);
    response
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

//! Looking at imports, and getting their rejected lines.

use std::io::ErrorKind;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use kit_http::{Json, Path, Problem, Problems, RequestContext};
use serde::Serialize;
use tokio::sync::mpsc;
use utoipa::ToSchema;
use uuid::Uuid;

use super::State;
use super::body::Import;
use crate::job::Job;

/// When an import that runs may have ended.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Size of a piece of a file, in bytes.
const PIECE_BYTES: usize = 64 * 1024;

/// Pieces that wait for the caller.
const PIECES_WAITING: usize = 4;

/// What a file of rejected lines has that has none.
const NO_LINES: &str = "rejected_line,rejected_code,rejected_reason\n";

const CSV: HeaderValue = HeaderValue::from_static("text/csv; charset=utf-8");

/// Imports, the latest first.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Imports {
    /// Those that have not ended, and the latest 50 that have.
    items: Vec<Import>,
}

/// List imports.
///
/// Those of this process that wait or run, and the latest that have ended, the latest first. A caller sees the imports of
/// those who see no more stores than it does.
#[utoipa::path(
    get, path = "/api/v1/imports", tag = "Files", operation_id = "listImports",
    responses((status = 200, description = "All of them", body = Imports), Problems)
)]
pub(super) async fn list_imports(
    Shared(state): Shared<State>,
    context: RequestContext,
) -> Json<Imports> {
    let items = state.imports.list(&context.scope).into_iter().map(Import::of).collect();
    Json(Imports { items })
}

/// See how far an import is.
#[utoipa::path(
    get, path = "/api/v1/imports/{importId}", tag = "Files", operation_id = "getImport",
    params(("importId" = Uuid, Path, description = "The import")),
    responses((status = 200, description = "Found", body = Import), Problems)
)]
pub(super) async fn import(
    Shared(state): Shared<State>,
    Path(id): Path<Uuid>,
    context: RequestContext,
) -> Result<Json<Import>, Problem> {
    Ok(Json(Import::of(found(&state, id, &context)?)))
}

/// Get the rejected lines of an import.
///
/// A table of the lines as they were sent, behind the number of each, the code and the reason. Corrected, it can be imported as
/// it is: the three columns are passed over. While the import runs: 503.
#[utoipa::path(
    get, path = "/api/v1/imports/{importId}/rejected-lines", tag = "Files", operation_id = "getRejectedLines",
    params(("importId" = Uuid, Path, description = "The import")),
    responses(
        (status = 200, description = "All of them", content_type = "text/csv", body = String,
         example = "rejected_line,rejected_code,rejected_reason,store_code,sku,quantity\n2,unknown-product,...,SP-PAULISTA,X,1\n"),
        Problems
    )
)]
pub(super) async fn rejected_lines(
    Shared(state): Shared<State>,
    Path(id): Path<Uuid>,
    context: RequestContext,
) -> Result<Response, Problem> {
    let (job, _) = found(&state, id, &context)?;
    if !job.has_ended() {
        let detail = "the import has not ended: its rejected lines are whole when it has";
        return Err(Problem::unavailable(detail, RETRY_AFTER));
    }
    let path = state.imports.folder_of(id).rejected();
    let opened = tokio::task::spawn_blocking(move || std::fs::File::open(path)).await;
    let body = match opened.map_err(Problem::internal)? {
        Ok(file) => Body::from_stream(pieces(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Body::from(NO_LINES),
        Err(error) => return Err(Problem::internal(error)),
    };
    let name = format!("attachment; filename=\"{}-{id}.rejected.csv\"", job.kind);
    let name = HeaderValue::from_str(&name).map_err(Problem::internal)?;
    Ok(([(CONTENT_TYPE, CSV), (CONTENT_DISPOSITION, name)], body).into_response())
}

fn found(state: &State, id: Uuid, context: &RequestContext) -> Result<(Job, u64), Problem> {
    let found = state.imports.find(id, &context.scope);
    found.ok_or_else(|| {
        Problem::not_found(format!(
            "no import {id} here; of those that have ended only the latest are remembered"
        ))
    })
}

/// A file as it is read, on a thread that may wait for the disk.
fn pieces(
    mut file: std::fs::File,
) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    let (sender, receiver) = mpsc::channel(PIECES_WAITING);
    tokio::task::spawn_blocking(move || {
        loop {
            let mut piece = vec![0; PIECE_BYTES];
            let read = std::io::Read::read(&mut file, &mut piece).map(|count| {
                piece.truncate(count);
                Bytes::from(piece)
            });
            let is_last = read.as_ref().map_or(true, Bytes::is_empty);
            // a caller that has left wants no more
            if read.as_ref().is_ok_and(Bytes::is_empty)
                || sender.blocking_send(read).is_err()
                || is_last
            {
                return;
            }
        }
    });
    stream::unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) })
}

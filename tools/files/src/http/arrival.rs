//! A file on its way from the caller to the disk.

use std::io;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use futures_util::{Stream, StreamExt as _};
use http::header::CONTENT_TYPE;
use kit_http::{Problem, body_failed};
use tokio::sync::mpsc;

use crate::job::{Arriving, FILE_BYTES_MAX, JobFolder};

/// What is around the file in a form, at most.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// Pieces that wait for the disk.
const PIECES_WAITING: usize = 8;

/// The field of a form that has the file.
const FILE_FIELD: &str = "file";

/// Types of files that are taken as they are; what a file is, is seen by how it begins.
const MEDIA_TYPES: [&str; 6] = [
    "text/csv",
    "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/gzip",
    "application/x-gzip",
    "application/octet-stream",
];

const FORM: &str = "multipart/form-data";

/// A file that has arrived as a whole.
pub(super) struct Arrived {
    pub(super) size: u64,
    pub(super) sha256: String,
    /// What a form calls it.
    pub(super) name: Option<String>,
}

/// Keeps the file of a request. What has not arrived as a whole is to be removed by the caller.
pub(super) async fn keep(request: Request, folder: &JobFolder) -> Result<Arrived, Problem> {
    let stated = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = stated.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let is = |name: &&str| media_type.eq_ignore_ascii_case(name);
    if is(&FORM) {
        return keep_form(request, folder).await;
    }
    if !MEDIA_TYPES.iter().any(is) {
        let detail = format!(
            "send the file as content-type text/csv, application/x-ndjson, application/gzip or {}, or as the field {FILE_FIELD} of \
             {FORM}",
            MEDIA_TYPES[2]
        );
        return Err(Problem::unsupported_media_type(detail));
    }
    let pieces = Body::into_data_stream(request.into_body());
    let pieces = pieces.map(|piece| piece.map_err(|error| body_failed(&error)));
    write(pieces, folder, None).await
}

async fn keep_form(mut request: Request, folder: &JobFolder) -> Result<Arrived, Problem> {
    DefaultBodyLimit::max(FILE_BYTES_MAX + FORM_BYTES_MAX).apply(&mut request);
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|error| Problem::bad_request(error.body_text()))?;
    let wrong = |error: axum::extract::multipart::MultipartError| match error.status() {
        http::StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Problem::bad_request(format!("the form cannot be read: {}", error.body_text())),
    };
    let Some(field) = form.next_field().await.map_err(wrong)? else {
        return Err(no_file("the form is empty"));
    };
    if field.name() != Some(FILE_FIELD) {
        let what = format!("the form begins with {:?}", field.name().unwrap_or_default());
        return Err(no_file(&what));
    }
    let name = field.file_name().map(str::to_owned);
    let pieces = field.map(|piece| piece.map_err(wrong));
    let arrived = write(pieces, folder, name).await?;
    match form.next_field().await.map_err(wrong)? {
        None => Ok(arrived),
        Some(more) => {
            let what = format!("there is {:?} behind the file", more.name().unwrap_or_default());
            Err(no_file(&what))
        }
    }
}

fn no_file(what: &str) -> Problem {
    let detail =
        format!("{what}: send one field {FILE_FIELD:?} with the file, and options in the query");
    Problem::invalid(FILE_FIELD, detail)
}

fn too_large() -> Problem {
    Problem::payload_too_large(format!(
        "a file has at most {} MiB as it is sent: pack it with gzip, or divide it",
        FILE_BYTES_MAX >> 20
    ))
}

/// Writes pieces as they come, on a thread that may wait for the disk, and brings them there.
async fn write(
    pieces: impl Stream<Item = Result<Bytes, Problem>>,
    folder: &JobFolder,
    name: Option<String>,
) -> Result<Arrived, Problem> {
    let (to_disk, mut waiting) = mpsc::channel::<Bytes>(PIECES_WAITING);
    let place = folder.clone();
    let written = tokio::task::spawn_blocking(move || -> io::Result<String> {
        let mut file = Arriving::begin(&place)?;
        while let Some(piece) = waiting.blocking_recv() {
            file.add(&piece)?;
        }
        file.end()?;
        gondola_import::identify(&place.input()).map_err(io::Error::other)
    });
    let (mut size, mut fault) = (0, None);
    let mut pieces = std::pin::pin!(pieces);
    while let Some(piece) = pieces.next().await {
        let piece = match piece {
            Ok(piece) => piece,
            Err(problem) => {
                fault = Some(problem);
                break;
            }
        };
        size += piece.len();
        if size > FILE_BYTES_MAX {
            fault = Some(too_large());
            break;
        }
        // a disk that has failed says so below
        if to_disk.send(piece).await.is_err() {
            break;
        }
    }
    drop(to_disk);
    let sha256 = written.await.map_err(Problem::internal)?;
    match fault {
        Some(problem) => Err(problem),
        None if size == 0 => Err(Problem::bad_request("the file is empty")),
        None => Ok(Arrived { size: size as u64, sha256: sha256.map_err(Problem::internal)?, name }),
    }
}

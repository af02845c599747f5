//! Sending a file.

use std::time::Duration;

use axum::extract::{Request, State as Shared};
use axum::response::{IntoResponse, Response};
use gondola_import::{FileKind, Observer};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use kit_http::{Json, Path, Problem, Problems, Query, RequestContext};
use utoipa::ToSchema;

use super::State;
use super::arrival;
use super::body::Import;
use crate::imports::JOBS_MAX;
use crate::job::{Job, JobState, Lines};
use crate::options::{ImportOptions, InvalidOption};

/// When a caller whose file found no place may try again.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// A file whose bytes are no text.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct ImportFile(Vec<u8>);

/// A form with a file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct ImportForm {
    /// The file, which may be called by its name here.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Import a file of the catalogue.
///
/// The file is CSV with the names of the columns in the first line, or one JSON object a line, plain or packed with gzip; or a
/// workbook (XLSX), of which the first sheet that has anything is read. The answer comes when it is on the disk: from then on it is imported, whatever happens to the process. Files are imported one
/// after the other; ask for the import to see how far it is. The columns are those of `gondola import`.
#[utoipa::path(
    post, path = "/api/v1/catalogue/imports/{kind}", tag = "Files", operation_id = "importCatalogue",
    params(
        ("kind" = String, Path, description = "`stores`, `products`, `categories`, `suppliers` or `supplier-offers`", example = "products"),
        ImportOptions
    ),
    request_body(
        content(
            (String = "text/csv", example = "sku,name\nPROD123456,Wireless headphones\n"),
            (String = "application/x-ndjson", example = "{\"sku\":\"PROD123456\",\"name\":\"Wireless headphones\"}\n"),
            (ImportFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (ImportFile = "application/gzip"),
            (ImportForm = "multipart/form-data"),
        ),
        description = "The file",
    ),
    responses(
        (status = 202, description = "Accepted: it is imported in its turn", body = Import,
         headers(("Location" = String, description = "The import"))),
        Problems
    )
)]
pub(super) async fn import_catalogue(
    Shared(state): Shared<State>,
    Path(kind): Path<String>,
    Query(options): Query<ImportOptions>,
    context: RequestContext,
    request: Request,
) -> Result<Response, Problem> {
    import(&state, (&kind, true), options, &context, request).await
}

/// Import a file that changes stock.
///
/// As a file of the catalogue. A caller that works in some stores changes stock in those alone: the others do not exist for
/// its lines. Sent again under the same name, a file changes nothing that it has changed already.
#[utoipa::path(
    post, path = "/api/v1/inventory/imports/{kind}", tag = "Files", operation_id = "importStock",
    params(
        ("kind" = String, Path, description = "`stock` (what is received), `counts`, `transfers` or `sales`", example = "stock"),
        ImportOptions
    ),
    request_body(
        content(
            (String = "text/csv", example = "store_code,sku,quantity\nSP-PAULISTA,PROD123456,10\n"),
            (String = "application/x-ndjson",
             example = "{\"store_code\":\"SP-PAULISTA\",\"sku\":\"PROD123456\",\"quantity\":10}\n"),
            (ImportFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (ImportFile = "application/gzip"),
            (ImportForm = "multipart/form-data"),
        ),
        description = "The file",
    ),
    responses(
        (status = 202, description = "Accepted: it is imported in its turn", body = Import,
         headers(("Location" = String, description = "The import"))),
        Problems
    )
)]
pub(super) async fn import_stock(
    Shared(state): Shared<State>,
    Path(kind): Path<String>,
    Query(options): Query<ImportOptions>,
    context: RequestContext,
    request: Request,
) -> Result<Response, Problem> {
    import(&state, (&kind, false), options, &context, request).await
}

async fn import(
    state: &State,
    (kind, of_catalogue): (&str, bool),
    options: ImportOptions,
    context: &RequestContext,
    request: Request,
) -> Result<Response, Problem> {
    let known = FileKind::ALL.into_iter().filter(|kind| kind.is_catalogue() == of_catalogue);
    let kind = known.clone().find(|known| known.name() == kind).ok_or_else(|| {
        let names: Vec<_> = known.map(FileKind::name).collect();
        Problem::not_found(format!("no import {kind:?} here: there are {}", names.join(", ")))
    })?;
    let imports = &state.imports;
    let id = imports.new_id();
    let folder = imports.folder_of(id);
    // what cannot be meant is refused before the file is taken
    let places = (folder.input(), folder.rejected());
    options.request(kind, places.clone(), Observer::default()).map_err(invalid)?;
    let place = imports.place().ok_or_else(too_many)?;
    let arrived = match arrival::keep(request, &folder).await {
        Ok(arrived) => arrived,
        Err(problem) => {
            folder.remove();
            return Err(problem);
        }
    };
    let options = ImportOptions { name: options.name.clone().or(arrived.name), ..options };
    let named = options.request(kind, places, Observer::default());
    if let Err(wrong) = named {
        folder.remove();
        return Err(invalid(wrong));
    }
    let stores = context.scope.owners();
    let job = Job {
        id,
        kind: kind.name().to_owned(),
        options,
        actor: context.actor.as_str().to_owned(),
        stores: stores.map(|stores| stores.iter().copied().collect()),
        size: arrived.size,
        sha256: arrived.sha256,
        created_at: imports.now(),
        started_at: None,
        ended_at: None,
        state: JobState::Waiting,
        failure: None,
        lines: Lines::default(),
        report: None,
    };
    if let Err(error) = imports.add(job.clone(), place) {
        folder.remove();
        return Err(Problem::internal(error));
    }
    let address = HeaderValue::from_str(&format!("/api/v1/imports/{id}"));
    let address = address.map_err(Problem::internal)?;
    let mut response = (StatusCode::ACCEPTED, Json(Import::of((job, 0)))).into_response();
    response.headers_mut().insert(LOCATION, address);
    Ok(response)
}

fn invalid(wrong: InvalidOption) -> Problem {
    Problem::invalid(wrong.option, wrong.why)
}

fn too_many() -> Problem {
    let detail = format!("{JOBS_MAX} files wait already: send this one when some are done");
    Problem::unavailable(detail, RETRY_AFTER)
}

//! Exports, written while they are read.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::body::{Body, Bytes};
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use gondola_export::TableFormat;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use kit_http::{Path, Problem, Problems, Query, RequestContext};
use serde::Deserialize;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use utoipa::{IntoParams, ToSchema};

use super::{EXPORTS_MAX, State};
use crate::export::{ExportKind, ExportRequest, Sink, Source};

/// When a caller whose export found no place may try again.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Parts that wait for the caller: one that does not read stops the export.
const PARTS_WAITING: usize = 2;

/// How a table is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum ExportFormat {
    /// A table with the names of its columns in the first line.
    #[default]
    Csv,
    /// One JSON object a line.
    Ndjson,
}

/// How the catalogue is exported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CatalogueExportParams {
    /// How it is written.
    #[serde(default)]
    #[param(inline)]
    format: ExportFormat,
}

/// How stock is exported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StockExportParams {
    /// How it is written.
    #[serde(default)]
    #[param(inline)]
    format: ExportFormat,
    /// Of transfers only those that are not at their end.
    #[serde(default)]
    unfinished: bool,
}

/// Export the catalogue.
///
/// A table that an import reads back as it was. What was registered before the request is in it.
#[utoipa::path(
    get, path = "/api/v1/catalogue/exports/{kind}", tag = "Files", operation_id = "getCatalogueExport",
    params(
        ("kind" = String, Path, description = "`stores`, `products`, `categories`, `suppliers` or `supplier-offers`", example = "stores"),
        CatalogueExportParams
    ),
    responses(
        (status = 200, description = "All of it", content(
            (String = "text/csv", example = "code,name,region\nSP-PAULISTA,Avenida Paulista,SP\n"),
            (String = "application/x-ndjson", example = "{\"code\":\"SP-PAULISTA\",\"name\":\"Avenida Paulista\"}\n")
        )),
        Problems
    )
)]
pub(super) async fn export_catalogue(
    Shared(state): Shared<State>,
    Path(kind): Path<String>,
    Query(wanted): Query<CatalogueExportParams>,
    context: RequestContext,
) -> Result<Response, Problem> {
    export(&state, (&kind, true), (wanted.format, false), context).await
}

/// Export stock, transfers, or what to order.
///
/// Of the stores that the caller sees; what was acknowledged before the request is in it.
#[utoipa::path(
    get, path = "/api/v1/inventory/exports/{kind}", tag = "Files", operation_id = "getStockExport",
    params(
        ("kind" = String, Path, description = "`stock`, `transfers` or `replenishment`", example = "stock"),
        StockExportParams
    ),
    responses(
        (status = 200, description = "All of it", content(
            (String = "text/csv", example = "store_code,sku,on_hand,reserved,available\nSP-PAULISTA,PROD123456,100,5,95\n"),
            (String = "application/x-ndjson", example = "{\"store_code\":\"SP-PAULISTA\",\"sku\":\"PROD123456\",\"on_hand\":\"100\"}\n")
        )),
        Problems
    )
)]
pub(super) async fn export_stock(
    Shared(state): Shared<State>,
    Path(kind): Path<String>,
    Query(wanted): Query<StockExportParams>,
    context: RequestContext,
) -> Result<Response, Problem> {
    export(&state, (&kind, false), (wanted.format, wanted.unfinished), context).await
}

async fn export(
    state: &State,
    (kind, of_catalogue): (&str, bool),
    (wanted, unfinished): (ExportFormat, bool),
    context: RequestContext,
) -> Result<Response, Problem> {
    let known = ExportKind::ALL.into_iter().filter(|kind| kind.is_catalogue() == of_catalogue);
    let kind = known.clone().find(|known| known.name() == kind).ok_or_else(|| {
        let names: Vec<_> = known.map(ExportKind::name).collect();
        Problem::not_found(format!("no export {kind:?} here: there are {}", names.join(", ")))
    })?;
    let place = Arc::clone(&state.exports).try_acquire_owned().map_err(|_| too_many())?;
    state.source.see_all().await?;
    let (format, media_type, ending) = match wanted {
        ExportFormat::Csv => (TableFormat::Csv, "text/csv; charset=utf-8", "csv"),
        ExportFormat::Ndjson => (TableFormat::Ndjson, "application/x-ndjson", "ndjson"),
    };
    let request = ExportRequest { kind, format, unfinished, scope: context.scope };
    let body = Body::from_stream(parts(state.source.clone(), request, place));
    let name = format!("attachment; filename=\"{}.{ending}\"", kind.name());
    let name = HeaderValue::from_str(&name).map_err(Problem::internal)?;
    let media_type = HeaderValue::from_static(media_type);
    Ok(([(CONTENT_TYPE, media_type), (CONTENT_DISPOSITION, name)], body).into_response())
}

fn too_many() -> Problem {
    let detail =
        format!("{EXPORTS_MAX} exports are being written, more at once would only be slower");
    Problem::unavailable(detail, RETRY_AFTER)
}

/// The caller, who takes parts as fast as it reads them.
struct ToCaller(mpsc::Sender<anyhow::Result<Bytes>>);

impl Sink for ToCaller {
    async fn take(&mut self, part: Vec<u8>) -> anyhow::Result<()> {
        let sent = self.0.send(Ok(part.into())).await;
        sent.ok().context("the caller has left")
    }
}

/// The parts of an export, which is written on a thread of its own for as long as somebody takes them.
fn parts(
    source: Source,
    request: ExportRequest,
    place: OwnedSemaphorePermit,
) -> impl futures_util::Stream<Item = anyhow::Result<Bytes>> + Send + 'static {
    let (sender, receiver) = mpsc::channel(PARTS_WAITING);
    let (runtime, failed) = (Handle::current(), sender.clone());
    tokio::task::spawn_blocking(move || {
        let written = runtime.block_on(source.export(&request, &mut ToCaller(sender)));
        if let Err(error) = written
            && !failed.is_closed()
        {
            tracing::warn!(
                kind = request.kind.name(),
                error = format!("{error:#}"),
                "export_failed"
            );
            // a body that breaks off is no whole one
            drop(failed.blocking_send(Err(error)));
        }
        drop(place);
    });
    stream::unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) })
}

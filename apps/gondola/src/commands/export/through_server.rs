//! Exports of a running server.

use std::io::Write as _;
use std::path::Path;

use gondola_export::Output;
use gondola_files::ExportKind;
use kit_http_client::ApiClient;

use super::FormatName;
use crate::commands::running::{done, items};

/// Events of a page of the feed.
const EVENTS: usize = 1_000;

/// Writes a table as the server sends it.
pub(super) async fn table(
    client: &ApiClient,
    kind: ExportKind,
    (format, unfinished): (FormatName, bool),
    out: &Path,
) -> anyhow::Result<()> {
    let area = if kind.is_catalogue() { "catalogue" } else { "inventory" };
    let format = match format {
        FormatName::Csv => "csv",
        FormatName::Ndjson => "ndjson",
    };
    let only = if unfinished { "&unfinished=true" } else { "" };
    let path = format!("/api/v1/{area}/exports/{}?format={format}{only}", kind.name());
    let mut output = None;
    let take = |piece: &[u8]| {
        let output = match &mut output {
            Some(output) => output,
            None => output.insert(Output::open(out).map_err(std::io::Error::other)?),
        };
        output.write_all(piece)
    };
    let refused = client.download(&path, take).await?;
    if let Some(refused) = refused {
        done(refused)?;
    }
    match output {
        Some(output) => output.finish(Ok(())),
        None => Output::open(out)?.finish(Ok(())),
    }
}

/// Writes what happened after a position until now, as the feed has it.
pub(super) async fn events(client: &ApiClient, mut after: u64, out: &Path) -> anyhow::Result<()> {
    let mut output: Option<Output> = None;
    let mut end = None;
    loop {
        let path = format!("/api/v1/inventory/events?after={after}&limit={EVENTS}");
        let page = done(client.get(&path).await?)?;
        let to = match &mut output {
            Some(output) => output,
            None => output.insert(Output::open(out)?),
        };
        for event in items(&page) {
            writeln!(to, "{event}")?;
        }
        // what happens meanwhile is for the next export
        let end = *end.get_or_insert(page["headPosition"].as_u64().unwrap_or_default());
        after = page["nextPosition"].as_u64().unwrap_or(end);
        if after >= end {
            break;
        }
    }
    output.map_or(Ok(()), |output| output.finish(Ok(())))
}

//! `gondola export stores`, `products`, `categories`, `suppliers`, `supplier-offers`, `transfers` and `replenishment`: tables
//! that imports and spreadsheets read.

use std::io::Write as _;

use anyhow::Context;
use gondola_export::Output;
use gondola_files::{ExportKind, ExportRequest, Sink};
use kit_core::Scope;

use super::{FormatName, OutArgs, start, through_server};
use crate::commands::running::ThroughServer;
use crate::compose::files;

/// Where a table is exported to, and how.
#[derive(Debug, clap::Args)]
pub(super) struct TableArgs {
    #[command(flatten)]
    pub(super) out: OutArgs,

    #[command(flatten)]
    pub(super) through: ThroughServer,

    /// How it is written; imports read both.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: FormatName,
}

/// Which transfers to export, and how.
#[derive(Debug, clap::Args)]
pub(super) struct TransferArgs {
    #[command(flatten)]
    pub(super) table: TableArgs,

    /// Only those that are not at their end: what an import of the file would ask for once more is still wanted.
    #[arg(long)]
    pub(super) unfinished: bool,
}

/// What is exported goes there as it is written.
struct ToOutput(Output);

impl Sink for ToOutput {
    async fn take(&mut self, part: Vec<u8>) -> anyhow::Result<()> {
        Ok(self.0.write_all(&part)?)
    }
}

/// Exports what a data folder has that no server uses, or a running server.
pub(super) async fn run(
    kind: ExportKind,
    args: &TableArgs,
    unfinished: bool,
) -> anyhow::Result<()> {
    let TableArgs { out, through, format } = args;
    if let Some(client) = through.client()? {
        return through_server::table(&client, kind, (*format, unfinished), &out.out).await;
    }
    out.data.ensure_log(if kind.is_catalogue() { "store" } else { "inventory" })?;
    // brings the views up to the end of the logs
    let gondola = start(out).await?;
    let source = files::source(&gondola);
    let format = format.format();
    let request = ExportRequest { kind, format, unfinished, scope: Scope::All };
    let written = match Output::open(&out.out) {
        Ok(output) => {
            let mut to = ToOutput(output);
            let written = source.export(&request, &mut to).await;
            to.0.finish(written)
        }
        Err(error) => Err(error),
    };
    drop(source);
    gondola.stop().await;
    written.with_context(|| format!("cannot export {}", kind.name()))
}

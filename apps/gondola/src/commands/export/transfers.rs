//! `gondola export transfers`: transfers between stores, as a file that `gondola import` reads.

use anyhow::Context;
use gondola_export::{Codes, ExportedTransferLine, Output, export_table};
use gondola_import::Names;
use gondola_inventory::process_managers::transfers::{TransferFilter, Transfers};
use kit_service::ReadError;

use super::{ById, FormatName, OutArgs, start};

/// Which transfers to export, and how.
#[derive(Debug, clap::Args)]
pub(super) struct TransferArgs {
    #[command(flatten)]
    out: OutArgs,

    /// How it is written; imports read both.
    #[arg(long, value_enum, default_value_t)]
    format: FormatName,

    /// Only those that are not at their end: what an import of the file would ask for once more is still wanted.
    #[arg(long)]
    unfinished: bool,
}

/// Transfers per read.
const PAGE: usize = 1_000;

/// Exports the transfers of a data folder that no server uses, oldest first.
pub(super) async fn run(args: &TransferArgs) -> anyhow::Result<()> {
    args.out.data.ensure_log("inventory")?;
    // brings the list up to the end of the log
    let gondola = start(&args.out).await?;
    let names = Names::load(&gondola.store.listings).await;
    let lines = match names {
        Ok(names) => {
            let (stores, products) = names.by_id();
            let codes = ById { stores, products };
            let read = lines(&gondola.inventory.transfers, args.unfinished, &codes).await;
            read.context("cannot list the transfers")
        }
        Err(error) => Err(error),
    };
    gondola.stop().await;
    let (lines, output) = (lines?, Output::open(&args.out.out)?);
    let format = args.format.format();
    tokio::task::spawn_blocking(move || export_table(&lines, format, output)).await?
}

async fn lines(
    transfers: &Transfers,
    unfinished: bool,
    codes: &impl Codes,
) -> Result<Vec<ExportedTransferLine>, ReadError> {
    let mut found = Vec::new();
    let mut filter = TransferFilter { unfinished, limit: PAGE, ..TransferFilter::default() };
    loop {
        let page = transfers.list(filter.clone()).await?;
        for listed in page.items {
            let Some(terms) = listed.transfer.terms() else { continue };
            let (id, transfer) = (listed.id, &listed.transfer);
            found.push(ExportedTransferLine::of(id, transfer, terms, listed.created_at, codes));
        }
        filter.after = page.next;
        if filter.after.is_none() {
            // those that were asked for first take what there is first
            return Ok(found.into_iter().rev().flatten().collect());
        }
    }
}

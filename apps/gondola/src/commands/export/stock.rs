//! `gondola export stock`: from views that have been brought up to the end of the log.

use anyhow::{Context, ensure};
use gondola_export::{Output, export_stock};
use gondola_files::ExportKind;
use gondola_import::Names;

use super::{FormatName, OutArgs, start, through_server};
use crate::commands::running::ThroughServer;
use crate::compose::views::ViewsUrl;

/// Which stock levels to export.
#[derive(Debug, clap::Args)]
pub(super) struct StockArgs {
    #[command(flatten)]
    out: OutArgs,

    #[command(flatten)]
    through: ThroughServer,
}

/// Exports the stock of a data folder that no server uses, or of a running server.
pub(super) async fn run(args: &StockArgs) -> anyhow::Result<()> {
    if let Some(client) = args.through.client()? {
        let how = (FormatName::Csv, false);
        return through_server::table(&client, ExportKind::Stock, how, &args.out.out).await;
    }
    let data = &args.out.data;
    args.out.data.ensure_log("inventory")?;
    ensure!(
        data.views.url == ViewsUrl::Sqlite,
        "stock is exported from views in the data folder: leave out --views, and they are made there from the log"
    );
    // brings the views up to the end of the log
    let gondola = start(&args.out).await?;
    let names = Names::load(&gondola.store.listings).await;
    gondola.stop().await;
    let views = gondola_verify::find_views(&data.views_folder("inventory"))?
        .context("there are no views of stock")?;
    let (stores, products) = names?.by_id();
    let output = Output::open(&args.out.out)?;
    tokio::task::spawn_blocking(move || export_stock(&views, &stores, &products, output)).await?
}

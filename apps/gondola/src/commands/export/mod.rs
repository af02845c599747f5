//! `gondola export`: what a data folder has, as files for other programs. The server must be stopped.

mod events;
mod stock;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::Subcommand;

use crate::compose::event_store::DataArgs;

/// What to export.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Everything that happened, as one JSON object a line.
    Events(events::EventArgs),
    /// All stock levels, as CSV.
    Stock(stock::StockArgs),
}

/// What all exports are told.
#[derive(Clone, Debug, clap::Args)]
struct OutArgs {
    #[command(flatten)]
    data: DataArgs,

    /// File to write; `-` is standard output.
    #[arg(long, default_value = "-", value_name = "FILE")]
    out: PathBuf,
}

impl OutArgs {
    /// Refuses a data folder without a log of a context.
    fn ensure_log(&self, context: &str) -> anyhow::Result<()> {
        let folder = self.data.log_folder(context);
        self.data.ensure_kept()?;
        ensure!(
            self.data.has_log(context),
            "there is no {}: give the server's --data-dir",
            folder.display()
        );
        Ok(())
    }
}

/// Exports.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Events(args) => events::run(&args).await?,
        What::Stock(args) => stock::run(&args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

//! `gondola export events`: whose events, and from where on.

use gondola_export::{Output, export_events};
use kit_core::Position;

use super::OutArgs;

/// Which events to export.
#[derive(Debug, clap::Args)]
pub(super) struct EventArgs {
    #[command(flatten)]
    out: OutArgs,

    /// Begin after this position; 0 is the beginning.
    #[arg(long, default_value_t = 0, value_name = "POSITION")]
    after: u64,

    /// Whose events: of stock, or of the catalogue.
    #[arg(long, value_enum, default_value_t)]
    context: LogContext,

    /// Add the personal data of the events, such as customer ids. Keep such a file as carefully as the log.
    #[arg(long)]
    personal: bool,
}

/// A context with a log of its own.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum LogContext {
    /// Stock levels and reservations.
    #[default]
    Inventory,
    /// Stores and products.
    Store,
}

/// Exports the log of a data folder that no server uses.
pub(super) async fn run(args: &EventArgs) -> anyhow::Result<()> {
    let context = match args.context {
        LogContext::Inventory => "inventory",
        LogContext::Store => "store",
    };
    args.out.ensure_log(context)?;
    let log = args.out.data.open_event_store(context).await?;
    let output = Output::open(&args.out.out)?;
    export_events(&*log, Position::new(args.after), args.personal, output).await
}

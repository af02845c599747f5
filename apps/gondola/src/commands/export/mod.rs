//! `gondola export`: what a data folder that no server uses, or a running server, has, as files for other programs.

mod events;
mod stock;
mod table;
mod through_server;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use gondola_export::TableFormat;
use gondola_files::ExportKind;
use gondola_inventory::use_cases::HoldLimits;
use gondola_notification::ChannelsConfig;
use kit_cdn::Edge;
use kit_executor::ExecutorConfig;

use crate::compose::cache::CacheUrl;
use crate::compose::event_bus::EventBusUrl;
use crate::compose::event_store::DataArgs;
use crate::compose::flags::FlagArgs;
use crate::compose::{self, Gondola, Settings};

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
    /// All stores, as a file that `import stores` reads.
    Stores(table::TableArgs),
    /// All products, as a file that `import products` reads.
    Products(table::TableArgs),
    /// All categories, as a file that `import categories` reads.
    Categories(table::TableArgs),
    /// All suppliers, as a file that `import suppliers` reads.
    Suppliers(table::TableArgs),
    /// On what terms suppliers deliver products, as a file that `import supplier-offers` reads.
    SupplierOffers(table::TableArgs),
    /// What stores should order: products at or below their reorder point, what comes, of whom to order how much.
    Replenishment(table::TableArgs),
    /// Transfers between stores, a line for each product of each, as a file that `import transfers` reads.
    Transfers(table::TransferArgs),
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

/// How a table is written.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum FormatName {
    /// A table.
    #[default]
    Csv,
    /// One JSON object a line.
    Ndjson,
}

impl FormatName {
    const fn format(self) -> TableFormat {
        match self {
            Self::Csv => TableFormat::Csv,
            Self::Ndjson => TableFormat::Ndjson,
        }
    }
}

/// Starts the contexts on a data folder that no server uses.
async fn start(out: &OutArgs) -> anyhow::Result<Gondola> {
    let settings = Settings {
        data: out.data.clone(),
        event_bus: EventBusUrl::Memory,
        executor: ExecutorConfig::default(),
        hold_limits: HoldLimits::default(),
        cache_entries_max: 1_000,
        shared_cache: CacheUrl::None,
        flags: FlagArgs::default(),
        edge: Edge::default(),
        webhooks: None,
        channels: ChannelsConfig::default(),
    };
    compose::start(&settings).await
}

/// Exports.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.what {
        What::Events(args) => events::run(&args).await?,
        What::Stock(args) => stock::run(&args).await?,
        What::Stores(args) => table::run(ExportKind::Stores, &args, false).await?,
        What::Products(args) => table::run(ExportKind::Products, &args, false).await?,
        What::Categories(args) => table::run(ExportKind::Categories, &args, false).await?,
        What::Suppliers(args) => table::run(ExportKind::Suppliers, &args, false).await?,
        What::SupplierOffers(args) => table::run(ExportKind::SupplierOffers, &args, false).await?,
        What::Replenishment(args) => table::run(ExportKind::Replenishment, &args, false).await?,
        What::Transfers(args) => {
            table::run(ExportKind::Transfers, &args.table, args.unfinished).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

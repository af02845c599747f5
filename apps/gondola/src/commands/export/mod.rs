//! `gondola export`: what a data folder has, as files for other programs. The server must be stopped.

mod catalogue;
mod events;
mod replenishment;
mod stock;
mod transfers;

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use gondola_export::{Codes, TableFormat};
use gondola_inventory::use_cases::HoldLimits;
use gondola_inventory_domain::{ProductId, StoreId};
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
    Stores(catalogue::CatalogueArgs),
    /// All products, as a file that `import products` reads.
    Products(catalogue::CatalogueArgs),
    /// All categories, as a file that `import categories` reads.
    Categories(catalogue::CatalogueArgs),
    /// All suppliers, as a file that `import suppliers` reads.
    Suppliers(catalogue::CatalogueArgs),
    /// On what terms suppliers deliver products, as a file that `import supplier-offers` reads.
    SupplierOffers(catalogue::CatalogueArgs),
    /// What stores should order: products at or below their reorder point, what comes, of whom to order how much.
    Replenishment(replenishment::ReplenishmentArgs),
    /// Transfers between stores, a line for each product of each, as a file that `import transfers` reads.
    Transfers(transfers::TransferArgs),
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

/// The codes of the catalogue, by id.
struct ById<S> {
    stores: HashMap<StoreId, Box<str>, S>,
    products: HashMap<ProductId, Box<str>, S>,
}

impl<S: BuildHasher> Codes for ById<S> {
    fn store(&self, id: StoreId) -> Box<str> {
        self.stores.get(&id).cloned().unwrap_or_default()
    }

    fn product(&self, id: ProductId) -> Box<str> {
        self.products.get(&id).cloned().unwrap_or_default()
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
        What::Stores(args) => catalogue::stores(&args).await?,
        What::Products(args) => catalogue::products(&args).await?,
        What::Categories(args) => catalogue::categories(&args).await?,
        What::Suppliers(args) => catalogue::suppliers(&args).await?,
        What::SupplierOffers(args) => catalogue::supplier_offers(&args).await?,
        What::Replenishment(args) => replenishment::run(&args).await?,
        What::Transfers(args) => transfers::run(&args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

//! `gondola import`: stores, products, stock, counts and sales from CSV files, into a data folder that nobody serves.
//!
//! An import that was broken off goes on where it was when it is run again, and one that is done does nothing: the
//! file is known by its SHA-256, its progress is kept in the data folder, and what lies between the last checkpoint
//! and the break is found in the log itself.

mod catalogue;
mod checkpoint;
mod engine;
mod fields;
mod identity;
mod lines;
mod movement;
pub(crate) mod names;
mod progress;
mod register;
mod reject;
mod sales;
mod stock;
mod survey;
mod table;
#[cfg(test)]
mod tests;
mod window;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, ensure};
use clap::Subcommand;
use gondola_inventory::use_cases::ReadError;
use gondola_store_domain::{Currency, Label, Product, Store};
use kit_core::{Actor, Caller, IdSource, Position, RandomIds};
use kit_executor::ExecutorConfig;

use self::catalogue::{Defaults, Listed};
use self::progress::Progress;
use self::register::Import;
use self::reject::RejectFile;
use self::table::Table;
use crate::compose::{self, Gondola, Settings};
use crate::console;
use crate::stores::{self, DataArgs, StoreKind};

/// What to import.
///
/// Files are CSV with the names of the columns in the first line, plain or gzipped. The server must be stopped.
/// Lines that are not taken go to a file with the reasons. An import may be repeated: nothing happens twice.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Register stores.
    ///
    /// Columns: code, name, city, `state_or_region`, latitude, longitude, address, `postal_code`, kind, status.
    /// Only the code is needed. A code that is registered already is left as it is.
    Stores(CatalogueArgs),
    /// Register products.
    ///
    /// Columns: sku (or `StockCode`), name (or Description), category, brand, `unit_price`, currency, upc, status.
    /// SKU and name are needed. A SKU that is registered already is left as it is.
    Products(CatalogueArgs),
    /// Receive stock.
    ///
    /// Columns: `store_code`, sku, quantity; reason, reference and `occurred_at` may be there.
    Stock(stock::StockArgs),
    /// Set stock to what was counted.
    ///
    /// Columns: `store_code`, sku, counted; reason, reference and `occurred_at` may be there.
    Counts(stock::StockArgs),
    /// Replay sales: each line promises stock and keeps the promise, a negative line is a return.
    ///
    /// Columns: `store_code`, sku (or `StockCode`), quantity; `basket_id` (or `InvoiceNo`), `customer_id`, and a time as
    /// date, timestamp or `InvoiceDate` may be there.
    Sales(sales::SalesArgs),
}

/// What all imports are told.
#[derive(Clone, Debug, clap::Args)]
struct FileArgs {
    /// The CSV file, plain or gzipped.
    file: PathBuf,

    #[command(flatten)]
    data: DataArgs,

    /// Where rejected lines go; `<name of the file>.rejected.csv` in the present folder unless given.
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,
}

/// How to register stores or products.
#[derive(Debug, clap::Args)]
struct CatalogueArgs {
    #[command(flatten)]
    file: FileArgs,

    #[command(flatten)]
    defaults: DefaultArgs,
}

/// What is taken where a file says nothing.
#[derive(Clone, Debug, clap::Args)]
struct DefaultArgs {
    /// Region of stores without one.
    #[arg(long, default_value = "unknown", value_parser = label)]
    region: Label,

    /// Currency of prices, such as BRL; prices without a currency are left out.
    #[arg(long, value_parser = currency)]
    currency: Option<Currency>,
}

fn label(text: &str) -> Result<Label, String> {
    Label::new(text).map_err(|error| error.to_string())
}

fn currency(text: &str) -> Result<Currency, String> {
    Currency::new(text).map_err(|error| error.to_string())
}

impl DefaultArgs {
    fn defaults(&self) -> Defaults {
        Defaults { region: self.region.clone(), currency: self.currency }
    }
}

impl FileArgs {
    /// The name of the file without its folder.
    fn name(&self) -> String {
        let name = self.file.file_name().unwrap_or(self.file.as_os_str());
        name.to_string_lossy().into_owned()
    }

    /// Where rejected lines go.
    fn rejected(&self) -> PathBuf {
        let beside = || PathBuf::from(format!("{}.rejected.csv", self.name()));
        self.rejected.clone().unwrap_or_else(beside)
    }

    fn size(&self) -> anyhow::Result<u64> {
        let found = std::fs::metadata(&self.file);
        Ok(found.with_context(|| format!("cannot read {}", self.file.display()))?.len())
    }

    fn open(&self, progress: &Progress) -> anyhow::Result<Table> {
        Table::open(&self.file, Arc::clone(&progress.read_bytes))
    }
}

/// Imports a file. Rejected lines are no failure: they are told and kept.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let told = match args.what {
        What::Stores(args) => list::<Store>(&args).await?,
        What::Products(args) => list::<Product>(&args).await?,
        What::Stock(args) => stock::receipts(&args).await?,
        What::Counts(args) => stock::counts(&args).await?,
        What::Sales(args) => sales::run(&args).await?,
    };
    console::line(told);
    Ok(ExitCode::SUCCESS)
}

async fn list<A: Listed>(args: &CatalogueArgs) -> anyhow::Result<String> {
    let file = &args.file;
    let progress = Progress::new(file.size()?, 0);
    let table = file.open(&progress)?;
    let mut rejects = RejectFile::new(file.rejected(), table.header(), 0);
    let gondola = start(&file.data, ExecutorConfig::default()).await?;
    let defaults = args.defaults.defaults();
    let import = Import {
        writes: &gondola.store.catalogue,
        caller: &registrar(),
        defaults: &defaults,
        progress: &progress,
    };
    let imported = import.run::<A>(table, &mut rejects).await;
    close(gondola).await;
    progress.report(&file.name(), &imported?, &rejects)
}

/// Opens a data folder that nobody serves.
async fn start(data: &DataArgs, executor: ExecutorConfig) -> anyhow::Result<Gondola> {
    ensure!(
        data.store != StoreKind::Memory,
        "nothing is kept with --store memory: use sqlite or jsonl"
    );
    let settings = Settings { data: data.clone(), executor, cache_entries_max: 1_000 };
    compose::start(&settings).await
}

/// Stops when the views show all that was imported, so that the next start need not catch up.
async fn close(gondola: Gondola) {
    let queries = &gondola.inventory.queries;
    let end = *queries.log().head().borrow();
    let mut before = Position::ZERO;
    while let Err(ReadError::Behind { at, .. }) = queries.reach(end).await
        && at > before
    {
        tracing::info!(%at, %end, "views_catching_up");
        before = at;
    }
    gondola.stop().await;
}

/// Who imports.
fn actor() -> Actor {
    Actor::system("system:import")
}

fn registrar() -> Caller {
    Caller { actor: actor(), correlation_id: RandomIds.next_id(stores::now()), idempotency: None }
}

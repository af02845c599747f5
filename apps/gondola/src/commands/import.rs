//! `gondola import`: imports files into a data folder that no server uses.

mod reading;
mod through_server;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use clap::builder::RangedU64ValueParser;
use gondola_import::{
    CheckpointFolder, Defaults, FileKind, ImportRequest, ImportedBefore, Input, Outcome,
    SalesOptions, derive_stock,
};
use gondola_inventory::use_cases::HoldLimits;
use gondola_notification::ChannelsConfig;
use gondola_store_domain::{Currency, Label};
use kit_cdn::Edge;
use kit_core::Position;
use kit_executor::ExecutorConfig;
use kit_service::ReadError;

use self::reading::{SourceArgs, StockReadingArgs};
use super::running::ThroughServer;
use crate::compose::cache::CacheUrl;
use crate::compose::event_bus::EventBusUrl;
use crate::compose::event_store::{DataArgs, EventStoreUrl};
use crate::compose::flags::FlagArgs;
use crate::compose::{self, Gondola, Settings, files};
use crate::console;

/// What to import; `cli.rs` says which files are read, since help begins with what stands there.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

/// What the exit codes of an import mean.
const EXIT_CODES: &str = "Exit codes:
  0  all lines are dealt with; those that were rejected are in the file of rejected lines
  2  the file was refused as a whole, or the import was broken off: run it again to go on
  3  people must decide: more lines were rejected than --max-rejected allows, or all lines are
     equal to those of a file that was imported before: --again books them";

/// The exit code for what only people can decide.
const FOR_PEOPLE: u8 = 3;

#[derive(Debug, Subcommand)]
enum What {
    /// Register stores.
    ///
    /// Columns: code, name, city, `state_or_region`, latitude, longitude, address, `postal_code`, kind, status, `status_reason`,
    /// `longest_hold_seconds`, `time_zone`, `opening_hours` (`monday 08:00-12:00 14:00-18:00; 2026-12-25 closed`), contacts
    /// (`name|role|phone|e-mail; ...`). Only the code is needed. A code that is registered already is left as it is, unless --update changes it.
    #[command(after_long_help = EXIT_CODES)]
    Stores(CatalogueArgs),
    /// Register products.
    ///
    /// Columns: sku (or `StockCode`), name (or Description), category, brand, `unit_price`, `unit_cost`, currency,
    /// `cost_currency`, upc, status, details, `width_mm`, `height_mm`, `depth_mm`, `weight_g`, `volume_ml`; amounts may be
    /// in minor units, as `unit_price_minor_units` and `unit_cost_minor_units`.
    /// SKU and name are needed. A SKU that is registered already is left as it is, unless --update changes it.
    #[command(after_long_help = EXIT_CODES)]
    Products(CatalogueArgs),
    /// Register categories.
    ///
    /// Columns: code, name, parent (the code of the category directly above), status. Only the code is needed. A parent
    /// stands before what is below it. A code that is registered already is left as it is, unless --update changes it.
    #[command(after_long_help = EXIT_CODES)]
    Categories(CatalogueArgs),
    /// Register suppliers.
    ///
    /// Columns: code, name, contacts (`name|role|phone|e-mail; ...`), `lead_time_days`, currency, note, status. Only the code is
    /// needed. A code that is registered already is left as it is, unless --update changes it.
    #[command(after_long_help = EXIT_CODES)]
    Suppliers(CatalogueArgs),
    /// Register on what terms suppliers deliver products.
    ///
    /// Columns: sku, supplier (its code), `supplier_sku`, `lead_time_days`, `minimum_order_quantity`, `order_multiple` (or
    /// `pack_size`), `unit_cost` with currency, preferred (true or false), status; the cost may be in minor units, as
    /// `unit_cost_minor_units` with `unit_cost_currency`. SKU and supplier are needed and must be registered. What a supplier
    /// offers already is left as it is, unless --update changes it.
    #[command(after_long_help = EXIT_CODES)]
    SupplierOffers(CatalogueArgs),
    /// Receive stock.
    ///
    /// Columns: `store_code`, sku, quantity; reason, reference and `occurred_at` (or date) may be there.
    #[command(after_long_help = EXIT_CODES)]
    Stock(StockArgs),
    /// Set stock to what was counted.
    ///
    /// Columns: `store_code`, sku, counted (or `on_hand`); reason, reference and `occurred_at` (or date) may be there.
    /// A count needs its moment: a date without time or zone is refused unless the options say what it means.
    #[command(after_long_help = EXIT_CODES)]
    Counts(StockArgs),
    /// Ask for transfers between stores.
    ///
    /// Columns: reference (yours, or `transfer_reference`), `from_store` and `to_store` (codes), sku, quantity; `hold_seconds` and
    /// reason may be there. The lines of one reference stand together and are one transfer, whose units the source holds.
    /// A reference that was asked for already counts as applied before, and with other lines is rejected. Where the source has
    /// not enough, the lines are rejected, and may come again.
    #[command(after_long_help = EXIT_CODES)]
    Transfers(TransferArgs),
    /// Replay sales: each line promises stock and keeps the promise, a negative line is a return.
    ///
    /// Columns: `store_code`, sku (or `StockCode`), quantity; `basket_id` (or `InvoiceNo`), `customer_id`, and a time as
    /// date, timestamp or `InvoiceDate` may be there. A basket that was imported before with the same lines is not booked
    /// twice; with other lines it is rejected.
    #[command(after_long_help = EXIT_CODES)]
    Sales(SalesArgs),
}

/// What all imports are told.
#[derive(Clone, Debug, clap::Args)]
struct FileArgs {
    #[command(flatten)]
    source: SourceArgs,

    #[command(flatten)]
    data: DataArgs,

    #[command(flatten)]
    through: ThroughServer,

    /// Only say what would become of the lines; nothing is changed. What a stock level would refuse is not known.
    #[arg(long)]
    dry_run: bool,

    /// Most lines that may be rejected for the import to count as done, with exit code 3 beyond [default: half of the lines].
    #[arg(long, value_name = "LINES")]
    max_rejected: Option<u64>,
}

/// How to register stores or products.
#[derive(Debug, clap::Args)]
struct CatalogueArgs {
    #[command(flatten)]
    file: FileArgs,

    /// Change entries that are registered already as the file has them, such as prices; what it leaves blank stays. With
    /// --dry-run it says what it would change.
    #[arg(long)]
    update: bool,

    #[command(flatten)]
    defaults: DefaultArgs,
}

/// How to import receipts or counts.
#[derive(Debug, clap::Args)]
struct StockArgs {
    #[command(flatten)]
    file: FileArgs,

    #[command(flatten)]
    reading: StockReadingArgs,

    #[command(flatten)]
    limits: Limits,
}

/// How to ask for transfers.
#[derive(Debug, clap::Args)]
struct TransferArgs {
    #[command(flatten)]
    file: FileArgs,

    #[command(flatten)]
    limits: Limits,
}

/// How to import sales.
#[derive(Debug, clap::Args)]
struct SalesArgs {
    #[command(flatten)]
    file: FileArgs,

    #[command(flatten)]
    reading: StockReadingArgs,

    #[command(flatten)]
    limits: Limits,

    #[command(flatten)]
    defaults: DefaultArgs,

    /// The store of all lines, for a file without stores.
    #[arg(long, value_name = "CODE", conflicts_with = "store_column")]
    store_code: Option<String>,

    /// A column whose names stand for stores, such as Country; codes are made from them.
    #[arg(long, value_name = "COLUMN")]
    store_column: Option<String>,

    /// Register the stores and products that the file names and the catalogue does not have.
    #[arg(long, conflicts_with_all = ["url", "dry_run"])]
    derive_catalogue: bool,

    /// Where the stock comes from that is sold.
    #[arg(long, value_enum, default_value_t)]
    receive: Receive,

    /// The goods of all sales have left: where the books have too few, on hand goes to zero, the newest reservations that it
    /// does not cover are revoked, and what is missing is the shortfall.
    #[arg(long)]
    already_left: bool,

    /// Only write the stock that the sales need to a file for `import stock`; nothing is imported.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["derive_catalogue", "receive"])]
    derive_stock: Option<PathBuf>,
}

/// Where stock comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Receive {
    /// It is there: sales that find none are rejected.
    #[default]
    None,
    /// Each stock level first receives what its sales in this file need, less what comes back in time.
    Auto,
}

/// What an import may take of the machine.
#[derive(Clone, Copy, Debug, clap::Args)]
struct Limits {
    /// Stock levels kept alive in memory for decisions; one takes about half a kilobyte.
    #[arg(long, default_value_t = 400_000, env = "GONDOLA_LIVE_LEVELS", value_name = "1..100000000",
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=100_000_000))]
    live_levels: usize,
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

impl Limits {
    fn executor(self) -> ExecutorConfig {
        ExecutorConfig { live_max: self.live_levels, ..ExecutorConfig::default() }
    }
}

/// An import, and where it is done.
struct Asked {
    request: ImportRequest,
    file: FileArgs,
    executor: ExecutorConfig,
}

impl FileArgs {
    /// An import with nothing but what all of them have.
    fn asked(self, kind: FileKind, input: Input) -> Asked {
        let input = Input { dry_run: self.dry_run, ..input };
        let defaults = Defaults::default();
        let sales = SalesOptions::new(defaults.clone());
        let max_rejected = self.max_rejected;
        let request = ImportRequest { kind, input, defaults, sales, max_rejected };
        Asked { request, file: self, executor: ExecutorConfig::default() }
    }
}

impl CatalogueArgs {
    fn asked(self, kind: FileKind) -> Asked {
        let input = self.file.source.input();
        let mut asked = self.file.asked(kind, input);
        asked.request.defaults = self.defaults.defaults();
        asked.request.input.update = self.update;
        asked
    }
}

impl StockArgs {
    fn asked(self, kind: FileKind) -> Asked {
        let input = self.reading.input(&self.file.source);
        Asked { executor: self.limits.executor(), ..self.file.asked(kind, input) }
    }
}

impl TransferArgs {
    fn asked(self) -> Asked {
        let input = self.file.source.input();
        Asked { executor: self.limits.executor(), ..self.file.asked(FileKind::Transfers, input) }
    }
}

impl SalesArgs {
    fn asked(self) -> Asked {
        let (input, sales) = (self.reading.input(&self.file.source), self.options());
        let mut asked = self.file.asked(FileKind::Sales, input);
        asked.request.sales = sales;
        Asked { executor: self.limits.executor(), ..asked }
    }

    fn options(&self) -> SalesOptions {
        SalesOptions {
            store_code: self.store_code.clone(),
            store_column: self.store_column.clone(),
            derive_catalogue: self.derive_catalogue,
            receive: self.receive == Receive::Auto,
            already_left: self.already_left,
            defaults: self.defaults.defaults(),
        }
    }
}

impl What {
    fn asked(self) -> Asked {
        match self {
            Self::Stores(args) => args.asked(FileKind::Stores),
            Self::Products(args) => args.asked(FileKind::Products),
            Self::Categories(args) => args.asked(FileKind::Categories),
            Self::Suppliers(args) => args.asked(FileKind::Suppliers),
            Self::SupplierOffers(args) => args.asked(FileKind::SupplierOffers),
            Self::Stock(args) => args.asked(FileKind::Stock),
            Self::Counts(args) => args.asked(FileKind::Counts),
            Self::Transfers(args) => args.asked(),
            Self::Sales(args) => args.asked(),
        }
    }
}

/// Imports a file. Rejected lines are reported and written to a file; they are a failure only when they are too many.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    if let What::Sales(args) = &args.what
        && let Some(path) = &args.derive_stock
    {
        let input = args.reading.input(&args.file.source);
        console::line(derive_stock(&input, &args.options(), path).await?);
        return Ok(ExitCode::SUCCESS);
    }
    let Asked { request, file, executor } = args.what.asked();
    if let Some(client) = file.through.client()? {
        return through_server::import(&client, &request).await;
    }
    match Box::pin(import(&request, &file.data, executor)).await {
        Ok(Outcome { account, report }) => {
            console::line(report);
            let too_many = account.too_many_rejected(request.max_rejected);
            Ok(too_many.map_or(ExitCode::SUCCESS, |why| for_people(&anyhow::anyhow!(why))))
        }
        Err(error) if error.is::<ImportedBefore>() => Ok(for_people(&error)),
        Err(error) => Err(error),
    }
}

/// Tells what only people can decide.
fn for_people(why: &anyhow::Error) -> ExitCode {
    console::error(why);
    ExitCode::from(FOR_PEOPLE)
}

/// Imports a file into a data folder that no server uses.
async fn import(
    request: &ImportRequest,
    data: &DataArgs,
    executor: ExecutorConfig,
) -> anyhow::Result<Outcome> {
    data.ensure_kept()?;
    // a dry run where nothing is makes nothing
    let scratch = tempfile::tempdir().context("cannot make a folder for temporary files")?;
    let is_nothing = request.input.dry_run && !data.has_log("store");
    let (data, kept) = if is_nothing {
        let data = DataArgs { event_store: EventStoreUrl::Memory, ..data.clone() };
        let (folder, log) = (scratch.path().to_owned(), "memory".to_owned());
        (data, CheckpointFolder { folder, log, incarnation: None })
    } else {
        (data.clone(), data.imports().await?)
    };
    let is_new = !data.log_root().exists();
    let opened = request.open(&kept);
    if opened.is_err() && is_new {
        // what was made for it alone; neither goes while something else is in it
        let _ =
            std::fs::remove_dir(&kept.folder).and_then(|()| std::fs::remove_dir(data.log_root()));
    }
    let import = opened?;
    if let Some(outcome) = import.done()? {
        return Ok(outcome);
    }
    let settings = Settings {
        data,
        event_bus: EventBusUrl::Memory,
        executor,
        hold_limits: HoldLimits::default(),
        cache_entries_max: 1_000,
        shared_cache: CacheUrl::None,
        flags: FlagArgs::default(),
        edge: Edge::default(),
        webhooks: None,
        channels: ChannelsConfig::default(),
    };
    // the contexts are large, and this is a part of the futures of all imports
    let gondola = Box::new(Box::pin(compose::start(&settings)).await?);
    let imported = import.run(&files::services(&gondola)).await;
    Box::pin(close(*gondola)).await;
    imported
}

/// Stops when the views show all that was imported, so that the next start need not catch up.
async fn close(gondola: Gondola) {
    let queries = &gondola.inventory.queries;
    let end = queries.head();
    let mut before = Position::ZERO;
    while let Err(ReadError::Behind { at, .. }) = queries.reach(end).await
        && at > before
    {
        tracing::info!(%at, %end, "views_catching_up");
        before = at;
    }
    gondola.stop().await;
}

//! Importing sales: first the stock that they need, if requested, then line by line.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use gondola_inventory_domain::Reason;
use indicatif::HumanCount;

use super::account::Outcome;
use super::baskets::Fates;
use super::catalogue::Defaults;
use super::checkpoint::CheckpointFolder;
use super::csv_file::CsvFile;
use super::deterministic_ids::Part;
use super::format::measure::Units;
use super::input::{Input, InputFile};
use super::job::Job;
use super::kind::Kind;
use super::names::Names;
use super::prescan::Prescan;
use super::progress::Progress;
use super::reading::{MomentNeed, Reading, Survey};
use super::register::{Import, Mode};
use super::sale_lines::SaleColumns;
use super::services::{Services, now};

/// How the lines of a file of sales are understood, and what is done before they are imported.
#[derive(Clone, Debug)]
pub struct SalesOptions {
    /// The store of all lines, for a file without stores.
    pub store_code: Option<String>,
    /// A column whose names stand for stores; codes are made from them. Goes before `store_code`.
    pub store_column: Option<String>,
    /// Registers the stores and products that the file names and the catalogue does not have.
    pub derive_catalogue: bool,
    /// Each stock level first receives what its sales in this file need, less what comes back in time.
    pub receive: bool,
    /// The goods of all sales have left: what the books do not have of them becomes the shortfall, and holds are revoked.
    pub already_left: bool,
    /// What is taken for stores and products that are registered.
    pub defaults: Defaults,
}

/// A file of sales, and how far its import is.
pub struct SalesImport {
    options: SalesOptions,
    job: Job,
    csv_file: CsvFile,
    columns: SaleColumns,
    reading: Reading,
}

impl SalesOptions {
    /// Lines that say all of what they mean, of stores and products that are registered.
    #[must_use]
    pub const fn new(defaults: Defaults) -> Self {
        Self {
            store_code: None,
            store_column: None,
            derive_catalogue: false,
            receive: false,
            already_left: false,
            defaults,
        }
    }

    /// The options that decide how lines are understood, as a text that is kept with the progress.
    fn text(&self) -> String {
        format!(
            "--receive {} --store-code {:?} --store-column {:?}{}",
            if self.receive { "auto" } else { "none" },
            self.store_code.as_deref().unwrap_or_default(),
            self.store_column.as_deref().unwrap_or_default(),
            if self.already_left { " --already-left" } else { "" },
        )
    }

    fn columns(
        &self,
        csv_file: &CsvFile,
        units: Option<&Units>,
        sha256: &str,
    ) -> anyhow::Result<SaleColumns> {
        let (column, code) = (self.store_column.as_deref(), self.store_code.as_deref());
        SaleColumns::find(csv_file, column, code, units, sha256)
    }
}

/// Looks at all sales of a file: what they name, and the stock that they need.
async fn prescan(
    input: &InputFile,
    progress: &Progress,
    (columns, reading, fates): (&SaleColumns, &Reading, Arc<Fates>),
) -> anyhow::Result<Prescan> {
    progress.say("looking at all sales first");
    let csv_file = input.open(progress)?;
    let (columns, reading) = (columns.clone(), reading.clone());
    let read =
        tokio::task::spawn_blocking(move || Prescan::read(csv_file, &columns, &reading, &fates));
    let prescan = read.await.context("the first look at the sales failed")?;
    progress.read_bytes.store(0, std::sync::atomic::Ordering::Relaxed);
    prescan
}

/// Writes the stock that the sales of a file need to another file, for
/// [`StockImport::receipts`](crate::StockImport::receipts); says how much it is.
pub async fn derive_stock(
    input: &Input,
    options: &SalesOptions,
    path: &Path,
) -> anyhow::Result<String> {
    let input = InputFile::find(input)?;
    let progress = input.progress(0)?;
    let csv_file = input.open(&progress)?;
    let columns = options.columns(&csv_file, input.reading().units.as_ref(), "")?;
    let survey = Survey::read(csv_file, &columns.watched(), |_| Ok(()));
    let reading =
        survey.and_then(|survey| survey.reading(input.reading(), MomentNeed::Safe, now()));
    let reading = reading.with_context(|| input.name())?;
    let prescan = prescan(&input, &progress, (&columns, &reading, Arc::default())).await?;
    prescan.write(path)?;
    let levels = u64::try_from(prescan.needs().count()).unwrap_or(u64::MAX);
    Ok(format!("{} has the stock of {} stock levels", path.display(), HumanCount(levels)))
}

impl SalesImport {
    /// Opens a file.
    pub fn open(
        input: &Input,
        kept: &CheckpointFolder,
        options: SalesOptions,
    ) -> anyhow::Result<Self> {
        let mut job = Job::open(InputFile::find(input)?, kept, Kind::SALES, &options.text())?;
        let csv_file = job.input.open(&job.progress)?;
        let columns = options.columns(&csv_file, input.reading.units.as_ref(), &job.sha256)?;
        let looked_at = (&columns.watched(), MomentNeed::Safe);
        job.already_left = options.already_left;
        let reading = job.survey(csv_file.layout(), looked_at, |row| columns.entry(row))?;
        Ok(Self { options, job, csv_file, columns, reading })
    }

    /// Whether all lines were dealt with before; then there is nothing to run.
    pub fn is_done(&self) -> bool {
        self.job.state.done
    }

    /// Imports what is left of the file, and says what became of its lines.
    pub async fn run(self, services: &Services) -> anyhow::Result<Outcome> {
        let Self { options, mut job, csv_file, columns, reading } = self;
        let fates = Arc::new(job.fates(services.log.as_ref(), csv_file.layout()).await?);
        let mut names = Names::seen_by(services).await?;
        let receives = options.receive && job.state.part == Part::Receipts;
        let mut found = Prescan::default();
        if receives || options.derive_catalogue {
            let known = (&columns, &reading, Arc::clone(&fates));
            found = prescan(&job.input, &job.progress, known).await?;
        }
        if options.derive_catalogue {
            let import = Import {
                writes: &services.catalogue,
                caller: &services.registrar(),
                defaults: &options.defaults,
                progress: &job.progress,
                mode: Mode::default(),
            };
            import.derive(&found, &mut names).await?;
        }
        if !receives {
            found = Prescan::default();
        }
        let names = Arc::new(names);
        let reason = Reason::new(&format!("Stock for imported sales {}", &job.sha256[..12]))?;
        let receipts = found.receipts(Arc::clone(&names), reason);
        job.run(services, Part::Receipts, receipts).await?;
        job.run(services, Part::Lines, columns.items(csv_file, reading, fates, names)).await?;
        job.report()
    }

    /// What became of a file that is done.
    pub fn report(&self) -> anyhow::Result<Outcome> {
        self.job.report()
    }
}

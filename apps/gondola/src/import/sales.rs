//! Importing sales: the stock that they need first, if it is asked for, then line by line.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use gondola_inventory_domain::Reason;
use indicatif::HumanCount;

use super::identity::Part;
use super::lines::SaleColumns;
use super::names::Names;
use super::progress::Progress;
use super::register::Import;
use super::stock::{Job, Limits};
use super::survey::Survey;
use super::{DefaultArgs, FileArgs, registrar, start, table};
use crate::compose::Gondola;

/// How to import sales.
#[derive(Debug, clap::Args)]
pub(super) struct SalesArgs {
    #[command(flatten)]
    file: FileArgs,

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
    #[arg(long)]
    derive_catalogue: bool,

    /// Where the stock comes from that is sold.
    #[arg(long, value_enum, default_value_t)]
    receive: Receive,

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

impl SalesArgs {
    /// How the lines of the file are understood.
    fn options(&self) -> String {
        format!(
            "--receive {} --store-code {:?} --store-column {:?}",
            if self.receive == Receive::Auto { "auto" } else { "none" },
            self.store_code.as_deref().unwrap_or_default(),
            self.store_column.as_deref().unwrap_or_default(),
        )
    }

    fn columns(&self, table: &table::Table, sha256: &str) -> anyhow::Result<SaleColumns> {
        SaleColumns::find(table, self.store_column.as_deref(), self.store_code.as_deref(), sha256)
    }

    /// Looks at all sales of the file.
    async fn survey(&self, progress: &Progress, sha256: &str) -> anyhow::Result<Survey> {
        progress.say("looking at all sales first");
        let table = self.file.open(progress)?;
        let columns = self.columns(&table, sha256)?;
        let read = tokio::task::spawn_blocking(move || Survey::read(table, &columns));
        let survey = read.await.context("the first look at the sales failed")?;
        progress.read_bytes.store(0, std::sync::atomic::Ordering::Relaxed);
        survey
    }
}

/// Imports sales, or writes the stock that they need.
pub(super) async fn run(args: &SalesArgs) -> anyhow::Result<String> {
    if let Some(path) = &args.derive_stock {
        let progress = Progress::new(args.file.size()?, 0);
        let survey = args.survey(&progress, "").await?;
        survey.write(path)?;
        let levels = u64::try_from(survey.needs().count()).unwrap_or(u64::MAX);
        return Ok(format!(
            "{} has the stock of {} stock levels",
            path.display(),
            HumanCount(levels)
        ));
    }
    let mut job = Job::open(&args.file, "sales", Part::Receipts, &args.options())?;
    let table = args.file.open(&job.progress)?;
    let columns = args.columns(&table, &job.sha256)?;
    job.reject_to(table.header());
    if !job.state.done {
        let gondola = start(&args.file.data, args.limits.executor()).await?;
        let imported = import(args, &mut job, &gondola, (table, columns)).await;
        super::close(gondola).await;
        imported?;
    }
    job.report()
}

async fn import(
    args: &SalesArgs,
    job: &mut Job,
    gondola: &Gondola,
    (table, columns): (table::Table, SaleColumns),
) -> anyhow::Result<()> {
    let mut names = Names::load(&gondola.store.listings).await?;
    let receives = args.receive == Receive::Auto && job.state.part == Part::Receipts;
    let mut survey = Survey::default();
    if receives || args.derive_catalogue {
        survey = args.survey(&job.progress, &job.sha256).await?;
    }
    if args.derive_catalogue {
        let defaults = args.defaults.defaults();
        let import = Import {
            writes: &gondola.store.catalogue,
            caller: &registrar(),
            defaults: &defaults,
            progress: &job.progress,
        };
        import.derive(&survey, &mut names).await?;
    }
    if !receives {
        survey = Survey::default();
    }
    let names = Arc::new(names);
    let reason = Reason::new(&format!("Stock for imported sales {}", &job.sha256[..12]))?;
    job.run(gondola, Part::Receipts, survey.receipts(Arc::clone(&names), reason)).await?;
    job.run(gondola, Part::Lines, columns.items(table, names)).await
}

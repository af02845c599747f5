//! Importing changes of stock line by line, from wherever an earlier run stopped.

use std::sync::Arc;

use anyhow::{Context, ensure};
use csv::ByteRecord;
use kit_core::Position;
use kit_executor::ExecutorConfig;

use super::checkpoint::{Checkpoint, State, Tally};
use super::engine::{self, Engine, Item};
use super::identity::{Identity, Part};
use super::lines::StockColumns;
use super::movement::Commands;
use super::names::Names;
use super::progress::Progress;
use super::reject::RejectFile;
use super::window::Window;
use super::{FileArgs, actor, start, table};
use crate::compose::Gondola;
use crate::stores;

/// How to import receipts or counts.
#[derive(Debug, clap::Args)]
pub(super) struct StockArgs {
    #[command(flatten)]
    file: FileArgs,

    #[command(flatten)]
    limits: Limits,
}

/// What an import may take of the machine.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Limits {
    /// Stock levels kept alive in memory for decisions; one takes about half a kilobyte.
    #[arg(long, default_value_t = 400_000, env = "GONDOLA_LIVE_LEVELS")]
    live_levels: usize,
}

impl Limits {
    /// Limits of the executor.
    pub(super) fn executor(self) -> ExecutorConfig {
        ExecutorConfig { live_max: self.live_levels, ..ExecutorConfig::default() }
    }
}

/// A file whose lines change stock, and how far it is.
pub(super) struct Job {
    file: FileArgs,
    pub(super) sha256: String,
    checkpoint: Checkpoint,
    pub(super) state: State,
    /// Whether an earlier run has begun it.
    begun: bool,
    rejects: Option<RejectFile>,
    pub(super) progress: Progress,
}

impl Job {
    /// Looks how far a file is that is imported as `what`; `options` say how its lines are understood.
    pub(super) fn open(
        file: &FileArgs,
        what: &str,
        first: Part,
        options: &str,
    ) -> anyhow::Result<Self> {
        let (sha256, size) = table::identify(&file.file)?;
        let checkpoint = Checkpoint::new(&file.data, what, &sha256)?;
        let stored = checkpoint.load()?;
        let begun = stored.is_some();
        let state = stored.unwrap_or_else(|| State {
            file: file.name(),
            sha256: sha256.clone(),
            options: options.to_owned(),
            begun_at: stores::now(),
            part: first,
            through_line: 0,
            position: 0,
            tally: Tally::default(),
            rejected_bytes: 0,
            done: false,
        });
        ensure!(
            state.options == options,
            "the import of this file was begun with {:?} and cannot go on with {options:?}: \
             give the same options again",
            state.options
        );
        let progress = Progress::new(size, state.tally.lines);
        Ok(Self { file: file.clone(), sha256, checkpoint, state, begun, rejects: None, progress })
    }

    /// Says where rejected lines go, and what their columns are called.
    pub(super) fn reject_to(&mut self, header: &ByteRecord) {
        let kept = self.state.rejected_bytes;
        self.rejects = Some(RejectFile::new(self.file.rejected(), header, kept));
    }

    /// Goes on with one part of the file, if it is in it, and moves on to the next one.
    pub(super) async fn run(
        &mut self,
        gondola: &Gondola,
        part: Part,
        items: impl Iterator<Item = anyhow::Result<Item>> + Send + 'static,
    ) -> anyhow::Result<()> {
        if self.state.part != part || self.state.done {
            return Ok(());
        }
        let log = gondola.inventory.queries.log();
        let head = log.head().borrow().get();
        ensure!(
            self.state.position <= head,
            "{} is ahead of the log, which ends at {head}: it belongs to another log; remove it to begin anew",
            self.checkpoint.path().display()
        );
        if !self.begun {
            // the moment that all ids are made from must be on the disk before the first of them is
            self.state.position = head;
            self.checkpoint.save(&self.state)?;
            self.begun = true;
        }
        let position = Position::new(self.state.position);
        let identity = |part| Identity::new(self.state.begun_at, &self.sha256, part);
        let window = Window::read(log.as_ref(), position, identity(part)).await?;
        let went_further = part == Part::Receipts
            && Window::read(log.as_ref(), position, identity(Part::Lines)).await?.len() > 0;
        if window.len() > 0 {
            tracing::info!(lines = window.len(), "import_goes_on_behind_the_checkpoint");
        }
        let engine = Engine {
            writes: &gondola.inventory.writes,
            log,
            commands: Commands { identity: identity(part), actor: actor() },
            window,
            went_further,
            checkpoint: &self.checkpoint,
            progress: &self.progress,
        };
        let source = engine::feed(items, self.state.through_line);
        let mut none = None;
        let rejects = if part == Part::Lines { &mut self.rejects } else { &mut none };
        let run = engine.run(source, &mut self.state, rejects).await;
        run.context("the import was broken off; run it again to go on where it was")?;
        match part {
            Part::Receipts => (self.state.part, self.state.through_line) = (Part::Lines, 0),
            Part::Lines => self.state.done = true,
        }
        self.checkpoint.save(&self.state)
    }

    /// What became of the file.
    pub(super) fn report(&self) -> anyhow::Result<String> {
        let rejects = self.rejects.as_ref().context("the file was not read")?;
        self.progress.report(&self.file.name(), &self.state.tally, rejects)
    }
}

/// Receives stock.
pub(super) async fn receipts(args: &StockArgs) -> anyhow::Result<String> {
    import(args, "stock", StockColumns::of_receipts).await
}

/// Sets stock to what was counted.
pub(super) async fn counts(args: &StockArgs) -> anyhow::Result<String> {
    import(args, "counts", StockColumns::of_counts).await
}

async fn import(
    args: &StockArgs,
    what: &str,
    find: impl FnOnce(&table::Table) -> anyhow::Result<StockColumns>,
) -> anyhow::Result<String> {
    let mut job = Job::open(&args.file, what, Part::Lines, "")?;
    let table = args.file.open(&job.progress)?;
    let columns = find(&table)?;
    job.reject_to(table.header());
    if !job.state.done {
        let gondola = start(&args.file.data, args.limits.executor()).await?;
        let imported = async {
            let names = Names::load(&gondola.store.listings).await?;
            job.run(&gondola, Part::Lines, columns.items(table, Arc::new(names))).await
        };
        let imported = imported.await;
        super::close(gondola).await;
        imported?;
    }
    job.report()
}

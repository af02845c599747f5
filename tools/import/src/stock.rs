//! Importing changes of stock line by line, from wherever an earlier run stopped.

use std::sync::Arc;

use anyhow::{Context, ensure};
use csv::ByteRecord;
use kit_core::Position;

use super::checkpoint::{Checkpoint, CheckpointFolder, State, Tally};
use super::csv_file::{self, CsvFile};
use super::deterministic_ids::{DeterministicIds, Part};
use super::engine::{self, Engine, Item};
use super::input::Input;
use super::movement::Commands;
use super::names::Names;
use super::progress::Progress;
use super::recovery_scan::RecoveryScan;
use super::reject_file::RejectFile;
use super::services::{Services, actor, now};
use super::stock_lines::StockColumns;

/// A file whose lines change stock, and how far it is.
pub(super) struct Job {
    input: Input,
    pub(super) sha256: String,
    checkpoint: Checkpoint,
    pub(super) state: State,
    /// Whether an earlier run has begun it.
    begun: bool,
    rejects: Option<RejectFile>,
    pub(super) progress: Progress,
    /// Whether the goods of its sales have left, those too that the books do not have.
    pub(super) already_left: bool,
}

impl Job {
    /// Looks how far a file is that is imported as `what`; `options` say how its lines are understood.
    pub(super) fn open(
        input: &Input,
        kept: &CheckpointFolder,
        (what, first): (&str, Part),
        options: &str,
    ) -> anyhow::Result<Self> {
        let (sha256, size) = csv_file::identify(&input.file)?;
        let checkpoint = Checkpoint::new(kept, what, &sha256)?;
        let stored = checkpoint.load()?;
        let begun = stored.is_some();
        let state = stored.unwrap_or_else(|| State {
            file: input.name(),
            sha256: sha256.clone(),
            options: options.to_owned(),
            begun_at: now(),
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
        Ok(Self {
            input: input.clone(),
            sha256,
            checkpoint,
            state,
            begun,
            rejects: None,
            progress,
            already_left: false,
        })
    }

    /// Says where rejected lines go, and what their columns are called.
    pub(super) fn reject_to(&mut self, header: &ByteRecord) {
        let kept = self.state.rejected_bytes;
        self.rejects = Some(RejectFile::new(self.input.rejected(), header, kept));
    }

    /// Goes on with one part of the file, if it is in it, and moves on to the next one.
    pub(super) async fn run(
        &mut self,
        services: &Services,
        part: Part,
        items: impl Iterator<Item = anyhow::Result<Item>> + Send + 'static,
    ) -> anyhow::Result<()> {
        if self.state.part != part || self.state.done {
            return Ok(());
        }
        let log = &services.log;
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
        let ids = |part| DeterministicIds::new(self.state.begun_at, &self.sha256, part);
        let recovery = RecoveryScan::read(log.as_ref(), position, ids(part)).await?;
        let went_further = part == Part::Receipts
            && RecoveryScan::read(log.as_ref(), position, ids(Part::Lines)).await?.len() > 0;
        if recovery.len() > 0 {
            tracing::info!(lines = recovery.len(), "import_goes_on_behind_the_checkpoint");
        }
        let engine = Engine {
            stock: &services.stock,
            log,
            commands: Commands { ids: ids(part), actor: actor(), already_left: self.already_left },
            recovery,
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
        self.progress.report(&self.input.name(), &self.state.tally, rejects)
    }
}

/// A file of receipts or counts, and how far its import is.
pub struct StockImport {
    job: Job,
    csv_file: CsvFile,
    columns: StockColumns,
}

impl StockImport {
    /// Opens a file of stock that is received.
    pub fn receipts(input: &Input, kept: &CheckpointFolder) -> anyhow::Result<Self> {
        Self::open(input, kept, "stock", StockColumns::of_receipts)
    }

    /// Opens a file of stock that was counted.
    pub fn counts(input: &Input, kept: &CheckpointFolder) -> anyhow::Result<Self> {
        Self::open(input, kept, "counts", StockColumns::of_counts)
    }

    fn open(
        input: &Input,
        kept: &CheckpointFolder,
        what: &str,
        find: impl FnOnce(&CsvFile) -> anyhow::Result<StockColumns>,
    ) -> anyhow::Result<Self> {
        let mut job = Job::open(input, kept, (what, Part::Lines), "")?;
        let csv_file = input.open(&job.progress)?;
        let columns = find(&csv_file)?;
        job.reject_to(csv_file.header());
        Ok(Self { job, csv_file, columns })
    }

    /// Whether all lines were dealt with before; then there is nothing to run.
    pub fn is_done(&self) -> bool {
        self.job.state.done
    }

    /// Imports what is left of the file, and says what became of its lines.
    pub async fn run(self, services: &Services) -> anyhow::Result<String> {
        let Self { mut job, csv_file, columns } = self;
        let names = Names::load(&services.listings).await?;
        job.run(services, Part::Lines, columns.items(csv_file, Arc::new(names))).await?;
        job.report()
    }

    /// What became of a file that is done.
    pub fn report(&self) -> anyhow::Result<String> {
        self.job.report()
    }
}

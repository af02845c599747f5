//! An import of changes of stock line by line, from wherever an earlier run stopped.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, ensure};
use kit_core::Position;
use kit_event_store::{EventStore, Incarnation};
use tempfile::TempDir;

use super::account::Outcome;
use super::baskets::{self, Fates};
use super::booked::Booked;
use super::checkpoint::{Checkpoint, CheckpointFolder, State, Tally};
use super::csv_file::{self, Layout, Row};
use super::deterministic_ids::{DeterministicIds, Part};
use super::earlier_run::EarlierRun;
use super::engine::Engine;
use super::feed::{Item, Meaning, feed};
use super::identity::{Standing, standing};
use super::input::InputFile;
use super::kind::Kind;
use super::line_ledger::{Entry, LedgerWriter, LineLedger};
use super::movement::Commands;
use super::progress::Progress;
use super::reading::{MomentNeed, Reading, Survey, Watched};
use super::recovery_scan::RecoveryScan;
use super::reject_file::RejectFile;
use super::rejects::Rejects;
use super::services::{Services, now};

/// What is told of an import whose lines were booked in another log.
const BEGAN_ANEW: &str = "the log is not the one that this file was imported into, such as an older copy that was put back: what it does not \
     have of the file was booked again, nothing else";

/// What the ledger of a dry run is called.
const LEDGER: &str = "lines";

/// A file whose lines change stock, and how far it is.
pub(super) struct Job {
    pub(super) input: InputFile,
    kind: Kind,
    kept: CheckpointFolder,
    pub(super) sha256: String,
    checkpoint: Checkpoint,
    pub(super) state: State,
    /// Whether an earlier run has begun it.
    begun: bool,
    /// What an earlier run has in the log of its lines, behind the progress.
    earlier: Arc<RecoveryScan>,
    /// Where a dry run keeps what an import keeps beside its progress.
    scratch: Option<TempDir>,
    /// There from the first look at the file on.
    rejects: Option<Rejects>,
    pub(super) progress: Progress,
    /// Whether the goods of its sales have left, those too that the books do not have.
    pub(super) already_left: bool,
}

impl Job {
    /// Looks how far a file is; `options` say what its lines stand for.
    pub(super) fn open(
        input: InputFile,
        kept: &CheckpointFolder,
        kind: Kind,
        options: &str,
    ) -> anyhow::Result<Self> {
        let sha256 = csv_file::identify(input.whole())?;
        let standing = standing(&input, kept, (kind, &sha256), options)?;
        let (checkpoint, stored, retried, again) = match standing {
            Standing::Begun(checkpoint, state) => (checkpoint, Some(*state), 0, false),
            Standing::New { checkpoint, retried, again } => (checkpoint, None, retried, again),
        };
        let begun = stored.is_some();
        let state = stored.unwrap_or_else(|| State {
            file: input.place(),
            sha256: sha256.clone(),
            options: options.to_owned(),
            reading: input.reading().text(),
            again,
            retried,
            begun_at: now(),
            log: kept.incarnation.map(Incarnation::as_uuid),
            begins_anew: false,
            part: kind.first,
            through_line: 0,
            position: 0,
            tally: Tally::default(),
            rejected_bytes: 0,
            done: false,
        });
        let progress = input.progress(state.tally.lines)?;
        let kept = kept.clone();
        let mut scratch = None;
        if input.is_dry_run() {
            let folder = tempfile::tempdir().context("cannot make a folder for a dry run")?;
            if begun && checkpoint.ledger().exists() {
                std::fs::copy(checkpoint.ledger(), folder.path().join(LEDGER))?;
            }
            scratch = Some(folder);
        }
        Ok(Self {
            input,
            kind,
            kept,
            sha256,
            checkpoint,
            state,
            begun,
            earlier: Arc::default(),
            scratch,
            rejects: None,
            progress,
            already_left: false,
        })
    }

    /// Looks at the whole file before any of its lines is booked; `entry` is what the ledger keeps of a line.
    pub(super) fn survey(
        &mut self,
        layout: &Layout,
        (watched, need): (&Watched, MomentNeed),
        entry: impl Fn(&Row) -> Entry,
    ) -> anyhow::Result<Reading> {
        let (options, begun_at) = (self.input.reading(), self.state.begun_at);
        if self.state.done {
            return Survey::default().reading(options, MomentNeed::Safe, begun_at);
        }
        self.progress.say("looking at all lines first");
        let place = self.ledger();
        let mut ledger = if self.begun { None } else { Some(LedgerWriter::new(place.clone())?) };
        let survey = Survey::read(self.input.open(&self.progress)?, watched, |row| {
            let entry = entry(row);
            match &mut ledger {
                Some(ledger) if entry.basket != 0 => ledger.add(row.line, entry),
                _ => Ok(()),
            }
        });
        let reading = survey.and_then(|survey| survey.reading(options, need, begun_at));
        let reading = reading.with_context(|| self.input.name())?;
        if let Some(ledger) = ledger {
            ledger.finish()?;
        }
        let file = RejectFile::new(&self.input, layout, self.state.rejected_bytes);
        let missing = || format!("{} is missing", place.display());
        let ledger = LineLedger::open(place.clone())?.with_context(missing)?;
        self.rejects = Some(Rejects { file, ledger });
        self.progress.say("importing");
        Ok(reading)
    }

    /// Where what is kept of each line is.
    fn ledger(&self) -> PathBuf {
        let scratch = self.scratch.as_ref().map(|folder| folder.path().join(LEDGER));
        scratch.unwrap_or_else(|| self.checkpoint.ledger())
    }

    /// What becomes of lines that other imports have dealt with.
    pub(super) async fn fates(
        &mut self,
        log: &dyn EventStore,
        layout: &Layout,
    ) -> anyhow::Result<Fates> {
        let mut fates = Fates::default();
        let Some(Rejects { ledger, .. }) = &self.rejects else { return Ok(fates) };
        let has_baskets = ledger.has_baskets()?;
        let is_this_log = self.checkpoint.stands_on(&self.state, log.end())?;
        ensure!(is_this_log, "the log is another one than its log.json said: run the import again");
        self.state.log = Some(log.incarnation().as_uuid());
        if self.begun {
            self.earlier = Arc::new(self.scan(log, Part::Lines).await?);
        }
        self.leave_out_what_was_booked(log, &mut fates).await?;
        let place = self.ledger();
        let missing = || format!("{} is missing", place.display());
        let ledger = LineLedger::open(place.clone())?.with_context(missing)?;
        let own = Booked::new(ledger, &self.state, Arc::clone(&self.earlier));
        if has_baskets && !self.state.again {
            baskets::compare(&own, &self.others(log).await?, layout.is_of_rejects(), &mut fates)?;
        }
        own.note(&fates)?;
        Ok(fates)
    }

    /// What an earlier run has in the log of a part, behind the progress.
    async fn scan(&self, log: &dyn EventStore, part: Part) -> anyhow::Result<RecoveryScan> {
        let ids = DeterministicIds::new(self.state.begun_at, &self.sha256, part);
        Ok(RecoveryScan::read(log, Position::new(self.state.position), ids).await?)
    }

    /// Leaves out all lines but those that were rejected when they were read in another way.
    async fn leave_out_what_was_booked(
        &self,
        log: &dyn EventStore,
        fates: &mut Fates,
    ) -> anyhow::Result<()> {
        let missing =
            "what became of the lines that were read in another way is not known any more";
        let imports = self.kept.imports_of(self.kind, &self.sha256)?;
        let (mut retried, mut number) = (Vec::new(), self.state.retried);
        while let Some(index) = number.checked_sub(1) {
            let (checkpoint, state) = imports.get(index).context(missing)?;
            let ledger = LineLedger::open(checkpoint.ledger())?.context(missing)?;
            number = state.retried;
            retried.push((ledger, state.clone()));
        }
        // the latest of them knows best
        for booked in Booked::find(log, retried).await?.into_iter().rev() {
            booked.leave_out(fates)?;
        }
        Ok(())
    }

    /// The imports of other such files, with what they have booked.
    async fn others(&self, log: &dyn EventStore) -> anyhow::Result<Vec<Booked>> {
        let mut others = Vec::new();
        for (checkpoint, state) in self.kept.imports(self.kind)? {
            checkpoint.stands_on(&state, log.end())?;
            if checkpoint.path() != self.checkpoint.path()
                && let Some(ledger) = LineLedger::open(checkpoint.ledger())?
            {
                others.push((ledger, state));
            }
        }
        Booked::find(log, others).await
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
        if self.scratch.is_some() {
            self.inspect(part, items)?;
            return Ok(());
        }
        if !self.begun {
            // the moment that all ids are made from must be on the disk before the first of them is
            self.state.position = log.head().borrow().get();
            self.checkpoint.save(&self.state)?;
            self.begun = true;
        }
        let earlier = match part {
            Part::Receipts => Arc::new(self.scan(log.as_ref(), part).await?),
            Part::Lines => Arc::clone(&self.earlier),
        };
        let went_further = part == Part::Receipts && self.earlier.len() > 0;
        if earlier.len() > 0 {
            tracing::info!(lines = earlier.len(), "import_goes_on_behind_the_checkpoint");
        }
        let ids = DeterministicIds::new(self.state.begun_at, &self.sha256, part);
        let engine = Engine {
            stock: &services.stock,
            log,
            commands: Commands {
                ids,
                author: services.author.clone(),
                already_left: self.already_left,
            },
            earlier: EarlierRun::new(earlier),
            went_further,
            checkpoint: &self.checkpoint,
            progress: &self.progress,
        };
        let source = feed(items, self.state.through_line);
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

    /// Says what would become of the lines of a part, as far as they can be read: what a stock level would refuse is not known.
    fn inspect(
        &mut self,
        part: Part,
        items: impl Iterator<Item = anyhow::Result<Item>>,
    ) -> anyhow::Result<()> {
        let through = self.state.through_line;
        for item in items {
            let Item { row, meaning, dropped } = item?;
            if row.line <= through {
                continue;
            }
            if part == Part::Receipts {
                self.state.tally.received += 1;
                continue;
            }
            let tally = &mut self.state.tally;
            tally.lines += 1;
            match meaning {
                Meaning::Rejected(reject) => {
                    Tally::count(&mut tally.rejected, reject.code);
                    if let Some(rejects) = &mut self.rejects {
                        rejects.add(&row, &reject)?;
                    }
                    continue;
                }
                Meaning::Change(_) => self.progress.applied(),
                Meaning::Before => {}
            }
            tally.applied += 1;
            tally.warn(row.line, &dropped);
        }
        self.progress.tell(&self.state.tally);
        if part == Part::Receipts {
            (self.state.part, self.state.through_line) = (Part::Lines, 0);
        } else if let Some(rejects) = &mut self.rejects {
            rejects.sync()?;
        }
        Ok(())
    }

    /// What became of the file.
    pub(super) fn report(&self) -> anyhow::Result<Outcome> {
        let (name, rejected) = (self.input.name(), self.input.rejected());
        let mut outcome = self.progress.report(&name, &self.state.tally, &rejected)?;
        if self.state.begins_anew {
            outcome.report.push('\n');
            outcome.report.push_str(BEGAN_ANEW);
        }
        Ok(outcome)
    }
}

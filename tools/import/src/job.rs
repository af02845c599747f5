//! An import of changes of stock line by line, from wherever an earlier run stopped.

use anyhow::Context;
use kit_core::Position;
use kit_event_store::EventStore;

use super::baskets::{self, Booked, Fates};
use super::checkpoint::{Checkpoint, CheckpointFolder, State, Tally};
use super::csv_file::{self, Layout, Row};
use super::deterministic_ids::{DeterministicIds, Part};
use super::engine::{self, Engine, Item};
use super::identity::{Standing, standing};
use super::input::InputFile;
use super::line_ledger::{Entry, Fate, LedgerWriter, LineLedger};
use super::movement::Commands;
use super::progress::Progress;
use super::reading::{MomentNeed, Reading, Survey, Watched};
use super::recovery_scan::RecoveryScan;
use super::reject_file::RejectFile;
use super::rejects::Rejects;
use super::services::{Services, actor, now};

/// A file whose lines change stock, and how far it is.
pub(super) struct Job {
    pub(super) input: InputFile,
    what: &'static str,
    kept: CheckpointFolder,
    pub(super) sha256: String,
    checkpoint: Checkpoint,
    pub(super) state: State,
    /// Whether an earlier run has begun it.
    begun: bool,
    /// There from the first look at the file on.
    rejects: Option<Rejects>,
    pub(super) progress: Progress,
    /// Whether the goods of its sales have left, those too that the books do not have.
    pub(super) already_left: bool,
}

impl Job {
    /// Looks how far a file is that is imported as `what`; `options` say what its lines stand for.
    pub(super) fn open(
        input: InputFile,
        kept: &CheckpointFolder,
        (what, first): (&'static str, Part),
        options: &str,
    ) -> anyhow::Result<Self> {
        let (sha256, size) = csv_file::identify(input.path())?;
        let standing = standing(&input, kept, (what, &sha256), options)?;
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
            part: first,
            through_line: 0,
            position: 0,
            tally: Tally::default(),
            rejected_bytes: 0,
            done: false,
        });
        let progress = Progress::new(size, state.tally.lines);
        let kept = kept.clone();
        Ok(Self {
            input,
            what,
            kept,
            sha256,
            checkpoint,
            state,
            begun,
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
        let place = self.checkpoint.ledger();
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
        let file = RejectFile::new(self.input.rejected(), layout, self.state.rejected_bytes);
        let missing = || format!("{} is missing", place.display());
        let ledger = LineLedger::open(place.clone())?.with_context(missing)?;
        self.rejects = Some(Rejects { file, ledger });
        self.progress.say("importing");
        Ok(reading)
    }

    /// What becomes of lines that other imports have dealt with.
    pub(super) async fn fates(
        &self,
        log: &dyn EventStore,
        layout: &Layout,
    ) -> anyhow::Result<Fates> {
        let mut fates = Fates::default();
        let Some(Rejects { ledger, .. }) = &self.rejects else { return Ok(fates) };
        if self.state.retried > 0 {
            self.keep_what_was_booked(&mut fates)?;
        }
        if !self.state.again && ledger.has_baskets()? {
            let mut others = Vec::new();
            for (checkpoint, state) in self.kept.imports(self.what)? {
                if checkpoint.path() != self.checkpoint.path() {
                    others.extend(booked(log, &checkpoint, &state).await?);
                }
            }
            let own = self.own_booked(log).await?;
            baskets::compare(&own, &others, layout.is_of_rejects(), &mut fates)?;
        }
        for (line, fate) in fates.decided() {
            ledger.mark(line, fate)?;
        }
        Ok(fates)
    }

    /// Leaves out all lines but those that were rejected when they were read in another way.
    fn keep_what_was_booked(&self, fates: &mut Fates) -> anyhow::Result<()> {
        let retried = self.kept.checkpoint(self.what, &self.sha256, self.state.retried)?;
        let missing =
            "what became of the lines that were read in another way is not known any more";
        let state = retried.load()?.context(missing)?;
        (0..=state.through_line).for_each(|line| fates.set(line, Fate::Before));
        LineLedger::open(retried.ledger())?.context(missing)?.scan(|line, entry| {
            if matches!(entry.fate, Fate::Rejected | Fate::BasketChanged) {
                fates.set(line, Fate::Own);
            }
        })
    }

    /// What this import has booked so far: nothing when it begins.
    async fn own_booked(&self, log: &dyn EventStore) -> anyhow::Result<Booked> {
        let found =
            if self.begun { booked(log, &self.checkpoint, &self.state).await? } else { None };
        let place = self.checkpoint.ledger();
        let missing = || format!("{} is missing", place.display());
        match found {
            Some(found) => Ok(found),
            None => LineLedger::open(place.clone())?.map(Booked::nothing).with_context(missing),
        }
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
        self.checkpoint.check(&self.state, head)?;
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
        self.progress.report(&self.input.name(), &self.state.tally, &self.input.rejected())
    }
}

/// What an import has booked so far; `None` when it kept no ledger.
async fn booked(
    log: &dyn EventStore,
    checkpoint: &Checkpoint,
    state: &State,
) -> anyhow::Result<Option<Booked>> {
    checkpoint.check(state, log.head().borrow().get())?;
    let Some(ledger) = LineLedger::open(checkpoint.ledger())? else { return Ok(None) };
    Ok(Some(Booked::find(ledger, state, log).await?))
}

//! Opening the files of a store: what they say of each other, what is repaired, and what is refused.

use std::path::{Path, PathBuf};

use kit_event_store::log_folder::{LogFolder, make_durably};
use kit_event_store::{Incarnation, LogMark};

use crate::checkpoints::CheckpointFile;
use crate::journal::{self, Continuation, Journal, OpenFile};
use crate::options::{JsonlOptions, OpenError};
use crate::reconcile;
use crate::recovery::{self, Scan};
use crate::state::State;

/// The kind of store, in the description of its folder.
const KIND: &str = "jsonl";

/// The files of a store, open and in agreement.
pub(crate) struct Files {
    pub(crate) folder: LogFolder,
    pub(crate) journal_dir: PathBuf,
    pub(crate) incarnation: Incarnation,
    pub(crate) journal: Journal,
    pub(crate) state: State,
    pub(crate) checkpoints: CheckpointFile,
}

/// Opens the files, or makes them in a new folder.
pub(crate) fn open(options: &JsonlOptions, open_file: OpenFile) -> Result<Files, OpenError> {
    let (mut folder, journal_dir) = open_folder(options)?;
    let scan = scan(options, &folder, &journal_dir)?;
    let end = end_of(&scan, options);
    reconcile::check(&scan, &options.streams_dir, end)?;
    let checkpoints = CheckpointFile::open(&journal_dir, end)?;
    let journal = open_journal(options, &journal_dir, &scan, open_file)?;
    let incarnation = end.incarnation;
    let state = reconcile::reconcile(scan, &options.streams_dir, incarnation)?;
    folder.describe(incarnation)?;
    Ok(Files { folder, journal_dir, incarnation, journal, state, checkpoints })
}

/// Accepts that a journal is older than what was made from it: it gets a new incarnation, so that all of that is built
/// anew and every reader of the log can tell. The answer is the new end of the log.
pub fn accept_older_log(options: &JsonlOptions) -> Result<LogMark, OpenError> {
    let (mut folder, journal_dir) = open_folder(options)?;
    let scan = scan(options, &folder, &journal_dir)?;
    let position = scan.state.last;
    let mut journal = open_journal(options, &journal_dir, &scan, journal::on_disk())?;
    let incarnation = Incarnation::new(options.new_id);
    let renewed = journal.renew(incarnation, position);
    renewed.map_err(OpenError::io("continue the journal in", &journal_dir))?;
    folder.describe(incarnation)?;
    Ok(LogMark { incarnation, position })
}

fn open_folder(options: &JsonlOptions) -> Result<(LogFolder, PathBuf), OpenError> {
    let folder = LogFolder::open(&options.folder, KIND)?;
    let journal_dir = options.folder.join("journal");
    make_durably(&journal_dir)?;
    make_durably(&options.streams_dir)?;
    Ok((folder, journal_dir))
}

/// Reads the journal; one that is missing or empty where there was one is a loss.
fn scan<'a>(
    options: &JsonlOptions,
    folder: &LogFolder,
    journal_dir: &'a Path,
) -> Result<Scan<'a>, OpenError> {
    let scan = recovery::scan(journal_dir, State::new(options.recent_bytes_max))?;
    if scan.is_blank() {
        let derived = reconcile::last_position(&options.streams_dir)?;
        if folder.has_log() || derived.is_some() {
            return Err(OpenError::JournalLost { journal_dir: journal_dir.to_owned(), derived });
        }
    }
    Ok(scan)
}

fn end_of(scan: &Scan<'_>, options: &JsonlOptions) -> LogMark {
    let incarnation = scan.incarnation.unwrap_or(Incarnation::new(options.new_id));
    LogMark { incarnation, position: scan.state.last }
}

/// Opens the journal for its writer, and makes what was read durable.
fn open_journal(
    options: &JsonlOptions,
    journal_dir: &Path,
    scan: &Scan<'_>,
    open_file: OpenFile,
) -> Result<Journal, OpenError> {
    let LogMark { incarnation, position: after } = end_of(scan, options);
    let continuation = Continuation { incarnation, end: scan.end, after };
    let failed = || OpenError::io("continue the journal in", journal_dir);
    let opened = Journal::open(journal_dir, open_file, options.segment_bytes_max, continuation);
    let mut journal = opened.map_err(failed())?;
    if scan.incarnation.is_none() && !scan.is_blank() {
        // without events, and of a time when journals had no name
        journal.renew(incarnation, after).map_err(failed())?;
    }
    Ok(journal)
}

//! How far an import is, kept in the data folder beside the log that it writes to.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use kit_core::{Position, Timestamp};
use kit_event_store::log_folder::replace_durably;
use kit_event_store::{Incarnation, LogMark, LostEvents};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::account::{CHANGES_MAX, FieldChange, WARNED_LINES_MAX};
use super::deterministic_ids::Part;
use super::kind::Kind;

/// How many of something, by its kind.
pub(super) type Counts = BTreeMap<String, u64>;

/// The state of an import; everything in the log up to `position` is accounted for in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct State {
    /// Where the file was when the import was begun.
    pub(super) file: String,
    /// What the file is known by: the SHA-256 of its bytes.
    pub(super) sha256: String,
    /// What decides what its lines stand for; a file is imported with the same ones from beginning to end.
    pub(super) options: String,
    /// What decides how its lines are read; as above, but what was rejected may be read in another way later.
    pub(super) reading: String,
    /// Whether lines that were imported before are booked once more.
    pub(super) again: bool,
    /// The number of the import of the same file whose rejected lines this one tries again; 0 when there is none.
    pub(super) retried: usize,
    /// When it was begun, which its ids are made from.
    pub(super) begun_at: Timestamp,
    /// The log that it stands on, by the id of its incarnation; `None` where it was not known yet.
    #[serde(default)]
    pub(super) log: Option<Uuid>,
    /// Whether it begins anew because the log is another one than it stood on.
    #[serde(skip)]
    pub(super) begins_anew: bool,
    /// The part that it is in.
    pub(super) part: Part,
    /// The last line of that part that is dealt with, together with all lines before it.
    pub(super) through_line: u64,
    /// Where the log ended before any line after that was sent.
    pub(super) position: u64,
    /// Lines dealt with.
    pub(super) tally: Tally,
    /// Bytes of the file of rejected lines that belong to these.
    pub(super) rejected_bytes: u64,
    /// Whether all of the file is dealt with.
    pub(super) done: bool,
}

/// What became of the lines of a file, in all runs together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tally {
    /// Lines read.
    pub(super) lines: u64,
    /// Lines whose change is in the log.
    pub(super) applied: u64,
    /// Rejected lines by kind of trouble.
    pub(super) rejected: Counts,
    /// Fields that were left out of lines that were taken, by what they have.
    pub(super) dropped: Counts,
    /// Lines that were taken without a field.
    #[serde(default)]
    pub(super) warned: u64,
    /// The numbers of the first lines of each of those.
    #[serde(default)]
    pub(super) warned_lines: BTreeMap<String, Vec<u64>>,
    /// Lines that change an entry of the catalogue.
    #[serde(skip)]
    pub(super) changed: u64,
    /// What they change.
    #[serde(skip)]
    pub(super) changes: Vec<FieldChange>,
    /// Stock levels that received what the sales need.
    pub(super) received: u64,
    /// Stock levels that could not.
    pub(super) not_received: u64,
}

impl State {
    /// The state as it counts on a log. On another one than its own no line is dealt with for sure: those that are in that
    /// log are found there by their ids, which stay the same.
    fn on(self, log: Option<Incarnation>, kind: Kind) -> Self {
        let log = log.map(Incarnation::as_uuid);
        if self.log.is_none() || self.log == log {
            return self;
        }
        Self {
            log,
            begins_anew: true,
            part: kind.first,
            through_line: 0,
            position: 0,
            tally: Tally::default(),
            rejected_bytes: 0,
            done: false,
            ..self
        }
    }
}

impl Tally {
    /// Rejected lines.
    pub(super) fn rejected(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// A line changes these fields of an entry: the column, what it had, and what it has.
    pub(super) fn change(
        &mut self,
        line: u64,
        code: &str,
        fields: Vec<(&'static str, String, String)>,
    ) {
        self.changed += 1;
        let room = CHANGES_MAX.saturating_sub(self.changes.len());
        let fields = fields.into_iter().take(room);
        self.changes.extend(fields.map(|(field, before, after)| FieldChange {
            line,
            code: code.to_owned(),
            field,
            before,
            after,
        }));
    }

    /// A line was taken without these fields.
    pub(super) fn warn(&mut self, line: u64, dropped: &[&'static str]) {
        self.warned += u64::from(!dropped.is_empty());
        for what in dropped {
            Self::count(&mut self.dropped, what);
            let lines = self.warned_lines.entry((*what).to_owned()).or_default();
            if lines.len() < WARNED_LINES_MAX {
                lines.push(line);
            }
        }
    }

    /// Counts one more.
    pub(super) fn count(counts: &mut Counts, kind: &str) {
        match counts.get_mut(kind) {
            Some(count) => *count += 1,
            None => drop(counts.insert(kind.to_owned(), 1)),
        }
    }
}

/// Where the states of imports are kept.
#[derive(Clone, Debug)]
pub struct CheckpointFolder {
    /// The folder; made when it is not there.
    pub folder: PathBuf,
    /// What the log that is written to is called, such as `sqlite`: a data folder may have several.
    pub log: String,
    /// Which log that is; `None` for a new one.
    pub incarnation: Option<Incarnation>,
}

/// The file of an import's state.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    path: PathBuf,
    /// Which of the imports of a file with these bytes it is, counted from 1.
    pub(super) number: usize,
}

impl CheckpointFolder {
    /// The place for the state of the import with a number, of a file of some kind.
    pub(super) fn checkpoint(
        &self,
        kind: Kind,
        sha256: &str,
        number: usize,
    ) -> anyhow::Result<Checkpoint> {
        let Self { folder, log, .. } = self;
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot use {}", folder.display()))?;
        let known = sha256.get(..32).unwrap_or(sha256);
        let more = if number > 1 { format!("-{number}") } else { String::new() };
        let name = format!("{}-{known}-{log}{more}.json", kind.name);
        Ok(Checkpoint { path: folder.join(name), number })
    }

    /// The imports of a file that were begun before, the oldest first, as they count on the present log.
    pub(super) fn imports_of(
        &self,
        kind: Kind,
        sha256: &str,
    ) -> anyhow::Result<Vec<(Checkpoint, State)>> {
        let kept = self.kept_of(kind, sha256)?.into_iter();
        Ok(kept.map(|(place, state)| (place, state.on(self.incarnation, kind))).collect())
    }

    /// All imports of whatever files of a kind, as they count on the present log.
    pub(super) fn imports(&self, kind: Kind) -> anyhow::Result<Vec<(Checkpoint, State)>> {
        let kept = self.kept(kind)?.into_iter();
        Ok(kept.map(|(place, state)| (place, state.on(self.incarnation, kind))).collect())
    }

    /// All states of a kind as they are kept; none where nothing was imported.
    pub(super) fn kept(&self, kind: Kind) -> anyhow::Result<Vec<(Checkpoint, State)>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.with_context(|| format!("cannot read {}", self.folder.display()))?,
        };
        let mut files = BTreeSet::new();
        for entry in entries {
            let name = entry?.file_name();
            let known = name.to_str().and_then(|name| {
                let rest = name.strip_prefix(kind.name)?.strip_prefix('-')?;
                let (known, rest) = rest.split_once('-')?;
                rest.strip_prefix(&self.log)?.strip_suffix(".json")?;
                Some(known.to_owned())
            });
            files.extend(known);
        }
        let kept = files.iter().map(|known| self.kept_of(kind, known));
        Ok(kept.collect::<anyhow::Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    fn kept_of(&self, kind: Kind, sha256: &str) -> anyhow::Result<Vec<(Checkpoint, State)>> {
        let mut imports = Vec::new();
        loop {
            let checkpoint = self.checkpoint(kind, sha256, imports.len() + 1)?;
            let Some(state) = checkpoint.load()? else { return Ok(imports) };
            imports.push((checkpoint, state));
        }
    }
}

impl Checkpoint {
    /// The place of the import's ledger of lines.
    pub(super) fn ledger(&self) -> PathBuf {
        self.path.with_extension("lines")
    }

    /// The state that an earlier run left, if there was one.
    fn load(&self) -> anyhow::Result<Option<State>> {
        let text = match std::fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", self.path.display()));
            }
        };
        let state = serde_json::from_slice(&text);
        state.map(Some).with_context(|| format!("{} is damaged", self.path.display()))
    }

    /// Replaces the state, durably and as a whole.
    pub(super) fn save(&self, state: &State) -> anyhow::Result<()> {
        let replaced = replace_durably(&self.path, &serde_json::to_vec_pretty(state)?);
        replaced.with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Whether a state stands on the log with this end. One that is ahead of its own log proves that the log has lost events.
    pub(super) fn stands_on(&self, state: &State, end: LogMark) -> Result<bool, LostEvents> {
        let incarnation = state.log.map_or(end.incarnation, Incarnation::new);
        let position = Position::new(state.position);
        LogMark { incarnation, position }.belongs_to(end, &self.path.display().to_string())
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

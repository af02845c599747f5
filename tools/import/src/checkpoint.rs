//! How far an import is, kept in the data folder beside the log that it writes to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use kit_core::Timestamp;
use serde::{Deserialize, Serialize};

use super::deterministic_ids::Part;

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
    /// Fields that were left out of lines that were taken, by what was wrong with them.
    pub(super) dropped: Counts,
    /// Stock levels that received what the sales need.
    pub(super) received: u64,
    /// Stock levels that could not.
    pub(super) not_received: u64,
}

impl Tally {
    /// Rejected lines.
    pub(super) fn rejected(&self) -> u64 {
        self.rejected.values().sum()
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
}

/// The file of an import's state.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    path: PathBuf,
    /// Which of the imports of a file with these bytes it is, counted from 1.
    pub(super) number: usize,
}

impl CheckpointFolder {
    /// The place for the state of the import with a number, of a file that is imported as `what`.
    pub(super) fn checkpoint(
        &self,
        what: &str,
        sha256: &str,
        number: usize,
    ) -> anyhow::Result<Checkpoint> {
        let Self { folder, log } = self;
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot use {}", folder.display()))?;
        let known = sha256.get(..32).unwrap_or(sha256);
        let more = if number > 1 { format!("-{number}") } else { String::new() };
        Ok(Checkpoint { path: folder.join(format!("{what}-{known}-{log}{more}.json")), number })
    }

    /// The imports of a file that were begun before, the oldest first.
    pub(super) fn imports_of(
        &self,
        what: &str,
        sha256: &str,
    ) -> anyhow::Result<Vec<(Checkpoint, State)>> {
        let mut imports = Vec::new();
        loop {
            let checkpoint = self.checkpoint(what, sha256, imports.len() + 1)?;
            let Some(state) = checkpoint.load()? else { return Ok(imports) };
            imports.push((checkpoint, state));
        }
    }

    /// All imports of whatever files as `what`.
    pub(super) fn imports(&self, what: &str) -> anyhow::Result<Vec<(Checkpoint, State)>> {
        let entries = std::fs::read_dir(&self.folder)
            .with_context(|| format!("cannot read {}", self.folder.display()))?;
        let mut files = BTreeSet::new();
        for entry in entries {
            let name = entry?.file_name();
            let known = name.to_str().and_then(|name| {
                let (known, rest) = name.strip_prefix(what)?.strip_prefix('-')?.split_once('-')?;
                rest.strip_prefix(&self.log)?.strip_suffix(".json")?;
                Some(known.to_owned())
            });
            files.extend(known);
        }
        let imports = files.iter().map(|known| self.imports_of(what, known));
        Ok(imports.collect::<anyhow::Result<Vec<_>>>()?.into_iter().flatten().collect())
    }
}

impl Checkpoint {
    /// The place of the import's ledger of lines.
    pub(super) fn ledger(&self) -> PathBuf {
        self.path.with_extension("lines")
    }

    /// The state that an earlier run left, if there was one.
    pub(super) fn load(&self) -> anyhow::Result<Option<State>> {
        let text = match std::fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", self.path.display()));
            }
        };
        let state = serde_json::from_slice(&text);
        state.map(Some).with_context(|| format!("{} is damaged", self.path.display()))
    }

    /// Replaces the state, durably and as a whole.
    pub(super) fn save(&self, state: &State) -> anyhow::Result<()> {
        let replace = || -> std::io::Result<()> {
            let next = self.path.with_extension("next");
            let mut file = File::create(&next)?;
            file.write_all(&serde_json::to_vec_pretty(state)?)?;
            file.sync_all()?;
            std::fs::rename(&next, &self.path)?;
            File::open(self.path.parent().unwrap_or(Path::new(".")))?.sync_all()
        };
        replace().with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Refuses a state that is ahead of the log's end, `head`.
    pub(super) fn check(&self, state: &State, head: u64) -> anyhow::Result<()> {
        ensure!(
            state.position <= head,
            "{} is ahead of the log, which ends at {head}: it belongs to another log; remove it to begin anew",
            self.path.display()
        );
        Ok(())
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}
